import type { Database } from 'better-sqlite3'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { writeWholeNow } from '../../files/durable.ts'
import { paths, prose } from '../../files/portable.ts'
import type { Migration } from '../migration.ts'

/**
 * Paths of the home are kept without the home (files/portable.ts). Until now they were absolute, so that a copied home
 * worked in the folders of its original. Also the paths of homes that were moved before are found: every job's folder
 * lay in the home of its time.
 */
export const portablePaths: Migration = {
  number: 4,
  name: 'paths without the home',
  up: (sqlite) => {
    const home = dirname(resolve(sqlite.name))
    const homes = [...new Set([home, ...homesOfJobs(sqlite)])]
    packJobs(sqlite, homes)
    packColumn(sqlite, 'job_log', 'seq', 'text', (text) => prose.pack(text, ...homes))
    packColumn(sqlite, 'drafts', 'name', 'text', (text) => prose.pack(text, ...homes))
    for (const table of ['datasets', 'models'])
      packColumn(sqlite, table, 'id', 'source', (source) => paths.pack(source, ...homes))
    packRuns(home, homes)
  }
}

/** What is before the last of a home's own folders in a path is the home. */
const inHome = /^(.+)[/\\](?:datasets|models|indices|runs|downloads|scratch)[/\\][^/\\]+$/

function homesOfJobs(sqlite: Database): string[] {
  const folders = sqlite.prepare('select distinct folder from jobs').pluck().all() as string[]
  return folders.flatMap((folder) => inHome.exec(folder)?.[1] ?? [])
}

function packJobs(sqlite: Database, homes: readonly string[]): void {
  const update = sqlite.prepare('update jobs set folder = ?, input = ?, output = ?, error = ? where seq = ?')
  const rows = sqlite.prepare('select seq, folder, input, output, error from jobs').all() as Record<string, unknown>[]
  for (const { seq, folder, input, output, error } of rows)
    update.run(
      paths.pack(folder, ...homes),
      inJson(input, (value) => paths.pack(value, ...homes)),
      inJson(output, (value) => paths.pack(value, ...homes)),
      inJson(error, (value) => prose.pack(value, ...homes)),
      seq
    )
}

function inJson(text: unknown, change: (value: unknown) => unknown): unknown {
  return typeof text === 'string' ? JSON.stringify(change(JSON.parse(text))) : text
}

function packColumn(
  sqlite: Database,
  table: string,
  key: string,
  column: string,
  change: (text: string) => string
): void {
  const update = sqlite.prepare(`update ${table} set ${column} = ? where ${key} = ?`)
  const rows = sqlite.prepare(`select ${key} as key, ${column} as text from ${table}`).all() as {
    key: string | number
    text: string
  }[]
  for (const { key: which, text } of rows) {
    const packed = change(text)
    if (packed !== text) update.run(packed, which)
  }
}

/** What runs were asked for lies in their folders; a damaged file stays as it is, and says so when it is needed. */
function packRuns(home: string, homes: readonly string[]): void {
  for (const run of namesIn(join(home, 'runs'))) {
    const path = join(home, 'runs', run, 'run.json')
    let input: unknown
    try {
      input = JSON.parse(readFileSync(path, 'utf8'))
    } catch {
      continue
    }
    const own = (input as { model?: { folder?: unknown } } | null)?.model?.folder
    const before = typeof own === 'string' ? (inHome.exec(own)?.slice(1) ?? []) : []
    writeWholeNow(path, `${JSON.stringify(paths.pack(input, ...homes, ...before))}\n`)
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
