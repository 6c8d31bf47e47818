import { isUtf8 } from 'node:buffer'
import { parseJson } from './json-text.ts'

/** One record as a file has it, not yet understood: a JSON value, or a row of a table by column name. */
export interface RawRecord {
  /** Line of the file, from 1; the row number in Parquet. */
  line: number
  value: unknown
  /** What the file has there, for messages; at most `shownCharacters` long. */
  text: string
  /** Set where the bytes could not even be parsed. */
  problem: Problem | null
  /** A row of a table without any text: nothing is lost with it. */
  blank?: boolean
  /** A row of a table with fewer or more cells than there are columns. */
  ragged?: boolean
}

export interface Problem {
  field: string
  expected: string
}

/** Records come in batches: one await per record would cost more than parsing it. */
export type RecordBatches = AsyncGenerator<RawRecord[]>

/** Longer records are set aside as bad: no example is that long, and memory stays bounded. */
export const maxRecordBytes = 16 << 20
/** JSON nested deeper than this is set aside: no data set needs it, and hostile files do it. */
export const maxDepth = 100
const shownCharacters = 500

/** A piece of a file: one line, or one JSON value. `tooLong` pieces hold only their beginning. */
export interface Piece {
  line: number
  bytes: Buffer
  tooLong: boolean
  tooDeep?: boolean
  /** The member of the root object that the value is in; null where the root is an array. */
  key?: string | null
  /** The whole of a member of the root object, not an element of a list in it. */
  whole?: boolean
  /** Over how many lines it runs, where that was counted. */
  lines?: number
}

/** Parses one piece as JSON. */
export function jsonRecord(piece: Piece): RawRecord {
  const broken = brokenBytes(piece)
  if (broken) return { line: piece.line, value: null, text: shown(piece.bytes), problem: broken }
  const text = piece.bytes.toString('utf8')
  try {
    return { line: piece.line, value: parseJson(text), text: text.slice(0, shownCharacters), problem: null }
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message.slice(0, 120) : ''
    return {
      line: piece.line,
      value: null,
      text: text.slice(0, shownCharacters),
      problem: { field: 'record', expected: `valid JSON (${reason})` }
    }
  }
}

/** Why the bytes are no text at all; null if they are. */
export function brokenBytes(piece: Piece): Problem | null {
  if (piece.tooLong) return { field: 'record', expected: `at most ${maxRecordBytes >> 20} MB in one record` }
  if (piece.tooDeep) return { field: 'record', expected: `JSON nested at most ${maxDepth} deep` }
  if (!isUtf8(piece.bytes))
    return {
      field: 'record',
      expected:
        'UTF-8 text; these bytes look like Latin-1 or Windows-1252. Choose that encoding (--encoding windows-1252), or save the file as UTF-8'
    }
  return null
}

export function shown(bytes: Buffer): string {
  return bytes.subarray(0, shownCharacters).toString('utf8')
}
