import type { Label, Thing } from '../contract/things.ts'
import type { Database } from './database.ts'

/** What the user has written on things. A thing without a row has nothing written on it. */
export class Labels {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  list(): Label[] {
    return this.#db.all(this.#db.query.selectFrom('labels').selectAll()).map(decoded)
  }

  of({ what, id }: Thing): Label {
    const query = this.#db.query.selectFrom('labels').selectAll().where('what', '=', what).where('id', '=', id)
    const row = this.#db.first(query)
    return row === undefined ? { what, id, name: null, note: null, tags: [], archived: false } : decoded(row)
  }

  save(label: Label): void {
    const row = { ...label, tags: JSON.stringify(label.tags), archived: label.archived ? 1 : 0 }
    const { what: _, id: __, ...changes } = row
    this.#db.run(
      this.#db.query
        .insertInto('labels')
        .values(row)
        .onConflict((conflict) => conflict.columns(['what', 'id']).doUpdateSet(changes))
    )
  }
}

function decoded(row: Omit<Label, 'tags' | 'archived'> & { tags: string; archived: number }): Label {
  return { ...row, tags: JSON.parse(row.tags) as string[], archived: row.archived === 1 }
}
