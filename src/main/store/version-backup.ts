import type { Database } from 'better-sqlite3'
import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { removeBesideNow } from '../files/remove.ts'

const key = 'openedBy'
/** Older copies go: each is as large as lab.db. */
const mostCopies = 2

/**
 * Copies lab.db beside itself as `lab.db.before-v<version>` when another version of the lab opens the home than did last, before
 * anything in it is changed. Data, models and results are never rewritten by a new version, and need no copy.
 */
export function backUpForVersion(sqlite: Database, path: string, version: string): void {
  const known = sqlite.prepare("select 1 from sqlite_master where type = 'table' and name = 'settings'").get()
  if (known === undefined) return
  const row = sqlite.prepare('select value from settings where key = ?').get(key) as { value: string } | undefined
  const last = row === undefined ? null : String(JSON.parse(row.value))
  if (last === null || last === version) return
  const ending = `.before-v${version.replace(/[^\w.-]/g, '_')}`
  removeBesideNow(path, ending)
  sqlite.prepare('vacuum into ?').run(path + ending)
  for (const old of copies(path).slice(mostCopies)) removeBesideNow(path, old)
}

/** Says in the home which version has opened it. */
export function noteVersion(sqlite: Database, version: string): void {
  sqlite
    .prepare('insert into settings (key, value) values (?, ?) on conflict (key) do update set value = excluded.value')
    .run(key, JSON.stringify(version))
}

/** Endings of the copies, newest first. */
function copies(path: string): string[] {
  const name = basename(path)
  return readdirSync(dirname(path))
    .filter((file) => file.startsWith(`${name}.before-v`))
    .map((file) => ({ ending: file.slice(name.length), at: statSync(join(dirname(path), file)).mtimeMs }))
    .sort((a, b) => b.at - a.at)
    .map(({ ending }) => ending)
}
