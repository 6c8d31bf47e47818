import type { Database } from 'better-sqlite3'

/** One numbered step. Once released it is never changed; a mistake is mended by the next one. */
export interface Migration {
  readonly number: number
  readonly name: string
  up(sqlite: Database): void
}
