import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import Sqlite from 'better-sqlite3'
import {
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Compilable,
  type CompiledQuery,
  type Dialect
} from 'kysely'
import { LabError } from '../contract/error.ts'
import { asDiskError } from '../files/disk-error.ts'
import { latestVersion, migrate } from './migrate.ts'
import type { Schema } from './schema.ts'
import { backUpForVersion, noteVersion } from './version-backup.ts'

/** Queries are only written here; better-sqlite3 runs them. */
const dialect: Dialect = {
  createAdapter: () => new SqliteAdapter(),
  createDriver: () => new DummyDriver(),
  createIntrospector: (kysely) => new SqliteIntrospector(kysely),
  createQueryCompiler: () => new SqliteQueryCompiler()
}

/**
 * lab.db. Queries are built with Kysely's types and run synchronously by better-sqlite3: between two awaits nothing
 * else touches the database, so a read and the write that depends on it need no locks.
 */
export class Database {
  /** The folder that the file lies in: the home, whose paths are kept without it. */
  readonly home: string
  readonly #path: string
  readonly #sqlite: Sqlite.Database
  readonly #statements = new Map<string, Sqlite.Statement>()
  readonly query = new Kysely<Schema>({ dialect })
  /** For tables and columns that are known by name alone, where the schema's types have nothing to check. */
  readonly byName = new Kysely<Record<string, Record<string, unknown>>>({ dialect })

  /**
   * Opens or creates the file and brings it to this version. `version` is that of the lab: where another one was here last,
   * the file is copied first. Throws `database-too-new` and touches nothing if it is newer.
   */
  constructor(path: string, version?: string) {
    refuseNewer(path)
    this.home = dirname(resolve(path))
    this.#path = path
    this.#sqlite = new Sqlite(path, { timeout: 5000 })
    try {
      this.#sqlite.pragma('journal_mode = WAL')
      this.#sqlite.pragma('synchronous = NORMAL')
      this.#sqlite.pragma('foreign_keys = ON')
      if (version !== undefined) backUpForVersion(this.#sqlite, path, version)
      migrate(this.#sqlite, path)
      if (version !== undefined) noteVersion(this.#sqlite, version)
    } catch (error) {
      this.#sqlite.close()
      throw error
    }
  }

  all<T>(query: Compilable<T>): T[] {
    const { sql, parameters } = query.compile()
    return this.#prepare(sql).all(...parameters) as T[]
  }

  first<T>(query: Compilable<T>): T | undefined {
    const { sql, parameters } = query.compile()
    return this.#prepare(sql).get(...parameters) as T | undefined
  }

  /** Runs a write and returns how many rows it touched. */
  run(query: Compilable): number {
    const { sql, parameters }: CompiledQuery = query.compile()
    return this.#writing(() => this.#prepare(sql).run(...parameters).changes)
  }

  /** All or nothing. `work` must not await. */
  transaction<T>(work: () => T): T {
    this.#refuseClosed()
    return this.#writing(() => this.#sqlite.transaction(work).immediate())
  }

  /** Throws what `files/disk-error.ts` makes of a disk that takes no writes. */
  #writing<T>(work: () => T): T {
    try {
      return work()
    } catch (thrown) {
      throw asDiskError(thrown, this.#path)
    }
  }

  /** Whether it may still be asked. */
  get open(): boolean {
    return this.#sqlite.open
  }

  get version(): string {
    return this.#sqlite.prepare('select sqlite_version()').pluck().get() as string
  }

  /** Gives the room of deleted rows back to the disk. */
  compact(): void {
    this.#refuseClosed()
    this.#writing(() => this.#sqlite.exec('vacuum'))
  }

  close(): void {
    this.#statements.clear()
    this.#sqlite.close()
  }

  #refuseClosed(): void {
    if (!this.#sqlite.open) throw new LabError('lab-closed', 'The lab was closed. Start it again to go on.')
  }

  #prepare(sql: string): Sqlite.Statement {
    this.#refuseClosed()
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      // Queries with lists differ in length; the cache must not grow with every length.
      if (this.#statements.size >= 500) this.#statements.clear()
      statement = this.#sqlite.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }
}

function refuseNewer(path: string): void {
  if (!existsSync(path)) return
  let version: number
  try {
    const sqlite = new Sqlite(path, { readonly: true })
    try {
      version = sqlite.pragma('user_version', { simple: true }) as number
    } finally {
      sqlite.close()
    }
  } catch (cause) {
    throw new LabError(
      'database-unreadable',
      `${path} cannot be read as an SQLite database. Put back a backup (lab.db.before-*), or move the file away to start afresh.`,
      { cause, details: { path } }
    )
  }
  if (version > latestVersion) {
    throw new LabError(
      'database-too-new',
      `${path} was written by a newer ReCross Lab (database version ${version}; this one knows ${latestVersion}). ` +
        `Update ReCross Lab, or use another home folder. Nothing was changed.`,
      { details: { path, version, known: latestVersion } }
    )
  }
}
