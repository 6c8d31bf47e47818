import { LabError } from '../contract/error.ts'
import { paths, prose, type Portable } from '../files/portable.ts'
import type { Database } from './database.ts'
import type { Row, Schema } from './schema.ts'

type Names = { [N in keyof Schema]: Schema[N] extends { id: string } ? N : never }[keyof Schema]
type Raw = Record<string, unknown>

/**
 * A table whose rows are records with an id: the operations that every such table has. `json` and `boolean` name the
 * columns that are not plain text or numbers, `paths` and `prose` those that may hold
 * paths of the home.
 */
export class RecordTable<T extends { id: string }> {
  protected readonly db: Database
  readonly #name: Names
  readonly #noun: string
  readonly #json: ReadonlySet<string>
  readonly #boolean: ReadonlySet<string>
  readonly #portable: ReadonlyMap<string, Portable>

  constructor(
    db: Database,
    name: Names,
    noun: string,
    columns: Partial<Record<'json' | 'boolean' | 'paths' | 'prose', readonly (keyof T & string)[]>> = {}
  ) {
    this.db = db
    this.#name = name
    this.#noun = noun
    this.#json = new Set(columns.json)
    this.#boolean = new Set(columns.boolean)
    this.#portable = new Map([
      ...(columns.paths ?? []).map((column) => [column, paths] as const),
      ...(columns.prose ?? []).map((column) => [column, prose] as const)
    ])
  }

  find(id: string): T | undefined {
    const row = this.db.first(this.db.query.selectFrom(this.#name).selectAll().where('id', '=', id))
    return row === undefined ? undefined : this.decode(row)
  }

  /** Throws `not-found`. */
  get(id: string): T {
    const record = this.find(id)
    if (record === undefined) {
      throw new LabError('not-found', `There is no ${this.#noun} with id "${id}". It may have been deleted.`, {
        details: { what: this.#noun, id }
      })
    }
    return record
  }

  /** In the order of ids, which is that of creation where they come from `newId`. */
  list(): T[] {
    return this.decodeAll(this.db.all(this.db.byName.selectFrom(this.#name).selectAll().orderBy('id')))
  }

  insert(record: T): T {
    this.db.run(this.db.query.insertInto(this.#name).values(this.encode(record)))
    return record
  }

  /** Changes some fields and returns the whole record. Throws `not-found`. */
  update(id: string, changes: Partial<Omit<T, 'id'>>): T {
    const values = this.encode(changes)
    if (Object.keys(values).length > 0) {
      this.db.run(
        this.db.byName
          .updateTable(this.#name)
          .set({ ...values })
          .where('id', '=', id)
      )
    }
    return this.get(id)
  }

  /** Returns whether there was such a record. */
  remove(id: string): boolean {
    return this.db.run(this.db.byName.deleteFrom(this.#name).where('id', '=', id)) > 0
  }

  protected decode(row: unknown): T {
    const record: Raw = { ...(row as Raw) }
    for (const name of this.#json) {
      const text = record[name]
      if (typeof text === 'string') record[name] = JSON.parse(text)
    }
    for (const name of this.#boolean) record[name] = record[name] === 1
    for (const [name, portable] of this.#portable) record[name] = portable.unpack(record[name], this.db.home)
    return record as unknown as T
  }

  protected decodeAll(rows: readonly unknown[]): T[] {
    return rows.map((row) => this.decode(row))
  }

  protected encode(record: object): Row<T> {
    const row: Raw = {}
    for (const [name, given] of Object.entries(record) as [string, unknown][]) {
      if (given === undefined) continue
      const value = this.#portable.get(name)?.pack(given, this.db.home) ?? given
      if (this.#json.has(name)) row[name] = value === null ? null : JSON.stringify(value)
      else if (this.#boolean.has(name)) row[name] = value === true ? 1 : 0
      else row[name] = value
    }
    return row as unknown as Row<T>
  }
}
