import type { Draft } from '../contract/drafts.ts'
import { prose } from '../files/portable.ts'
import type { Database } from './database.ts'

/** Half-filled forms. One of another version of the lab may not fit this version's forms: it is not given out. */
export class Drafts {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  list(version: string): Draft[] {
    const query = this.#db.query.selectFrom('drafts').select(['name', 'text']).where('version', '=', version)
    return prose.unpack(this.#db.all(query), this.#db.home)
  }

  /** Null forgets it. */
  keep(name: string, version: string, text: string | null): void {
    const { query } = this.#db
    if (text === null) {
      this.#db.run(query.deleteFrom('drafts').where('name', '=', name))
      return
    }
    const row = { version, text: prose.pack(text, this.#db.home) }
    this.#db.run(
      query
        .insertInto('drafts')
        .values({ name, ...row })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    )
  }
}
