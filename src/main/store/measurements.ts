import type { Database } from './database.ts'

/** What was measured of this computer, under the circumstances that it hangs on: processor, threads, version. */
export class Measurements {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  /** Null where it was never measured under these circumstances. */
  get(name: string, circumstances: string): number | null {
    const query = this.#db.query.selectFrom('measurements').select('value')
    const row = this.#db.first(query.where('name', '=', name).where('circumstances', '=', circumstances))
    return row?.value ?? null
  }

  keep(name: string, circumstances: string, value: number): void {
    this.#db.run(
      this.#db.query
        .insertInto('measurements')
        .values({ name, circumstances, value })
        .onConflict((conflict) => conflict.columns(['name', 'circumstances']).doUpdateSet({ value }))
    )
  }
}
