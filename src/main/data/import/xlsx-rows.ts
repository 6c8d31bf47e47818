import type { ByteCount, DataFile } from './data-file.ts'
import { cellText } from './xlsx-cell.ts'
import { type Handlers, local, parsing, TextCollector } from './xlsx-parts.ts'
import type { Sheet, Workbook } from './xlsx-workbook.ts'

const mostColumns = 16_384

interface SheetRow {
  line: number
  cells: string[]
}

/** The rows of a sheet in batches, cells as texts; `read.bytes` grows with what was read of the compressed file. */
export async function* readRows(
  book: Workbook,
  sheet: Sheet,
  file: DataFile,
  read: ByteCount
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
  const part = { zip: book.zip, entries: book.entries, file }
  for await (const chunkBytes of parsing(part, sheet.entry, handlers, read.watch)) {
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
