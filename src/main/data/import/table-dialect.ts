import type { Reading } from '../../contract/import.ts'
import { headOf, type DataFile } from './data-file.ts'
import { isHead } from './known-names.ts'
import { parseFields, RowSplitter, type Dialect } from './row-splitter.ts'

const headBytes = 1 << 18
const looked = 1 << 16
const delimiters = ['\t', ';', ',', '|'] as const
const quotings = [
  { quote: '"', escape: '' },
  { quote: '"', escape: '\\' },
  { quote: '', escape: '' }
] as const
/** Only where fields begin with one: most of them are apostrophes. */
const apostrophes = { quote: "'", escape: '' } as const

interface Candidate extends Dialect {
  rows: string[][]
  columns: number
  score: number
}

/** The dialect of a table: what the user says, and for the rest what its first rows tell. */
export async function dialectOf(file: DataFile, reading: Reading, usual?: string): Promise<Dialect> {
  const head = await headOf(file, headBytes)
  const text = head.toString('latin1')
  const separator = /^sep=([\t -~])(?:\r\n?|\n)/i.exec(text.slice(0, 8))
  const delimiter = reading.delimiter ?? separator?.[1] ?? usual
  const told = tellDialect(separator ? head.subarray(separator[0].length) : head, head.length === headBytes, {
    ...reading,
    ...(delimiter === undefined ? {} : { delimiter })
  })
  return { ...told, separatorLine: separator !== null }
}

/** Whether the beginning of a file looks like a table of several columns. */
export function looksLikeTable(head: Buffer, prose: boolean): string | null {
  const best = candidates(head, head.length === headBytes, {})[0]
  if (!best || best.columns < 2 || best.score < (prose ? 0.99 : 0.3)) return null
  // Lines of prose may have as many commas each.
  if (prose && best.delimiter !== '\t' && !(best.rows.length >= 3 && best.header && namesOnly(best.rows[0]!)))
    return null
  return best.delimiter
}

function tellDialect(head: Buffer, cut: boolean, given: Reading): Omit<Dialect, 'separatorLine'> {
  const best = candidates(head, cut, given)[0]
  if (!best)
    return {
      delimiter: given.delimiter ?? ',',
      quote: given.quote ?? '"',
      escape: given.escape ?? '',
      rowEnd: 'lf',
      header: given.header ?? true,
      spaced: false
    }
  const { delimiter, quote, escape, rowEnd, header, spaced = false } = best
  return { delimiter, quote, escape, rowEnd, spaced, header: given.header ?? header }
}

/** Ways to read the head, the likeliest first. */
function candidates(head: Buffer, cut: boolean, given: Reading): Candidate[] {
  const bytes = head.subarray(0, looked)
  const text = bytes.toString('latin1')
  const found: Candidate[] = []
  const ways = /(^|[,;\t|\r\n])'/.test(text) ? [...quotings, apostrophes] : quotings
  for (const rowEnd of rowEnds(text))
    for (const delimiter of given.delimiter === undefined ? delimiters : [given.delimiter])
      for (const { quote, escape } of ways)
        for (const spaced of text.includes(`${delimiter} "`) && quote !== '' ? [false, true] : [false]) {
          const dialect = { delimiter, quote: given.quote ?? quote, escape: given.escape ?? escape, rowEnd, spaced }
          found.push(tried(bytes, cut || head.length > looked, { ...dialect, header: true, separatorLine: false }))
        }
  return found.sort((a, b) => b.score - a.score)
}

function rowEnds(text: string): Dialect['rowEnd'][] {
  // Two before a newline are one that was converted twice.
  if (!/\r(?!\r*\n)/.test(text)) return ['lf']
  return text.includes('\n') ? ['lf', 'cr'] : ['cr']
}

