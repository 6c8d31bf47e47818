import type Database from 'better-sqlite3'
import { hash } from 'node:crypto'
import type { SealProgress } from './seal-progress.ts'
import { KeyTable } from './key-table.ts'
import { KeptRuns } from './kept-runs.ts'
import { contained, HashCounts, Smallest } from './near-duplicates.ts'
import { Shingler } from './shingles.ts'
import { UnionFind } from './union-find.ts'

/** Few enough that a step's texts are gone before the next comes: a thousand long ones would outlive many. */
const rowsPerStep = 250
/** Of the comparison's time. */
const countingShare = 0.7
/** Words that more rows of a task share than this are its prompt, not its content. */
const mostVariants = 32
const promptShare = 0.03
/** Two rows are variants where this share of the smaller one's own words is in the other, and so many runs of words. */
const variantShare = 0.6
const fewestShared = 3

/** Of long texts a sample of the runs of words is enough; about so many of an average row are looked at. */
const runsPerRow = { usual: 48, large: 16 }
/** Beyond this, less is kept of each row, for the sake of memory. */
const largeRows = 400_000

interface Row {
  id: number
  task: number
  source_id: string
  input: string
}

/** How large a task is: rows, and characters of their inputs. */
export interface TaskSize {
  examples: number
  inputCharacters: number
}

/** What the comparison by text keeps. */
interface Texts {
  counts: HashCounts
  /** How many hashes a row's sketch has at most. */
  sketchSize: number
  /** By task: hashes above this are not looked at. */
  limits: Float64Array
  /** Of each row those at most its task's limit, later its sketch: of the second pass the first has read the texts. */
  kept: KeptRuns
  taskOf: Uint16Array
  /** Row and hash (low and high half) of those runs of words that are in more than one row. */
  shared: BigUint64Array
  halves: Uint32Array
  sharedCount: number
}

/**
 * Finds rows that are prompt variants of one source item, and numbers the items from 1 in `source_items`.
 *
 * Rows share an item where their ids say so (`task|split|template|#n` with the same task, split and n), or where their
 * inputs and tasks are the same. Rows without such ids are compared by text: they share an item where what is left of
 * their inputs without the words of the prompt is nearly the same. The words of a prompt are those runs of three words
 * that many rows of the task share. Memory is 20 bytes a row with ids, about 150 without.
 */
export class SourceItemFinder {
  readonly #tasks: readonly TaskSize[]
  readonly #rows: number
  readonly #sets: UnionFind
  /** Only where rows without ids make them necessary. */
  #texts: Texts | null = null
  readonly #keys: KeyTable
  readonly #shingler = new Shingler()

  /** `keys` is a table that is free to be emptied and used: at its size a second one would count. */
  constructor(rows: number, tasks: readonly TaskSize[], keys: KeyTable) {
    this.#rows = rows
    this.#tasks = tasks
    this.#sets = new UnionFind(rows)
    this.#keys = keys
    keys.clear()
  }

  *run(db: Database.Database): Generator<SealProgress, number> {
    for (const block of this.#blocks(db)) {
      for (const row of block) this.#count(row)
      yield this.#progress(countingShare * block.at(-1)!.id)
    }
    const texts = this.#texts
    if (texts) {
      for (const row of this.#sketches(texts))
        if ((row + 1) % rowsPerStep === 0)
          yield this.#progress(countingShare * this.#rows + (1 - countingShare) * (row + 1))
      this.#joinSimilar(texts)
    }
    return this.#write(db)
  }

  #progress(done: number): SealProgress {
    return { phase: 'source items', done: Math.floor(done), total: this.#rows }
  }

  *#blocks(db: Database.Database): Generator<Row[]> {
    const select = db.prepare<[number, number], Row>(
      'SELECT id, task, source_id, input FROM examples WHERE id >= ? AND id < ? ORDER BY id'
    )
    for (let from = 1; from <= this.#rows; from += rowsPerStep) yield select.all(from, from + rowsPerStep)
  }

  /** First pass: joins equal ids and equal inputs, and counts runs of words of rows without ids. */
  #count(row: Row): void {
    this.#joinByKey(`input ${row.task} ${row.input}`, row.id)
    const key = sourceKey(row.source_id)
    if (key !== null) return this.#joinByKey(`id ${key}`, row.id)
    this.#texts ??= this.#startTexts()
    const { counts, limits, kept, taskOf } = this.#texts
    const limit = limits[row.task]!
    taskOf[row.id - 1] = row.task
    kept.begin(row.id - 1)
    const shingles = this.#shingler.hash(row.input, row.task)
    for (let at = 0; at < shingles.length; at++) {
      const shingle = shingles[at]!
      if (shingle > limit) continue
      counts.add(shingle)
      kept.add(shingle)
    }
  }

