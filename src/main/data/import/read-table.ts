import type { Reading } from '../../contract/data.ts'
import { LabError } from '../../contract/error.ts'
import { headOf, readText, type ByteCount, type DataFile } from './data-file.ts'
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
  if (dialect.header) return namedColumns(rows[0]!)
  return Array.from({ length: Math.max(...rows.map(({ length }) => length)) }, (_, n) => `column ${n + 1}`)
}

/** Names of columns from a first row; those without a name of their own are numbered. */
export function namedColumns(cells: readonly string[]): string[] {
  const names = cells.map((name) => name.trim())
  return names.map((name, n) => (name === '' || names.indexOf(name) < n ? `column ${n + 1}` : name))
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

/** A row's cells as an object by column name. */
export function cellsRecord(
  fields: readonly string[],
  columns: readonly string[],
  about: { line: number; text: string }
): RawRecord {
  const blank = fields.every((field) => field.trim() === '')
  if (fields.length > columns.length && fields.slice(columns.length).some((field) => field.trim() !== ''))
    return {
      ...about,
      value: null,
      problem: { field: 'record', expected: `${columns.length} fields as there are columns, found ${fields.length}` }
    }
  const value: Record<string, string> = {}
  for (let n = 0; n < columns.length && n < fields.length; n++) value[columns[n]!] = fields[n]!
  const ragged = fields.length !== columns.length
  return { ...about, value, problem: null, ...(blank ? { blank } : {}), ...(ragged && !blank ? { ragged } : {}) }
}