function tried(bytes: Buffer, cut: boolean, dialect: Dialect): Candidate {
  const splitter = new RowSplitter('', dialect)
  const pieces = splitter.push(bytes)
  const open = splitter.open
  if (!cut && !open) pieces.push(...splitter.end())
  const parsed = pieces.slice(0, 500).map((piece) => parseFields(piece.bytes.toString('utf8'), dialect))
  const rows = parsed.map(({ fields }) => fields)
  const counts = new Map<number, number>()
  for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1)
  const [columns, agreeing] = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [0, 0]
  const loose = parsed.filter((row) => row.loose).length + (open && (!cut || splitter.openLines > 50) ? 1 : 0)
  // A carriage return that no quotes hold is the end of a row.
  const inRows = parsed.some(({ fields, quoted }) => fields.some((field, n) => !quoted[n] && field.includes('\r')))
  const share = rows.length === 0 ? 0 : agreeing / rows.length
  const evidence = dialect.quote === '' ? 0 : quotingEvidence(parsed, dialect)
  const score =
    columns < 2
      ? (share === 1 && loose === 0 && evidence > 0 ? oneColumn(parsed, dialect) : 0.001 * share) +
        (loose > 0 ? -0.1 : 0) +
        evidence * 0.0001
      : share -
        (loose > 0 ? 0.2 + (0.5 * loose) / Math.max(1, rows.length) : 0) +
        Math.min(columns, 30) * 0.0005 +
        evidence -
        (inRows ? 0.3 : 0) +
        // Short of other signs: quotes mean something, but not between tabs; a backslash is a backslash.
        (dialect.quote === '' ? 0 : dialect.delimiter === '\t' ? -0.0002 : 0.0002) -
        (dialect.escape === '' ? 0 : 0.0001) -
        (dialect.quote === "'" ? 0.0005 : 0) +
        // Quotes behind a blank are meant as such, or they would be part of a text that begins with a blank.
        (dialect.spaced && parsed.some(({ quoted }) => quoted.includes(true)) ? 0.005 : 0)
  return { ...dialect, rows, columns, score, header: hasHeader(rows) }
}

/** How likely it is that a table has one column of texts, whose commas are theirs: the questions of a list, say. */
function oneColumn(
  parsed: readonly { fields: string[]; quoted: boolean[] }[],
  { delimiter }: Pick<Dialect, 'delimiter'>
): number {
  const below = parsed.slice(1)
  if (!below.some(({ fields, quoted }) => quoted[0] && fields[0]!.includes(delimiter))) return 0.001
  return below.every(({ quoted }) => quoted[0]) ? 1.02 : 0.95
}

/** Signs that quotes mean something: fields that need them, or a column that is quoted throughout. */
function quotingEvidence(parsed: readonly { fields: string[]; quoted: boolean[] }[], dialect: Dialect): number {
  const special = new RegExp(`[\\r\\n${dialect.quote}${dialect.delimiter === '|' ? '\\|' : dialect.delimiter}]`)
  const needed = parsed.some(({ fields, quoted }) => fields.some((field, n) => quoted[n] && special.test(field)))
  if (needed) return 0.01
  const columns = Math.max(0, ...parsed.map(({ fields }) => fields.length))
  for (let n = 0; n < columns; n++) {
    const cells = parsed.slice(1).filter(({ fields }) => (fields[n] ?? '') !== '')
    if (cells.length >= 2 && cells.every(({ quoted }) => quoted[n])) return 0.01
  }
  return 0
}

/** Whether the first row names the columns: it is not like the rows below it. */
export function hasHeader(rows: readonly string[][]): boolean {
  const [first, ...rest] = rows
  if (!first || first.some((cell) => /^-?\d+([.,]\d+)?$/.test(cell.trim()))) return first === undefined
  if (isHead(first)) return true
  if (new Set(first.filter(Boolean)).size < first.filter(Boolean).length) return false
  if (namesOnly(first)) return !first.some((cell, n) => cell !== '' && repeats(cell, n, rest))
  // Longer names are names still where they are nothing like what stands below them.
  return first.every((cell, n) => cell.length <= 60 && !/[.!?]["')\]]?$/.test(cell) && !repeats(cell, n, rest))
}

function repeats(cell: string, column: number, rows: readonly string[][]): boolean {
  return rows.some((row) => row[column] === cell)
}

/** Each cell is a word or two, as names of columns are, and no short question or sentence. */
function namesOnly(row: readonly string[]): boolean {
  return row.every(
    (cell) => cell.length <= 40 && cell.trim().split(/\s+/).length <= 3 && !/\s.*[.!?]["')\]]?$/.test(cell)
  )
}
