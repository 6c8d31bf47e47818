import type { Database } from 'better-sqlite3'
import { LabError } from '../contract/error.ts'
import { removeBesideNow } from '../files/remove.ts'
import type { Migration } from './migration.ts'
import { migrations } from './migrations/index.ts'

export const latestVersion = migrations.at(-1)!.number

/** Applies the steps that are missing, all in one transaction, after a copy beside the file as lab.db.before-<version>. */
export function migrate(sqlite: Database, path: string, steps: readonly Migration[] = migrations): void {
  const version = sqlite.pragma('user_version', { simple: true }) as number
  const missing = steps.filter(({ number }) => number > version)
  if (missing.length === 0) return
  const target = missing.at(-1)!.number
  if (version > 0) backup(sqlite, path, `.before-${target}`)
  sqlite.transaction(() => {
    for (const step of missing) {
      try {
        step.up(sqlite)
      } catch (cause) {
        throw new LabError(
          'migration-failed',
          `Step ${step.number} (${step.name}) of the update of ${path} failed. The database is as it was before; ` +
            `please report this with the cause.`,
          { cause, details: { step: step.number } }
        )
      }
    }
    sqlite.pragma(`user_version = ${target}`)
  })()
  // What was rewritten is not to be found in left-over pages.
  if (version > 0) sqlite.exec('vacuum')
}

function backup(sqlite: Database, path: string, ending: string): void {
  removeBesideNow(path, ending)
  sqlite.prepare('vacuum into ?').run(path + ending)
}
