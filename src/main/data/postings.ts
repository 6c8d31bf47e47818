import type Database from 'better-sqlite3'
import { LabError } from '../contract/error.ts'

/** The rows that have a word, and how often they have it in inputs and outputs. */
export interface Postings {
  readonly rows: Uint32Array
  readonly inputs: Uint16Array
  readonly outputs: Uint16Array
}

/** Words of this share of the rows are kept: most queries have them. So many rows are kept in all, of eight bytes each. */
const frequent = 0.01
const mostKept = 8_000_000
const mostOccurrences = 0xffff

/**
 * Which rows have a word, and how often, straight from the index that FTS5 keeps in its data table. FTS5 itself tells this
 * for one row at a time, in a microsecond or two; a query of a hundred words among a million rows asks ten million times.
 *
 * The format (version 4, described at the top of SQLite's fts5_index.c) as far as it is needed here: a segment is a row of
 * pages in the order of their terms. A page has the offset of the first row id that goes on from the page before, the
 * offset of its footer, its content, and in the footer the offsets of its terms. After a term come its rows: the row id
 * (but for the first of a term or page, the difference to the one before), twice the size of the position list, and that
 * list: one number a position, or 1 and a column's number where another column begins. A list may go on on the next page.
 */
export class PostingsReader {
  readonly #found: Postings
  #length = 0
  readonly #kept = new Map<string, Postings>()
  #keptRows = 0
  readonly #segments: readonly Segment[]
  readonly #seek: Database.Statement<[number, Buffer], number>
  readonly #pages: Database.Statement<[bigint, bigint], Buffer>

  constructor(db: Database.Database, rows: number) {
    const version = db.prepare<[], number>("SELECT v FROM examples_fts_config WHERE k = 'version'").pluck().get()
    if (version !== 4)
      throw new LabError(
        'dataset-newer',
        `The full-text index of the dataset was written by a newer SQLite (its format is ${version}, not 4). Update the lab.`
      )
    this.#found = { rows: new Uint32Array(rows), inputs: new Uint16Array(rows), outputs: new Uint16Array(rows) }
    this.#segments = segmentsOf(db)
    this.#seek = db
      .prepare<[number, Buffer], number>(
        'SELECT pgno FROM examples_fts_idx WHERE segid = ? AND term <= ? ORDER BY term DESC LIMIT 1'
      )
      .pluck()
    this.#pages = db
      .prepare<[bigint, bigint], Buffer>('SELECT block FROM examples_fts_data WHERE id BETWEEN ? AND ? ORDER BY id')
      .pluck()
  }

  /** The rows of a word, which are good until the next call. */
  read(word: string): Postings {
    const known = this.#kept.get(word)
    if (known) return known
    this.#length = 0
    // Terms of the main index begin with a zero.
    const term = Buffer.from(`0${word}`)
    for (const segment of this.#segments) this.#readSegment(segment, term)
    const { rows, inputs, outputs } = this.#found
    const length = this.#length
    if (length > frequent * rows.length) {
      const copy = { rows: rows.slice(0, length), inputs: inputs.slice(0, length), outputs: outputs.slice(0, length) }
      this.#keep(word, copy)
      return copy
    }
    return { rows: rows.subarray(0, length), inputs: inputs.subarray(0, length), outputs: outputs.subarray(0, length) }
  }

  #keep(word: string, postings: Postings): void {
    this.#kept.set(word, postings)
    this.#keptRows += postings.rows.length
    for (const [oldest, { rows }] of this.#kept) {
      if (this.#keptRows <= mostKept) break
      this.#kept.delete(oldest)
      this.#keptRows -= rows.length
    }
  }

  #readSegment({ id, first, last }: Segment, term: Buffer): void {
    const found = this.#seek.get(id, term)
    if (found === undefined) return
    const page = Math.max(first, found >> 1)
    const base = BigInt(id) << 37n
    let list: RowList | null = null
    for (const block of this.#pages.iterate(base + BigInt(page), base + BigInt(last))) {
      if (list === null) {
        list = startOf(block, term)
        if (list === null) return
      } else list.turn(block)
      this.#length = list.take(this.#found, this.#length)
      if (list.ended) return
    }
  }
}

interface Segment {
  id: number
  first: number
  last: number
}

/** The parts of the index, each with its pages. Row 10 of the data: four bytes, the numbers of levels, segments and writes; then the segments of each level. */
export function segmentsOf(db: Database.Database): Segment[] {
  const block = db.prepare<[], Buffer>('SELECT block FROM examples_fts_data WHERE id = 10').pluck().get()!
  const numbers = varints(block.subarray(4))
  const segments: Segment[] = []
  let at = 3
  for (let level = numbers[0]!; level > 0; level--) {
    const count = numbers[at + 1]!
    at += 2
    for (let n = 0; n < count; n++, at += 3)
      segments.push({ id: numbers[at]!, first: numbers[at + 1]!, last: numbers[at + 2]! })
  }
  return segments
}

