import type { Database } from './database.ts'

const key = 'cleanedAt'

/** When the home was last cleaned by itself. */
export class Cleanings {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  last(): string | null {
    const row = this.#db.first(this.#db.query.selectFrom('settings').select('value').where('key', '=', key))
    const value: unknown = row === undefined ? null : JSON.parse(row.value)
    return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : null
  }

  done(when = new Date()): void {
    const row = { key, value: JSON.stringify(when.toISOString()) }
    this.#db.run(
      this.#db.query
        .insertInto('settings')
        .values(row)
        .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
    )
  }
}
