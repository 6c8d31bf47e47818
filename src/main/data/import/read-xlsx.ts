import type { Reading } from '../../contract/import.ts'
import { LabError } from '../../contract/error.ts'
import type { ByteCount, DataFile } from './data-file.ts'
import type { RawRecord, RecordBatches } from './raw-record.ts'
import { cellsRecord, namedColumns, titleBefore, titleError } from './read-table.ts'
import { hasHeader } from './table-dialect.ts'
import { readRows } from './xlsx-rows.ts'
import { mostEntries, openWorkbook, type Sheet, type Workbook } from './xlsx-workbook.ts'
import { nextEntry, openArchive } from './zip-file.ts'

/**
 * Workbooks of Excel (.xlsx, .xlsm): a zip of XML files. Only values are read; formulas, macros and links are passed
 * over. The sheet is read in one pass, in bounded memory but for the shared texts.
 */

const shownCharacters = 500

/** Whether a zip file is a workbook. */
export async function isWorkbook(file: DataFile): Promise<boolean> {
  const zip = await openArchive(file)
  try {
    for (let n = 0; n < mostEntries; n++) {
      const entry = await nextEntry(zip, file)
      if (entry === null) return false
      if (entry.fileName === 'xl/workbook.xml') return true
    }
    return false
  } finally {
    zip.close()
  }
}

/** Names of the sheets that hold anything. */
export async function sheetsOf(file: DataFile): Promise<string[]> {
  const book = await openWorkbook(file)
  try {
    const filled: string[] = []
    for (const sheet of book.sheets)
      for await (const rows of readRows(book, sheet, file, { bytes: 0 }))
        if (rows.some(({ cells }) => cells.some((cell) => cell !== ''))) {
          filled.push(sheet.name)
          break
        }
    return filled
  } finally {
    book.zip.close()
  }
}

export async function workbookColumns(
  file: DataFile,
  reading: Reading
): Promise<{ columns: string[]; header: boolean }> {
  const book = await openWorkbook(file)
  try {
    return await columnsOfSheet(book, await chosenSheet(file, book, reading), file, reading)
  } finally {
    book.zip.close()
  }
}

/** Rows of one sheet by column name. Throws part-needed where several sheets hold something and none was chosen. */
export async function* readWorkbook(file: DataFile, reading: Reading, read: ByteCount): RecordBatches {
  const book = await openWorkbook(file)
  try {
    const sheet = await chosenSheet(file, book, reading)
    const { columns, header } = await columnsOfSheet(book, sheet, file, reading)
    let named = !header
    for await (const rows of readRows(book, sheet, file, read)) {
      const records: RawRecord[] = []
      for (const { line, cells } of rows) {
        const empty = cells.every((cell) => cell === '')
        if (empty || !named) read.passed = (read.passed ?? 0) + 1
        if (empty) continue
        if (named) {
          const text = cells.join('\t').slice(0, shownCharacters)
          records.push(cellsRecord(withoutEmptyEnd(cells, columns.length), columns, { line, text }))
        }
        named = true
      }
      yield records
    }
  } finally {
    book.zip.close()
  }
}

async function chosenSheet(file: DataFile, book: Workbook, { sheet }: Reading): Promise<Sheet> {
  const names = book.sheets.map(({ name }) => name)
  if (sheet !== undefined) {
    const found = book.sheets.find(({ name }) => name === sheet)
    if (found) return found
    throw new LabError('part-missing', `${file.name} has no sheet "${sheet}". It has: ${names.join(', ')}.`, {
      details: { file: file.name, parts: names }
    })
  }
  const filled = await sheetsOf(file)
  // Who opens it sees one sheet: lists that its cells choose from often lie in hidden ones.
  const shown = book.sheets.filter(({ name, hidden }) => !hidden && filled.includes(name))
  if (shown.length === 1) return shown[0]!
  if (filled.length === 1) return book.sheets.find(({ name }) => name === filled[0])!
  if (filled.length === 0)
    throw new LabError('no-examples', `Nothing was imported. No sheet of ${file.name} holds anything.`)
  throw new LabError(
    'part-needed',
    `${file.name} has several sheets with something in them: ${filled.join(', ')}. Say which to read (in the check step, or --sheet "${filled[0]}").`,
    { details: { file: file.name, parts: filled } }
  )
}

async function columnsOfSheet(
  book: Workbook,
  sheet: Sheet,
  file: DataFile,
  reading: Reading
): Promise<{ columns: string[]; header: boolean }> {
  const head: string[][] = []
  const lines: number[] = []
  for await (const rows of readRows(book, sheet, file, { bytes: 0 })) {
    const filled = rows.filter(({ cells }) => cells.some((cell) => cell !== ''))
    head.push(...filled.map(({ cells }) => cells))
    lines.push(...filled.map(({ line }) => line))
    if (head.length >= 200) break
  }
  const header = reading.header ?? hasHeader(head)
  const width = Math.max(0, ...head.map(({ length }) => length))
  const title = header
    ? titleBefore(head.slice(0, 30).map((cells) => cells.filter((cell) => cell !== '').length))
    : null
  if (title !== null) throw titleError(file, lines[0]!, lines[title]!)
  if (header) return { columns: namedColumns(withoutEmptyEnd(head[0] ?? [], 0)), header }
  return { columns: Array.from({ length: width }, (_, n) => `column ${n + 1}`), header }
}

/** Cells after the last that holds something are not part of a row. */
function withoutEmptyEnd(cells: readonly string[], least: number): string[] {
  let length = cells.length
  while (length > least && cells[length - 1] === '') length--
  return Array.from({ length: Math.max(length, least) }, (_, n) => cells[n] ?? '')
}
