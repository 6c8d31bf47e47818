import { LabError } from '../../contract/error.ts'
import type { Piece } from './raw-record.ts'
import { RecordParts } from './record-parts.ts'

const newline = 0x0a
const carriageReturn = 0x0d
const space = 0x20
const none = -1

/** How a table is written, in full. */
export interface Dialect {
  /** One ASCII character. */
  delimiter: string
  /** One ASCII character, or empty where quotes are plain text. */
  quote: string
  /** Takes away the meaning of the next character; empty: none. */
  escape: string
  /** Rows end at LF (or CRLF), or at CR alone as on old Macs. */
  rowEnd: 'lf' | 'cr'
  header: boolean
  /** Blanks before a field are not part of it (`a, "b"`), so that a quote behind them opens one. */
  spaced?: boolean
  /** The first line is Excel's `sep=;`, no row. */
  separatorLine: boolean
}

export interface ParsedRow {
  fields: string[]
  /** By field: whether it stood in quotes. */
  quoted: boolean[]
  /** Text stands behind a closing quote, or a quote never closes: the quotes may not be meant as such. */
  loose: boolean
}

/** Splits one row into its fields. A quote opens a quoted field only at the field's start. */
export function parseFields(
  row: string,
  dialect: Pick<Dialect, 'delimiter' | 'quote' | 'escape' | 'spaced'>
): ParsedRow {
  const { delimiter, quote, escape, spaced = false } = dialect
  if (escape !== '' && row.includes(escape)) return parseEscaped(row, dialect)
  if (quote === '' || !row.includes(quote)) {
    const fields = row.split(delimiter)
    return { fields: spaced ? fields.map((field) => field.replace(/^ +/, '')) : fields, quoted: unquoted, loose: false }
  }
  const fields: string[] = []
  const quoted: boolean[] = []
  let loose = false
  for (let position = 0; ;) {
    let text = ''
    if (spaced) while (row[position] === ' ') position++
    const inQuotes = row.startsWith(quote, position)
    if (inQuotes) {
      position++
      for (;;) {
        const end = row.indexOf(quote, position)
        if (end < 0) {
          text += row.slice(position)
          position = row.length
          loose = true
          break
        }
        text += row.slice(position, end)
        position = end + 1
        if (!row.startsWith(quote, position)) break
        text += quote
        position++
      }
    }
    // Text after a closing quote belongs to the field, as spreadsheets read it.
    const end = row.indexOf(delimiter, position)
    const rest = row.slice(position, end < 0 ? undefined : end)
    if (inQuotes && rest !== '') loose = true
    fields.push(text + rest)
    quoted.push(inQuotes)
    if (end < 0) return { fields, quoted, loose }
    position = end + 1
  }
}

const unquoted: boolean[] = []

/** The same, one character after the other, where escapes take away the meaning of the next one. */
function parseEscaped(
  row: string,
  { delimiter, quote, escape, spaced = false }: Pick<Dialect, 'delimiter' | 'quote' | 'escape' | 'spaced'>
): ParsedRow {
  const fields: string[] = []
  const quoted: boolean[] = []
  let loose = false
  let text = ''
  let inQuotes = false
  let state: 'start' | 'plain' | 'quoted' | 'closed' = 'start'
  for (let at = 0; at < row.length; at++) {
    const character = row[at]!
    if (spaced && state === 'start' && character === ' ') continue
    if (character === escape && at + 1 < row.length) {
      if (state === 'closed') loose = true
      if (state !== 'quoted') state = 'plain'
      text += row[++at]!
    } else if (state === 'quoted') {
      if (character === quote) state = 'closed'
      else text += character
    } else if (character === delimiter) {
      fields.push(text)
      quoted.push(inQuotes)
      text = ''
      inQuotes = false
      state = 'start'
    } else if (character === quote && state === 'start') {
      state = 'quoted'
      inQuotes = true
    } else if (character === quote && state === 'closed') {
      // The second of two quotes is one, and the field goes on.
      text += quote
      state = 'quoted'
    } else {
      if (state === 'closed') loose = true
      state = 'plain'
      text += character
    }
  }
  fields.push(text)
  quoted.push(inQuotes)
  return { fields, quoted, loose: loose || state === 'quoted' }
}

