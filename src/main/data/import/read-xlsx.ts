import type { Entry, ZipFile } from 'yauzl'
import { SaxesParser, type SaxesTagPlain } from 'saxes'
import type { Reading } from '../../contract/data.ts'
import { LabError, messageOf } from '../../contract/error.ts'
import type { DataFile } from './data-file.ts'
import type { RawRecord, RecordBatches } from './raw-record.ts'
import { cellsRecord, namedColumns } from './read-table.ts'
import { hasHeader } from './table-dialect.ts'
import { cellText, isDateFormat } from './xlsx-cell.ts'
import { entryContent, nextEntry, openArchive } from './zip-file.ts'

/**
 * Workbooks of Excel (.xlsx, .xlsm): a zip of XML files. Only values are read; formulas, macros and links are passed
 * over. The sheet is read in one pass, in bounded memory but for the shared texts.
 */

const mostEntries = 20_000
const largestShared = 1 << 30
const mostColumns = 16_384
const shownCharacters = 500

interface Sheet {
  name: string
  /** Excel does not show it. */
  hidden: boolean
  entry: string
}

interface Workbook {
  zip: ZipFile
  entries: ReadonlyMap<string, Entry>
  sheets: Sheet[]
  shared: string[]
  /** By style number of a cell: whether it shows a date. */
  dates: boolean[]
  from1904: boolean
}

