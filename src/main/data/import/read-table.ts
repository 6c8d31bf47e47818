import type { Reading } from '../../contract/import.ts'
import { LabError } from '../../contract/error.ts'
import { headOf, readText, type ByteCount, type DataFile } from './data-file.ts'
import { headExpected } from './known-names.ts'
import { brokenBytes, shown, type Piece, type RawRecord, type RecordBatches } from './raw-record.ts'
import { parseFields, RowSplitter, type Dialect } from './row-splitter.ts'
import { dialectOf } from './table-dialect.ts'

/**
 * Rows of a table as objects by column name. Cells that a row lacks at its end are left out; a row with more cells than
 * there are columns is bad, unless what is beyond is empty. `usual` is the delimiter where none is given.
 */
export async function* readTable(
  file: DataFile,
  reading: Reading,
  usual: string | undefined,
  read: ByteCount
): RecordBatches {
  const dialect = await dialectOf(file, reading, usual)
  const splitter = new RowSplitter(file.name, dialect)
  const columns = await tableColumns(file, dialect)
  let first = dialect.header
  const understand = (pieces: Piece[]): RawRecord[] => {
    const rows = first && pieces.length > 0 ? pieces.slice(1) : pieces
    if (pieces.length > 0) first = false
    return rows.map((piece) => rowRecord(piece, columns, dialect))
  }
  for await (const chunk of readText(file, read)) yield understand(splitter.push(chunk))
  yield understand(splitter.end())
}

/** The names of the columns: the fields of the first row, or their numbers where no row names them. */
export async function tableColumns(file: DataFile, dialect: Dialect): Promise<string[]> {
  const splitter = new RowSplitter(file.name, dialect)
  const head = await headOf(file, 1 << 18)
  const pieces = splitter.push(head)
  if (pieces.length === 0) pieces.push(...splitter.push(Buffer.from(dialect.rowEnd === 'cr' ? '\r' : '\n')))
  const first = pieces[0]
  if (!first) return []
  const problem = brokenBytes(first)
  if (problem)
    throw new LabError('table-header', `${file.name}, line ${first.line}: expected column names, ${problem.expected}.`)
  const rows = (dialect.header ? pieces.slice(0, 1) : pieces.slice(0, 200)).map(
    (piece) => parseFields(piece.bytes.toString('utf8'), dialect).fields
  )
  if (dialect.header) {
    refuseTitle(file, pieces, dialect)
    return namedColumns(rows[0]!)
  }
  return Array.from({ length: Math.max(...rows.map(({ length }) => length)) }, (_, n) => `column ${n + 1}`)
}

/** Lines above the head of a table would be taken for its head. Throws table-header. */
function refuseTitle(file: DataFile, pieces: readonly Piece[], dialect: Dialect): void {
  const filled = (piece: Piece): number =>
    parseFields(piece.bytes.toString('utf8'), dialect).fields.filter((field) => field.trim() !== '').length
  const line = titleBefore(pieces.slice(0, 30).map(filled))
  if (line !== null) throw titleError(file, pieces[0]!.line, pieces[line]!.line)
}

/** Of the rows at the beginning, by how many of their cells hold something: where the head is, if titles stand above it. */
export function titleBefore(filled: readonly number[]): number | null {
  if (filled[0] !== 1) return null
  const head = filled.findIndex((count) => count > 1)
  const rows = filled.slice(head).filter((count) => count > 0)
  return head > 0 && rows.length >= 2 && rows.filter((count) => count > 1).length >= 0.8 * rows.length ? head : null
}

export function titleError(file: DataFile, title: number, head: number): LabError {
  return new LabError(
    'table-header',
    `${file.name}, line ${title}: expected column names, found a title or a comment of one cell; the names seem to stand in line ${head}. ` +
      'Delete the lines above them and try again.',
    { details: { file: file.name, line: title } }
  )
}

/** Names of columns from a first row; those without a name are numbered, and those that have another's say the how manieth. */
export function namedColumns(cells: readonly string[]): string[] {
  const names = cells.map((name) => name.trim())
  return names.map((name, n) => {
    if (name === '') return `column ${n + 1}`
    const before = names.slice(0, n).filter((other) => other === name).length
    return before === 0 ? name : `${name} (${before + 1})`
  })
}

function rowRecord(piece: Piece, columns: readonly string[], dialect: Dialect): RawRecord {
  const broken = brokenBytes(piece)
  if (broken) return { line: piece.line, value: null, text: shown(piece.bytes), problem: broken }
  const { fields, loose } = parseFields(piece.bytes.toString('utf8'), dialect)
  const about = { line: piece.line, text: shown(piece.bytes) }
  if (loose && piece.lines !== undefined && piece.lines > 1)
    return {
      ...about,
      value: null,
      problem: {
        field: 'record',
        expected: `a quoted field to end before the next delimiter; this one opens in line ${piece.line} and runs over ${piece.lines} lines. If quotes are plain text in this file, say so (--quote none)`
      }
    }
  return cellsRecord(fields, columns, about)
}

/** What DOS programs put at the end of a file. */
const endOfDos = '\u001a'

function isRepeatedHead(fields: readonly string[], columns: readonly string[]): boolean {
  const names = namedColumns(fields.map((field) => field.replace(/^\ufeff/, '')))
  return columns.every((column, n) => column === names[n]) && !/^column \d+$/.test(columns[0]!)
}

/** A row's cells as an object by column name. */
export function cellsRecord(
  fields: readonly string[],
  columns: readonly string[],
  about: { line: number; text: string }
): RawRecord {
  const blank = fields.every((field) => field.trim() === '') || (fields.length === 1 && fields[0] === endOfDos)
  if (fields.length > columns.length && fields.slice(columns.length).some((field) => field.trim() !== ''))
    return {
      ...about,
      value: null,
      problem: { field: 'record', expected: `${columns.length} fields as there are columns, found ${fields.length}` }
    }
  // Of files that were put one behind another, each brought its head along.
  if (fields[0]!.replace(/^\ufeff/, '').trim() === columns[0] && isRepeatedHead(fields, columns))
    return { ...about, value: null, problem: { field: 'record', expected: headExpected } }
  const value: Record<string, string> = {}
  for (let n = 0; n < columns.length && n < fields.length; n++) value[columns[n]!] = fields[n]!
  const ragged = fields.length !== columns.length
  return { ...about, value, problem: null, ...(blank ? { blank } : {}), ...(ragged && !blank ? { ragged } : {}) }
}
