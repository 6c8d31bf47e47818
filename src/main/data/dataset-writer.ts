import Database from 'better-sqlite3'
import { createHash } from 'node:crypto'
import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatasetKind } from '../contract/data.ts'
import type { RejectedLine } from '../contract/import.ts'
import { LabError } from '../contract/error.ts'
import { moveIntoPlaceNow, syncNow } from '../files/durable.ts'
import { removeBesideNow } from '../files/remove.ts'
import { RowsHash, textsDigest } from './content-check.ts'
import { datasetFormat, datasetTables, ungrouped } from './dataset-tables.ts'
import { buildFullText } from './full-text.ts'
import { KeyTable } from './key-table.ts'
import { LabelWords } from './label-words.ts'
import { lengthBucket } from './lengths.ts'
import type { SealProgress } from './seal-progress.ts'
import { SourceItemFinder } from './source-items.ts'

/** An example on its way into a dataset. Its id is its position, from 1. */
export interface NewExample {
  input: string
  outputs: readonly string[]
  task: string
  template?: string
  group?: string
  sourceId?: string
  choices?: readonly string[] | null
}

export interface DatasetSummary {
  contentHash: string
  examples: number
  tasks: number
  groups: number
  /** Rows whose input and outputs are those of an earlier row. */
  duplicates: number
  rejected: number
  sourceItems: number
  bytes: number
}

const rowsPerTransaction = 5000

interface TaskState {
  id: number
  group: number
  examples: number
  templates: Set<number>
  inputCharacters: number
  outputCharacters: number
  inputLengths: Map<number, number>
  outputLengths: Map<number, number>
}

/**
 * Writes a dataset file. Everything goes into `<path>.partial`; `seal` makes it durable and renames it, so a killed
 * import leaves no dataset. Memory: about 40 bytes an example.
 */
export class DatasetWriter {
  readonly path: string
  readonly #db: Database.Database
  readonly #insert: Database.Statement
  readonly #insertDuplicate: Database.Statement
  readonly #insertRejected: Database.Statement
  readonly #contentHash = createHash('sha256')
  readonly #rowsHash = new RowsHash()
  readonly #seen = new KeyTable(1 << 16)
  readonly #tasks = new Map<string, TaskState>()
  readonly #templates = new Map<string, number>()
  readonly #groups = new Map<string, number>()
  /** Targets are evaluated, so their answer choices matter; upstream rows are only tuned on. */
  readonly #labelWords: LabelWords | null
  #taskOf = new Uint16Array(1 << 16)
  #count = 0
  #duplicates = 0
  #rejected = 0