  /** Second pass: keeps the smallest hashes of each row's own words. */
  #sketches(texts: Texts): Generator<number> {
    const { counts, halves, kept, taskOf } = texts
    const smallest = new Smallest(texts.sketchSize)
    return kept.narrow((row, runs) => {
      const common = Math.min(mostVariants, Math.max(2, promptShare * this.#tasks[taskOf[row]!]!.examples))
      smallest.clear()
      for (let at = 0; at < runs.length; at++) {
        const shingle = runs[at]!
        // To count one is a look into memory that no cache holds, so those that have no place are passed over first.
        if (smallest.takes(shingle) && counts.get(shingle) <= common) smallest.offer(shingle)
      }
      const sketch = smallest.all()
      for (let at = 0; at < sketch.length; at++) {
        if (counts.get(sketch[at]!) < 2) continue
        halves[texts.sharedCount * 2] = row
        halves[texts.sharedCount * 2 + 1] = sketch[at]!
        texts.sharedCount++
      }
      return sketch
    })
  }

  #startTexts(): Texts {
    const size = this.#rows > largeRows ? 'large' : 'usual'
    const sketchSize = runsPerRow[size] / 2
    // Pages of a fresh array take no memory before they are written to, so the largest size costs nothing.
    const shared = new BigUint64Array(this.#rows * sketchSize)
    return {
      counts: new HashCounts(this.#rows * runsPerRow[size]),
      sketchSize,
      kept: new KeptRuns(this.#rows),
      taskOf: new Uint16Array(this.#rows),
      limits: Float64Array.from(this.#tasks, ({ examples, inputCharacters }) => {
        const words = inputCharacters / Math.max(1, examples) / 6
        return 0xffffffff * Math.min(1, runsPerRow[size] / Math.max(1, words))
      }),
      shared,
      halves: new Uint32Array(shared.buffer),
      sharedCount: 0
    }
  }

  #joinByKey(key: string, id: number): void {
    // As text it is half the work of a buffer.
    const digest = hash('sha256', key, 'hex')
    const [low, high] = [Number.parseInt(digest.slice(0, 8), 16), Number.parseInt(digest.slice(8, 16), 16)]
    const first = this.#keys.getOrSet(low, high, id)
    if (first !== id) this.#sets.join(first - 1, id - 1)
  }

  #joinSimilar({ shared, halves, sharedCount, kept, sketchSize }: Texts): void {
    shared.subarray(0, sharedCount).sort()
    const [first, second] = [new Uint32Array(sketchSize), new Uint32Array(sketchSize)]
    for (let start = 0, end = 0; start < sharedCount; start = end) {
      while (end < sharedCount && halves[end * 2 + 1] === halves[start * 2 + 1]) end++
      for (let a = start + 1; a < end; a++)
        for (let b = start; b < a; b++) {
          const [one, other] = [halves[a * 2]!, halves[b * 2]!]
          if (this.#sets.find(one) === this.#sets.find(other)) continue
          const own = first.subarray(0, kept.copy(one, first))
          const { shared: common, share } = contained(own, second.subarray(0, kept.copy(other, second)), sketchSize)
          if (common >= fewestShared && share >= variantShare) this.#sets.join(one, other)
        }
    }
  }

  #write(db: Database.Database): number {
    const insert = db.prepare('INSERT INTO source_items(id, item) VALUES (?, ?)')
    const items = new Uint32Array(this.#rows)
    let next = 1
    for (let row = 0; row < this.#rows; row++) {
      const root = this.#sets.find(row)
      items[row] = root === row ? next++ : items[root]!
      insert.run(row + 1, items[row])
    }
    return next - 1
  }
}

/** What ids of prompt variants have in common: `task|split|#n`. Null where an id does not say. */
export function sourceKey(sourceId: string): string | null {
  const parts = sourceId.split('|')
  const number = parts.at(-1)
  if (parts.length < 4 || !number || !/^#\d+$/.test(number)) return null
  return `${parts[0]}|${parts[1]}|${number}`
}