/** Cuts a table into rows: a line end ends a row unless it is in a quoted field or escaped. */
export class RowSplitter {
  readonly #file: string
  readonly #delimiter: number
  readonly #quote: number
  readonly #escape: number
  readonly #rowEnd: number
  readonly #spaced: boolean
  #skip: number
  #line = 1
  #startLine = 1
  #quoteLine = 0
  readonly #parts = new RecordParts()
  #fieldStart = true
  #quoted = false
  #escaped = false
  /** Within a quoted field, the last byte was a quote: it closes the field unless another one follows. */
  #mayClose = false

  constructor(file: string, dialect: Dialect) {
    this.#file = file
    this.#delimiter = dialect.delimiter.charCodeAt(0)
    this.#quote = dialect.quote === '' ? none : dialect.quote.charCodeAt(0)
    this.#escape = dialect.escape === '' ? none : dialect.escape.charCodeAt(0)
    this.#rowEnd = dialect.rowEnd === 'cr' ? carriageReturn : newline
    this.#spaced = dialect.spaced ?? false
    this.#skip = dialect.separatorLine ? 1 : 0
  }

  /** Whether a quoted field is open at the end of what was pushed. */
  get open(): boolean {
    return this.#quoted && !this.#mayClose
  }

  /** Over how many lines it has run so far. */
  get openLines(): number {
    return this.#line - this.#quoteLine + 1
  }

  /** The rows that end in this chunk. */
  push(chunk: Buffer): Piece[] {
    const pieces: Piece[] = []
    const quote = this.#quote
    const escape = this.#escape
    const rowEnd = this.#rowEnd
    const delimiter = this.#delimiter
    const spaced = this.#spaced
    // Fields of the object cost a look-up for every byte.
    let quoted = this.#quoted
    let mayClose = this.#mayClose
    let escaped = this.#escaped
    let fieldStart = this.#fieldStart
    let start = 0
    for (let position = 0; position < chunk.length; position++) {
      const byte = chunk[position]!
      if (escaped) {
        escaped = false
        fieldStart = false
        if (byte === rowEnd) this.#line++
        continue
      }
      if (quoted) {
        if (byte === quote) {
          mayClose = !mayClose
          continue
        }
        if (!mayClose) {
          if (byte === escape) escaped = true
          else if (byte === rowEnd) this.#line++
          continue
        }
        quoted = false
        mayClose = false
      }
      if (byte === delimiter) fieldStart = true
      else if (byte === rowEnd) {
        this.#take(chunk.subarray(start, position), pieces)
        start = position + 1
        fieldStart = true
      } else if (byte === escape) escaped = true
      else if (!spaced || !fieldStart || byte !== space) {
        if (fieldStart && byte === quote) {
          quoted = true
          this.#quoteLine = this.#line
        }
        fieldStart = false
      }
    }
    this.#quoted = quoted
    this.#mayClose = mayClose
    this.#escaped = escaped
    this.#fieldStart = fieldStart
    if (start < chunk.length) this.#keep(chunk.subarray(start))
    return pieces
  }

  end(): Piece[] {
    if (this.#quoted && !this.#mayClose) this.#neverClosed()
    const pieces: Piece[] = []
    this.#take(Buffer.alloc(0), pieces)
    return pieces
  }

  #keep(part: Buffer): void {
    if (!this.#parts.keep(part) && this.#quoted) this.#neverClosed()
  }

  #take(last: Buffer, pieces: Piece[]): void {
    const { tooLong, ...taken } = this.#parts.end(last)
    let { bytes } = taken
    // Several, where a file was converted more than once.
    while (this.#rowEnd === newline && bytes.at(-1) === carriageReturn && !this.#endsEscaped(bytes))
      bytes = bytes.subarray(0, -1)
    if (this.#skip > 0) this.#skip--
    else if (bytes.length > 0)
      pieces.push({ line: this.#startLine, bytes, tooLong, lines: this.#line - this.#startLine + 1 })
    this.#line++
    this.#startLine = this.#line
  }

  /** Whether the last byte has an escape before it that is not itself escaped. */
  #endsEscaped(bytes: Buffer): boolean {
    let at = bytes.length - 2
    while (at >= 0 && bytes[at] === this.#escape) at--
    return (bytes.length - 2 - at) % 2 === 1
  }

  /** Everything after such a quote would silently vanish into one field, so this is an error, not a bad row. */
  #neverClosed(): never {
    throw new LabError(
      'table-quote-open',
      `${this.#file}, line ${this.#quoteLine}: a field begins with a quote that is never closed. ` +
        `If quotes are plain text in this file, say so (in the check step, or --quote none); else close it, or write ` +
        `the quote twice inside a quoted field.`,
      { details: { file: this.#file, line: this.#quoteLine } }
    )
  }
}