interface SheetRow {
  line: number
  cells: string[]
}

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
export async function* readWorkbook(file: DataFile, reading: Reading, read: { bytes: number }): RecordBatches {
  const book = await openWorkbook(file)
  try {
    const sheet = await chosenSheet(file, book, reading)
    const { columns, header } = await columnsOfSheet(book, sheet, file, reading)
    let named = !header
    for await (const rows of readRows(book, sheet, file, read)) {
      const records: RawRecord[] = []
      for (const { line, cells } of rows) {
        if (cells.every((cell) => cell === '')) continue
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
  for await (const rows of readRows(book, sheet, file, { bytes: 0 })) {
    head.push(...rows.map(({ cells }) => cells).filter((cells) => cells.some((cell) => cell !== '')))
    if (head.length >= 200) break
  }
  const header = reading.header ?? hasHeader(head)
  const width = Math.max(0, ...head.map(({ length }) => length))
  if (header) return { columns: namedColumns(withoutEmptyEnd(head[0] ?? [], 0)), header }
  return { columns: Array.from({ length: width }, (_, n) => `column ${n + 1}`), header }
}

/** Cells after the last that holds something are not part of a row. */
function withoutEmptyEnd(cells: readonly string[], least: number): string[] {
  let length = cells.length
  while (length > least && cells[length - 1] === '') length--
  return Array.from({ length: Math.max(length, least) }, (_, n) => cells[n] ?? '')
}

async function openWorkbook(file: DataFile): Promise<Workbook> {
  const zip = await openArchive(file)
  const entries = new Map<string, Entry>()
  for (let entry = await nextEntry(zip, file); entry !== null; entry = await nextEntry(zip, file)) {
    entries.set(entry.fileName, entry)
    if (entries.size > mostEntries) throw damaged(file, new Error('it has too many parts'))
  }
  const part = { zip, entries, file }
  const targets = new Map<string, string>()
  await parse(part, 'xl/_rels/workbook.xml.rels', {
    open: ({ name, attributes }) => {
      if (local(name) === 'Relationship') targets.set(attributes['Id'] ?? '', attributes['Target'] ?? '')
    }
  })
  const sheets: Sheet[] = []
  let from1904 = false
  await parse(part, 'xl/workbook.xml', {
    open: ({ name, attributes }) => {
      if (local(name) === 'workbookPr') from1904 = /^(1|true)$/.test(attributes['date1904'] ?? '')
      if (local(name) !== 'sheet') return
      const id = Object.entries(attributes).find(([key]) => local(key) === 'id')?.[1] ?? ''
      const target = targets.get(id) ?? ''
      const entry = target.startsWith('/') ? target.slice(1) : `xl/${target.replace(/^\.\//, '')}`
      if (entries.has(entry) && /worksheets/.test(entry))
        sheets.push({ name: attributes['name'] ?? entry, entry, hidden: /hidden/i.test(attributes['state'] ?? '') })
    }
  })
  return { zip, entries, sheets, from1904, shared: await sharedTexts(part), dates: await dateStyles(part) }
}

interface Part {
  zip: ZipFile
  entries: ReadonlyMap<string, Entry>
  file: DataFile
}

async function sharedTexts(part: Part): Promise<string[]> {
  const entry = part.entries.get('xl/sharedStrings.xml')
  if (entry && entry.uncompressedSize > largestShared)
    throw new LabError(
      'file-large',
      `${part.file.name} holds more than ${largestShared >> 30} GB of text. Save the sheet as CSV and import that.`
    )
  const texts: string[] = []
  const item = new TextCollector()
  await parse(part, 'xl/sharedStrings.xml', {
    open: ({ name }) => item.open(local(name)),
    text: (text) => item.text(text),
    close: ({ name }) => {
      item.close(local(name))
      if (local(name) === 'si') texts.push(item.take())
    }
  })
  return texts
}

async function dateStyles(part: Part): Promise<boolean[]> {
  const codes = new Map<number, string>()
  const dates: boolean[] = []
  let inCells = false
  await parse(part, 'xl/styles.xml', {
    open: ({ name, attributes }) => {
      if (local(name) === 'numFmt') codes.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '')
      if (local(name) === 'cellXfs') inCells = true
      if (local(name) === 'xf' && inCells) {
        const number = Number(attributes['numFmtId'] ?? 0)
        dates.push(isDateFormat(number, codes.get(number)))
      }
    },
    close: ({ name }) => {
      if (local(name) === 'cellXfs') inCells = false
    }
  })
  return dates
}

/** Collects the texts of `<t>` elements, but not those that only help to read characters aloud. */
class TextCollector {
  #text = ''
  #inText = false
  #aloud = false

  open(name: string): void {
    if (name === 'rPh') this.#aloud = true
    if (name === 't' && !this.#aloud) this.#inText = true
  }

  text(text: string): void {
    if (this.#inText) this.#text += text
  }

  close(name: string): void {
    if (name === 'rPh') this.#aloud = false
    if (name === 't') this.#inText = false
  }

  take(): string {
    const text = this.#text.replace(/_x([0-9A-F]{4})_/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16))
    )
    this.#text = ''
    return text
  }
}

async function* readRows(
  book: Workbook,
  sheet: Sheet,
  file: DataFile,
  read: { bytes: number }
): AsyncGenerator<SheetRow[]> {
  let rows: SheetRow[] = []
  let line = 0
  let cells: string[] = []
  let column = 0
  let type = 'n'
  let style = 0
  let value = ''
  let inValue = false
  const inline = new TextCollector()
  const handlers: Handlers = {
    open: ({ name, attributes }) => {
      const tag = local(name)
      if (tag === 'row') {
        line = Number(attributes['r'] ?? line + 1)
        cells = []
        column = -1
      } else if (tag === 'c') {
        column = columnNumber(attributes['r']) ?? column + 1
        type = attributes['t'] ?? 'n'
        style = Number(attributes['s'] ?? 0)
        value = ''
      } else if (tag === 'v') inValue = true
      else inline.open(tag)
    },
    text: (text) => {
      if (inValue) value += text
      else inline.text(text)
    },
    close: ({ name }) => {
      const tag = local(name)
      if (tag === 'v') inValue = false
      else if (tag === 'c') {
        const text = type === 'inlineStr' ? inline.take() : cellText(type, value, book, style)
        if (column < mostColumns) {
          while (cells.length < column) cells.push('')
          cells[column] = text
        }
      } else if (tag === 'row') rows.push({ line, cells })
      else inline.close(tag)
    }
  }
  const entry = book.entries.get(sheet.entry)!
  const total = Math.max(1, entry.uncompressedSize)
  let bytes = 0
  for await (const chunkBytes of parsing({ zip: book.zip, entries: book.entries, file }, sheet.entry, handlers)) {
    bytes += chunkBytes
    read.bytes = Math.round((entry.compressedSize * bytes) / total)
    if (rows.length >= 500) {
      yield rows
      rows = []
    }
  }
  yield rows
}

/** `BC12` → 54, counted from 0. */
function columnNumber(reference: string | undefined): number | null {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0]
  if (letters === undefined) return null
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
}

interface Handlers {
  open: (tag: SaxesTagPlain) => void
  text?: (text: string) => void
  close?: (tag: SaxesTagPlain) => void
}

async function parse(part: Part, name: string, handlers: Handlers): Promise<void> {
  for await (const _ of parsing(part, name, handlers)) void _
}

/** Parses one part, yielding after each piece how many bytes it had; a part that is not there has nothing. */
async function* parsing({ zip, entries, file }: Part, name: string, handlers: Handlers): AsyncGenerator<number> {
  const entry = entries.get(name)
  if (!entry) return
  const parser = new SaxesParser<{ xmlns: false; position: false }>({ xmlns: false, position: false })
  let failure: Error | null = null
  parser.on('error', (error) => (failure ??= error))
  parser.on('opentag', handlers.open)
  if (handlers.text) parser.on('text', handlers.text)
  if (handlers.text) parser.on('cdata', handlers.text)
  if (handlers.close) parser.on('closetag', handlers.close)
  const decoder = new TextDecoder()
  for await (const chunk of entryContent(zip, entry, file)) {
    parser.write(decoder.decode(chunk, { stream: true }))
    if (failure) throw damaged(file, failure)
    yield chunk.length
  }
  parser.write(decoder.decode())
  parser.close()
  if (failure) throw damaged(file, failure)
}

/** A name without its namespace. */
function local(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

function damaged(file: DataFile, thrown: unknown): LabError {
  return new LabError(
    'file-damaged',
    `The Excel file ${file.name} is damaged (${messageOf(thrown)}). Open it in Excel and save it again, or save it as CSV.`,
    { cause: thrown, details: { file: file.name } }
  )
}
