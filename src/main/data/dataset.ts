import Database from 'better-sqlite3'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { DatasetKind, Example, Histogram, TaskSummary } from '../contract/data.ts'
import type { RejectedLine } from '../contract/import.ts'
import type { DatasetFile } from '../contract/dataset-file.ts'
import { LabError, messageOf } from '../contract/error.ts'
import { Bm25 } from './bm25.ts'
import { datasetFormat, type ExampleRow } from './dataset-tables.ts'
import { anyOf, groupTerm, searchTerms, taskTerm } from './full-text.ts'
import { lengthHistogram } from './lengths.ts'

/**
 * Opens a sealed dataset, read-only: `path` is its `examples.db`, or the folder that holds it.
 * Throws dataset-missing, dataset-corrupt or dataset-newer.
 */
export function openDataset(path: string): DatasetFile {
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, 'examples.db') : path
  if (!existsSync(file))
    throw new LabError('dataset-missing', `There is no dataset at ${file}. Import the data again.`, {
      details: { path: file }
    })
  let db: Database.Database | null = null
  try {
    db = new Database(file, { readonly: true, fileMustExist: true })
    const meta = readMeta(db)
    return new SealedDataset(file, db, meta)
  } catch (thrown) {
    db?.close()
    if (thrown instanceof LabError) throw thrown
    throw new LabError(
      'dataset-corrupt',
      `The file ${file} is not a dataset of this lab, or it is damaged. Delete the dataset and import the data again.`,
      { cause: thrown, details: { path: file, reason: messageOf(thrown) } }
    )
  }
}

interface SearchOptions {
  task?: string
  group?: string
  limit: number
  offset: number
}

interface Meta {
  name: string
  kind: DatasetKind
  contentHash: string
  examples: number
  duplicates: number
  sourceItems: number
  rejected: number
}

const rowsPerRead = 1000
/** Where more than this share of the rows match, going through the words' rows is faster than FTS5's ranking. */
const largestFullTextRanking = 0.2
const exampleColumns = `e.id, e.task, e.template, e.source_id, e.outputs, coalesce(e.choices, c.choices) AS choices, e.input, s.item
   FROM examples e JOIN source_items s ON s.id = e.id
   LEFT JOIN template_choices c ON c.task = e.task AND c.template = e.template`

class SealedDataset implements DatasetFile {
  readonly path: string
  readonly kind: DatasetKind
  readonly contentHash: string
  readonly count: number
  readonly #db: Database.Database
  readonly #one: Database.Statement<[number], ExampleRow>
  readonly #range: Database.Statement<[number, number], ExampleRow>
  readonly #taskNames: string[]
  readonly #groupNames: string[]
  readonly #groupOfTask: number[]
  readonly #templateNames: string[]
  #ranking: Bm25 | null = null

  constructor(path: string, db: Database.Database, meta: Meta) {
    this.path = path
    this.kind = meta.kind
    this.contentHash = meta.contentHash
    this.count = meta.examples
    this.#db = db
    this.#one = db.prepare(`SELECT ${exampleColumns} WHERE e.id = ?`)
    this.#range = db.prepare(`SELECT ${exampleColumns} WHERE e.id >= ? AND e.id < ? ORDER BY e.id`)
    this.#taskNames = names(db, 'tasks')
    this.#groupNames = names(db, 'groups')
    this.#templateNames = names(db, 'templates')
    this.#groupOfTask = db.prepare<[], number>('SELECT grp FROM tasks ORDER BY id').pluck().all()
  }

  get(id: number): Example {
    const row = this.#one.get(id)
    if (!row)
      throw new LabError('no-such-example', `The dataset has examples 1 to ${this.count}, but ${id} was asked for.`, {
        details: { id, count: this.count, path: this.path }
      })
    return this.#example(row)
  }

  getMany(ids: readonly number[]): Example[] {
    return ids.map((id) => this.get(id))
  }