/** Finds a term on the page where it must be if it is there at all. */
function startOf(block: Buffer, term: Buffer): RowList | null {
  const footer = block.readUInt16BE(2)
  const starts: number[] = []
  for (const step of varints(block.subarray(footer))) starts.push((starts.at(-1) ?? 0) + step)
  const current = Buffer.alloc(block.length)
  for (const [n, start] of starts.entries()) {
    const cursor = new Cursor(block, start)
    // The first term of a page stands in full, the others after the part that they share with the one before.
    const shared = n === 0 ? 0 : cursor.number()
    const size = cursor.number()
    block.copy(current, shared, cursor.at, cursor.at + size)
    if (shared + size !== term.length || current.compare(term, 0, term.length, 0, term.length) !== 0) continue
    return new RowList(block, cursor.at + size, starts[n + 1])
  }
  return null
}

class Cursor {
  at: number
  readonly #block: Buffer

  constructor(block: Buffer, at: number) {
    this.#block = block
    this.at = at
  }

  /** A number as SQLite writes it: seven bits a byte, the highest first. (Those of nine bytes do not occur here.) */
  number(): number {
    let byte = this.#block[this.at++]!
    let value = byte & 0x7f
    while (byte >= 0x80) {
      byte = this.#block[this.at++]!
      value = value * 128 + (byte & 0x7f)
    }
    return value
  }
}

/** The rows of one term in one segment, page by page. */
class RowList {
  /** True where another term has begun, or the list cannot go on. */
  ended: boolean
  #block: Buffer
  #at: number
  /** Where the term's content on this page ends. */
  #end: number
  /** The row at hand; the first one of a page is not a difference. */
  #row = 0
  #absolute = true
  /** Bytes of its position list that are still to come, and the column that they are in. */
  #left = 0
  #column = 0
  #columnNext = false
  #inputs = 0
  #outputs = 0

  constructor(block: Buffer, at: number, nextTerm: number | undefined) {
    this.#block = block
    this.#at = at
    this.#end = nextTerm ?? block.readUInt16BE(2)
    this.ended = nextTerm !== undefined
  }

  /** Goes on on the next page. */
  turn(block: Buffer): void {
    const footer = block.readUInt16BE(2)
    const firstTerm = footer < block.length ? new Cursor(block, footer).number() : undefined
    const over = this.#left === 0 && block.readUInt16BE(0) === 0
    this.#block = block
    this.#at = 4
    this.#end = over ? 4 : (firstTerm ?? footer)
    this.#absolute = true
    this.ended = over || firstTerm !== undefined
  }

  /** Appends this page's rows; one whose positions go on on the next page comes with that. Returns the new length. */
  take({ rows, inputs, outputs }: Postings, length: number): number {
    const block = this.#block
    const end = this.#end
    let at = this.#at
    while (at < end) {
      if (this.#left === 0) {
        let byte = block[at++]!
        let number = byte & 0x7f
        for (; byte >= 0x80; number = number * 128 + (byte & 0x7f)) byte = block[at++]!
        this.#row = this.#absolute ? number : this.#row + number
        this.#absolute = false
        byte = block[at++]!
        number = byte & 0x7f
        for (; byte >= 0x80; number = number * 128 + (byte & 0x7f)) byte = block[at++]!
        this.#left = number >> 1
        this.#inputs = this.#outputs = this.#column = 0
      }
      const stop = Math.min(end, at + this.#left)
      this.#left -= stop - at
      at = this.#count(at, stop)
      if (this.#left > 0) break
      rows[length] = this.#row
      inputs[length] = Math.min(mostOccurrences, this.#inputs)
      outputs[length++] = Math.min(mostOccurrences, this.#outputs)
    }
    this.#at = at
    return length
  }

  /** Counts the positions up to `stop`. */
  #count(from: number, stop: number): number {
    const block = this.#block
    let at = from
    let count = 0
    while (at < stop) {
      const byte = block[at++]!
      if (this.#columnNext) {
        // Its number is of one byte.
        this.#column = byte
        this.#columnNext = false
      } else if (byte === 1) {
        this.#add(count)
        count = 0
        this.#columnNext = true
      } else {
        if (byte >= 0x80) while (block[at++]! >= 0x80);
        count++
      }
    }
    this.#add(count)
    return at
  }

  #add(count: number): void {
    if (this.#column === 0) this.#inputs += count
    else if (this.#column === 1) this.#outputs += count
  }
}

/** All numbers of a blob. */
export function varints(bytes: Uint8Array): number[] {
  const cursor = new Cursor(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0)
  const numbers: number[] = []
  while (cursor.at < bytes.length) numbers.push(cursor.number())
  return numbers
}
