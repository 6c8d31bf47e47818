import type { Database } from './database.ts'

const cleaned = 'cleanedAt'
const looked = 'lookedAt'

/** When the home was last cleaned by itself, and when it was last looked at for that. */
export class Cleanings {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  last(): string | null {
    return this.#read(cleaned)
  }

  looked(): string | null {
    return this.#read(looked)
  }

  done(when = new Date()): void {
    this.#write(cleaned, when)
  }

  lookedAt(when: Date): void {
    this.#write(looked, when)
  }

  #read(key: string): string | null {
    const row = this.#db.first(this.#db.query.selectFrom('settings').select('value').where('key', '=', key))
    const value: unknown = row === undefined ? null : JSON.parse(row.value)
    return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : null
  }

  #write(key: string, when: Date): void {
    const row = { key, value: JSON.stringify(when.toISOString()) }
    this.#db.run(
      this.#db.query
        .insertInto('settings')
        .values(row)
        .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
    )
  }
}