  constructor(path: string, about: { name: string; kind: DatasetKind }) {
    this.path = path
    mkdirSync(dirname(path), { recursive: true })
    removePartial(path)
    this.#db = new Database(`${path}.partial`)
    // A partial file is never read again after a crash, so it needs neither journal nor syncs before the last one.
    this.#db.pragma('page_size = 8192')
    // The driver's defensive mode would keep the journal, without a word.
    this.#db.unsafeMode(true).pragma('journal_mode = OFF')
    this.#db.unsafeMode(false)
    this.#db.pragma('synchronous = OFF')
    this.#db.pragma('cache_size = -16000')
    this.#db.exec(datasetTables)
    this.#labelWords = about.kind === 'target' ? new LabelWords() : null
    this.#setMeta('name', about.name)
    this.#setMeta('kind', about.kind)
    this.#insert = this.#db.prepare(
      'INSERT INTO examples(id, task, template, source_id, outputs, choices, input) VALUES (?, ?, ?, ?, ?, ?, ?)'
    )
    this.#insertDuplicate = this.#db.prepare('INSERT INTO duplicates(id, of) VALUES (?, ?)')
    this.#insertRejected = this.#db.prepare(
      'INSERT INTO rejected(file, line, field, expected, text) VALUES (?, ?, ?, ?, ?)'
    )
    this.#db.exec('BEGIN')
  }

  get count(): number {
    return this.#count
  }

  get rejectedCount(): number {
    return this.#rejected
  }

  /** Appends an example and returns its id. Lone surrogates, which no encoding can hold, become U+FFFD. */
  add(example: NewExample): number {
    const id = ++this.#count
    const input = example.input.toWellFormed()
    const outputs = JSON.stringify(example.outputs.map((text) => text.toWellFormed()))
    const sourceId = (example.sourceId ?? '').toWellFormed()
    const template = example.template ?? ''
    const choices = example.choices ? JSON.stringify(example.choices.map((text) => text.toWellFormed())) : null
    const task = this.#task(example.task, example.group)
    const templateId = numberOf(this.#templates, template)
    this.#insert.run(id, task.id, templateId, sourceId, outputs, choices, input)
    if (choices === null) this.#labelWords?.add(task.id, templateId, example.outputs[0] ?? '')
    this.#describe(task, id, templateId, [input.length, (example.outputs[0] ?? '').length])
    this.#digest(id, input, outputs, [example.task, template, example.group ?? '', sourceId, choices ?? ''])
    if (id % rowsPerTransaction === 0) this.#db.exec('COMMIT; BEGIN')
    return id
  }

  /** Keeps a line that could not be read, for inspection. */
  reject(line: RejectedLine): void {
    this.#rejected++
    this.#insertRejected.run(line.file, line.line, line.field, line.expected, line.text.toWellFormed())
  }

  /** Finishes the file in one go; `sealInSteps` is the same with progress. */
  seal(): DatasetSummary {
    const steps = this.sealInSteps()
    for (;;) {
      const step = steps.next()
      if (step.done) return step.value
    }
  }

  /** Source items, full-text search, figures; then fsync and rename. Each step takes well under a second. */
  *sealInSteps(): Generator<SealProgress, DatasetSummary> {
    this.#db.exec('COMMIT; BEGIN')
    const finder = new SourceItemFinder(this.#count, [...this.#tasks.values()], this.#seen)
    const sourceItems = yield* finder.run(this.#db)
    this.#db.exec('COMMIT')
    this.#writeTasks()
    const groupOf = [...this.#tasks.values()].map((task) => task.group)
    yield* buildFullText(this.#db, this.#count, groupOf)
    const summary = { ...this.#summary(), sourceItems }
    for (const [key, value] of Object.entries(summary)) this.#setMeta(key, String(value))
    this.#setMeta('rowsHash', this.#rowsHash.hex())
    this.#setMeta('format', String(datasetFormat))
    yield { phase: 'saving', done: 0, total: 1 }
    this.#db.close()
    syncNow(`${this.path}.partial`)
    moveIntoPlaceNow(`${this.path}.partial`, this.path)
    return { ...summary, bytes: statSync(this.path).size }
  }

  /** Drops what was written so far. */
  discard(): void {
    this.#db.close()
    removePartial(this.path)
  }

  #task(name: string, group: string | undefined): TaskState {
    const known = this.#tasks.get(name)
    // A task has one group: the first that is named for it.
    if (known && group !== undefined && known.group === this.#groups.get(ungrouped))
      known.group = numberOf(this.#groups, group)
    if (known) return known
    const state: TaskState = {
      id: this.#tasks.size,
      group: numberOf(this.#groups, group ?? ungrouped),
      examples: 0,
      templates: new Set(),
      inputCharacters: 0,
      outputCharacters: 0,
      inputLengths: new Map(),
      outputLengths: new Map()
    }
    if (state.id > 0xffff)
      throw new LabError(
        'too-many-tasks',
        `The data has more than 65,536 different tasks (the newest is "${name.slice(0, 80)}"). ` +
          `Choose a task column with fewer values, or none.`
      )
    this.#tasks.set(name, state)
    return state
  }

  #describe(task: TaskState, id: number, template: number, [input, output]: readonly [number, number]): void {
    if (id >= this.#taskOf.length) {
      const larger = new Uint16Array(this.#taskOf.length * 2)
      larger.set(this.#taskOf)
      this.#taskOf = larger
    }
    this.#taskOf[id] = task.id
    task.examples++
    task.templates.add(template)
    task.inputCharacters += input
    task.outputCharacters += output
    increment(task.inputLengths, lengthBucket(input))
    increment(task.outputLengths, lengthBucket(output))
  }

  #digest(
    id: number,
    input: string,
    outputs: string,
    [task, template, group, sourceId, choices]: [string, string, string, string, string]
  ): void {
    const digest = textsDigest(input, outputs)
    this.#contentHash.update(digest)
    this.#contentHash.update(JSON.stringify([task, template, group, sourceId, choices]))
    this.#rowsHash.add(digest, [task, template, sourceId, choices])
    const first = this.#seen.getOrSet(digest.readUint32LE(0), digest.readUint32LE(4), id)
    if (first === id) return
    this.#duplicates++
    this.#insertDuplicate.run(id, first)
  }

  #writeTasks(): void {
    const db = this.#db
    db.exec('BEGIN')
    const insertNamed = (table: string, names: ReadonlyMap<string, number>): void => {
      const insert = db.prepare(`INSERT INTO ${table}(id, name) VALUES (?, ?)`)
      for (const [name, id] of names) insert.run(id, name)
    }
    insertNamed('groups', this.#groups)
    insertNamed('templates', this.#templates)
    const insertTask = db.prepare('INSERT INTO tasks VALUES (?, ?, ?, ?, ?, ?, ?)')
    const insertLength = db.prepare('INSERT INTO lengths VALUES (?, ?, ?, ?)')
    for (const [name, task] of this.#tasks) {
      const { id, group, examples, templates, inputCharacters, outputCharacters } = task
      insertTask.run(id, name, group, examples, templates.size, inputCharacters, outputCharacters)
      for (const [bucket, count] of task.inputLengths) insertLength.run(id, 'input', bucket, count)
      for (const [bucket, count] of task.outputLengths) insertLength.run(id, 'output', bucket, count)
    }
    const insertChoices = db.prepare('INSERT INTO template_choices VALUES (?, ?, ?)')
    for (const { task, template, choices } of this.#labelWords?.found() ?? [])
      insertChoices.run(task, template, JSON.stringify(choices))
    const taskOf = this.#taskOf.subarray(0, this.#count + 1)
    db.prepare('INSERT INTO labels VALUES (?, ?)').run(
      'task',
      Buffer.from(taskOf.buffer, taskOf.byteOffset, taskOf.byteLength)
    )
    db.exec('COMMIT')
  }

  #summary(): Omit<DatasetSummary, 'bytes' | 'sourceItems'> {
    return {
      contentHash: this.#contentHash.digest('hex'),
      examples: this.#count,
      tasks: this.#tasks.size,
      groups: new Set([...this.#tasks.values()].map((task) => task.group)).size,
      duplicates: this.#duplicates,
      rejected: this.#rejected
    }
  }

  #setMeta(key: string, value: string): void {
    this.#db.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)').run(key, value)
  }
}

function numberOf(names: Map<string, number>, name: string): number {
  const wellFormed = name.toWellFormed()
  const known = names.get(wellFormed)
  if (known !== undefined) return known
  const id = names.size
  names.set(wellFormed, id)
  return id
}

function increment(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function removePartial(path: string): void {
  for (const ending of ['.partial', '.partial-journal']) removeBesideNow(path, ending)
}
