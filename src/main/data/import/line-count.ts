/**
 * Counts a file's records once more, in another way than they are read: lines with something on them. What was read, set aside and
 * empty must come to the same number.
 */
import type { ImportFormat, Reading } from '../../contract/import.ts'
import type { DataFile } from './data-file.ts'
import { dialectOf } from './table-dialect.ts'

const newline = 0x0a
const carriageReturn = 0x0d

interface Rules {
  /** Bytes that end a line. */
  ends: readonly number[]
  /** Bytes that make no record where a line has no others. */
  nothing: readonly number[]
  /** Bytes that may join lines to one record: where one is met, lines do not say how many records there are. */
  joins: readonly number[]
  /** Lines that are no records. */
  before: number
}

/** @returns null for formats whose records are not told by lines */
export async function lineCountOf(file: DataFile, format: ImportFormat, reading: Reading): Promise<LineCount | null> {
  if (format === 'jsonl' || format === 'recross-jsonl' || format === 'text')
    return new LineCount({ ends: [newline, carriageReturn], nothing: [0x20, 0x09], joins: [], before: 0 })
  if (format !== 'csv' && format !== 'tsv') return null
  const { quote, escape, rowEnd, header, separatorLine } = await dialectOf(
    file,
    reading,
    format === 'tsv' ? '\t' : undefined
  )
  return new LineCount({
    ends: [rowEnd === 'cr' ? carriageReturn : newline],
    nothing: [rowEnd === 'cr' ? newline : carriageReturn],
    joins: [quote, escape].filter((sign) => sign !== '').map((sign) => sign.charCodeAt(0)),
    before: Number(header) + Number(separatorLine)
  })
}

export class LineCount {
  readonly #rules: Rules
  /** What a byte is: 1 ends a line, 2 is nothing, 3 joins lines, 0 is something. */
  readonly #kinds = new Uint8Array(256)
  #lines = 0
  #something = false
  #joined = false

  constructor(rules: Rules) {
    this.#rules = rules
    for (const byte of rules.nothing) this.#kinds[byte] = 2
    for (const byte of rules.ends) this.#kinds[byte] = 1
    for (const byte of rules.joins) this.#kinds[byte] = 3
  }

  push(chunk: Buffer): void {
    if (this.#joined) return
    this.#joined = this.#rules.joins.some((byte) => chunk.includes(byte))
    // Where only newlines end lines, the rest of a line that has something need not be looked at.
    const jumps = this.#rules.ends.every((byte) => byte === newline || !chunk.includes(byte))
    let something = this.#something
    for (let at = 0; at < chunk.length; at++) {
      const kind = this.#kinds[chunk[at]!]!
      if (kind === 1) {
        if (something) this.#lines++
        something = false
      } else if (kind !== 2) {
        something = true
        if (!jumps) continue
        const end = chunk.indexOf(newline, at)
        if (end < 0) break
        at = end - 1
      }
    }
    this.#something = something
  }

  /** The records that the lines make; null where lines do not say. */
  records(): number | null {
    if (this.#joined) return null
    return Math.max(0, this.#lines + Number(this.#something) - this.#rules.before)
  }
}