  *iterate(from = 1, to = this.count + 1): IterableIterator<Example> {
    // Whole blocks are read at once: an open cursor would block every other statement of the connection.
    const end = Math.min(to, this.count + 1)
    for (let start = Math.max(1, from); start < end; start += rowsPerRead)
      for (const row of this.#range.all(start, Math.min(end, start + rowsPerRead))) yield this.#example(row)
  }

  tasks(): TaskSummary[] {
    const rows = this.#db
      .prepare<
        [],
        {
          name: string
          grp: number
          examples: number
          templates: number
          input_characters: number
          output_characters: number
        }
      >('SELECT * FROM tasks ORDER BY name')
      .all()
    return rows.map((row) => ({
      task: row.name,
      group: this.#groupNames[row.grp]!,
      examples: row.examples,
      templates: row.templates,
      inputLength: row.input_characters / Math.max(1, row.examples),
      outputLength: row.output_characters / Math.max(1, row.examples)
    }))
  }

  labels(): { tasks: string[]; groups: string[]; taskOf: Uint16Array; groupOf: Uint16Array } {
    const bytes = this.#db.prepare<[], Buffer>("SELECT data FROM labels WHERE name = 'task'").pluck().get()!
    const taskOf = new Uint16Array(bytes.byteLength / 2)
    new Uint8Array(taskOf.buffer).set(bytes)
    const groupOf = taskOf.map((task) => this.#groupOfTask[task] ?? 0)
    return { tasks: [...this.#taskNames], groups: [...this.#groupNames], taskOf, groupOf }
  }

  search(text: string, options: SearchOptions): { total: number; examples: Example[] } {
    const terms = searchTerms(text)
    const label = this.#labelTerms(options)
    if (label === null || (terms.length === 0 && text.trim() !== '')) return { total: 0, examples: [] }
    if (terms.length === 0 && label.length === 0) {
      const first = options.offset + 1
      return { total: this.count, examples: [...this.iterate(first, first + options.limit)] }
    }
    const words = terms.length > 0 ? [`{input outputs} : (${anyOf(terms)})`] : []
    const query = [...words, ...label.map((term) => `label : "${term}"`)].join(' AND ')
    const total = this.#db
      .prepare<[string], number>('SELECT count(*) FROM examples_fts WHERE examples_fts MATCH ?')
      .pluck()
      .get(query)!
    const ids =
      terms.length > 0 && total > largestFullTextRanking * this.count
        ? this.#ranked(text, options)
        : this.#db
            .prepare<[string, number, number], number>(
              `SELECT rowid FROM examples_fts WHERE examples_fts MATCH ?
               ORDER BY ${terms.length > 0 ? 'rank' : 'rowid'} LIMIT ? OFFSET ?`
            )
            .pluck()
            .all(query, options.limit, options.offset)
    return { total, examples: this.getMany(ids) }
  }

  bm25(text: string, limit: number, allowed: Uint8Array | null = null): { id: number; score: number }[] {
    return this.#bm25().rank(text, limit, 'inputs', allowed)
  }

  lengths(field: 'input' | 'output', task?: string): Histogram {
    const taskId = task === undefined ? null : this.#taskNames.indexOf(task)
    const rows = this.#db
      .prepare<[string, number | null, number | null], { bucket: number; count: number }>(
        'SELECT bucket, sum(count) AS count FROM lengths WHERE field = ? AND (? IS NULL OR task = ?) GROUP BY bucket'
      )
      .all(field, taskId, taskId)
    return lengthHistogram(new Map(rows.map((row) => [row.bucket, row.count])))
  }

  rejected(): RejectedLine[] {
    return this.#db
      .prepare<[], RejectedLine>('SELECT file, line, field, expected, text FROM rejected ORDER BY id')
      .all()
  }

  close(): void {
    this.#db.close()
  }

  /** What full-text search would find, for words that so many rows have that FTS5 needs a second to rank them. */
  #ranked(text: string, { task, group, limit, offset }: SearchOptions): number[] {
    const { tasks, groups, taskOf, groupOf } = this.labels()
    const [onlyTask, onlyGroup] = [task && tasks.indexOf(task), group && groups.indexOf(group)]
    const allowed = new Uint8Array(this.count)
    for (let id = 1; id <= this.count; id++)
      if ((onlyTask ?? taskOf[id]) === taskOf[id] && (onlyGroup ?? groupOf[id]) === groupOf[id]) allowed[id - 1] = 1
    const best = this.#bm25().rank(text, offset + limit, 'texts', allowed)
    return best.slice(offset).map(({ id }) => id)
  }

  #bm25(): Bm25 {
    return (this.#ranking ??= new Bm25(this.#db, this.count))
  }

  #labelTerms(options: { task?: string; group?: string }): string[] | null {
    const terms: string[] = []
    for (const [name, list, term] of [
      [options.task, this.#taskNames, taskTerm],
      [options.group, this.#groupNames, groupTerm]
    ] as const) {
      if (name === undefined) continue
      const index = list.indexOf(name)
      if (index < 0) return null
      terms.push(term(index))
    }
    return terms
  }

  #example(row: ExampleRow): Example {
    return {
      id: row.id,
      input: row.input,
      outputs: JSON.parse(row.outputs) as string[],
      task: this.#taskNames[row.task]!,
      template: this.#templateNames[row.template]!,
      group: this.#groupNames[this.#groupOfTask[row.task]!]!,
      sourceId: row.source_id,
      sourceItem: row.item,
      choices: row.choices === null ? null : (JSON.parse(row.choices) as string[])
    }
  }
}

function names(db: Database.Database, table: 'tasks' | 'groups' | 'templates'): string[] {
  return db.prepare<[], string>(`SELECT name FROM ${table} ORDER BY id`).pluck().all()
}

function readMeta(db: Database.Database): Meta {
  const rows = db.prepare<[], { key: string; value: string }>('SELECT key, value FROM meta').all()
  const meta = new Map(rows.map((row) => [row.key, row.value]))
  const format = Number(meta.get('format'))
  if (!Number.isInteger(format)) throw new Error('the file was never sealed')
  if (format > datasetFormat)
    throw new LabError(
      'dataset-newer',
      `The dataset "${meta.get('name')}" was written by a newer lab (file format ${format}, this one reads up to ` +
        `${datasetFormat}). Update the lab, or import the data again.`
    )
  const number = (key: string): number => Number(meta.get(key))
  return {
    name: meta.get('name') ?? '',
    kind: meta.get('kind') as DatasetKind,
    contentHash: meta.get('contentHash') ?? '',
    examples: number('examples'),
    duplicates: number('duplicates'),
    sourceItems: number('sourceItems'),
    rejected: number('rejected')
  }
}
