import type { ColumnMapping, Reading } from '../../../src/main/contract/import.ts'
import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { tellEncoding, Utf8Converter } from '../../../src/main/data/import/text-encoding.ts'
import { parseFields, RowSplitter, type Dialect } from '../../../src/main/data/import/row-splitter.ts'
import { importFiles, newFolder } from './run-import.ts'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { previewImport } from '../../../src/main/data/import/preview.ts'
import { dialectOf } from '../../../src/main/data/import/table-dialect.ts'

/** Reads a table's text in chunks of a size, cell for cell. */
function cellsOf(text: string, dialect: Dialect, chunkBytes: number): string[][] {
  const splitter = new RowSplitter('x', dialect)
  const bytes = Buffer.from(text)
  const pieces = []
  for (let at = 0; at < bytes.length; at += chunkBytes)
    pieces.push(...splitter.push(bytes.subarray(at, at + chunkBytes)))
  pieces.push(...splitter.end())
  return pieces.map((piece) => parseFields(piece.bytes.toString('utf8'), dialect).fields)
}

const full = (dialect: Omit<Dialect, 'header' | 'separatorLine'>): Dialect => ({
  ...dialect,
  header: false,
  separatorLine: false
})

interface Golden extends Omit<Dialect, 'header' | 'separatorLine'> {
  rows: string[][]
  text: string
}

it("tables of Python's csv come back cell for cell, in each of 400 dialects", () => {
  const path = new URL('../../oracle/golden/python-csv.json', import.meta.url)
  const goldens = JSON.parse(readFileSync(path, 'utf8')) as Golden[]
  expect(goldens.length).toBe(400)
  for (const { rows, text, ...dialect } of goldens)
    for (const chunk of [1, 7, 1 << 16]) expect(cellsOf(text, full(dialect), chunk), text).toEqual(rows)
})

/** Writes a table as Python's csv.writer does (its C source, join_append_data), for more cases than a golden file holds. */
function written(
  rows: readonly string[][],
  { delimiter, quote, escape, rowEnd }: Dialect,
  all: boolean,
  double: boolean
): string {
  const end = rowEnd === 'cr' ? '\r' : '\n'
  const cell = (text: string, alone: boolean): string => {
    const special = (character: string) =>
      [delimiter, quote, escape, '\n', '\r'].includes(character) && character !== ''
    if (quote === '')
      return [...text].map((character) => (special(character) ? escape + character : character)).join('')
    const quoted = all || [...text].some(special) || (alone && text === '')
    if (!quoted) return text
    const inner = [...text].map((character) =>
      character === quote
        ? double
          ? quote + quote
          : escape + quote
        : character === escape
          ? escape + escape
          : character
    )
    return quote + inner.join('') + quote
  }
  return rows.map((row) => row.map((text) => cell(text, row.length === 1)).join(delimiter) + end).join('')
}

const anyDialect = fc
  .record({
    delimiter: fc.constantFrom(',', ';', '\t', '|', ':', ' '),
    quote: fc.constantFrom('"', "'", ''),
    escape: fc.constantFrom('\\', ''),
    rowEnd: fc.constantFrom('lf' as const, 'cr' as const)
  })
  .filter(({ quote, escape }) => quote !== '' || escape !== '')
  .map(full)
const anyCell = fc.string({
  unit: fc.constantFrom('a', 'é', '夏', '🚀', '"', "'", ',', ';', '\t', '|', '\\', '\n', '\r', ' ', '0', ':'),
  maxLength: 12
})
const anyTable = fc
  .integer({ min: 1, max: 5 })
  .chain((columns) =>
    fc.array(fc.array(anyCell, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 6 })
  )

it('any table, written in any dialect, comes back cell for cell', () => {
  fc.assert(
    fc.property(
      anyTable,
      anyDialect,
      fc.boolean(),
      fc.boolean(),
      fc.integer({ min: 1, max: 40 }),
      (table, dialect, all, double, chunk) => {
        // An empty line is no row: with neither quotes nor other columns, nothing can be written for an empty cell.
        const rows = dialect.quote === '' ? table.filter((row) => row.length > 1 || row[0] !== '') : table
        const text = written(rows, dialect, all, double || dialect.escape === '')
        expect(cellsOf(text, dialect, chunk)).toEqual(rows)
      }
    ),
    { numRuns: 6000 }
  )
})

describe('the dialect is told from the file', () => {
  const words = fc.constantFrom(
    'mill',
    'harbour',
    'old tower',
    'said "no"',
    'été, hiver',
    'a;b',
    'x|y',
    'line\nbreak',
    '12',
    '0,5'
  )
  const table = fc.array(fc.tuple(words, words, words), { minLength: 3, maxLength: 20 })
  it('as spreadsheets and pandas write it: delimiter, quotes, header, line ends, encoding', async () => {
    const folder = newFolder()
    let n = 0
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom(',', ';', '\t', '|'),
        fc.constantFrom('utf8', 'utf8 with mark', 'utf16le', 'latin1'),
        fc.constantFrom('\n', '\r\n', '\r'),
        async (rows, delimiter, encoding, end) => {
          const dialect = full({ delimiter, quote: '"', escape: '', rowEnd: 'lf' })
          const text = written([['frage', 'antwort', 'note'], ...rows], dialect, false, true)
          // Breaks within cells stay, line ends change.
          const lines = text.replace(/"(?:[^"]|"")*"|\n/g, (found) => (found === '\n' ? end : found))
          const bytes =
            encoding === 'utf8'
              ? Buffer.from(lines)
              : encoding === 'latin1'
                ? Buffer.from(lines, 'latin1')
                : Buffer.from(`\ufeff${lines}`, encoding === 'utf16le' ? 'utf16le' : 'utf8')
          const path = join(folder, `t${n++}.csv`)
          writeFileSync(path, bytes)
          const seen = await previewImport(
            { file: path, format: null, mapping: { input: '{frage}x', output: '{antwort}y', group: 'note' } },
            folder
          )
          expect(seen.columns, lines).toEqual(['frage', 'antwort', 'note'])
          expect(seen.rows.map(({ input, outputs, group }) => [input, outputs[0], group])).toEqual(
            rows.slice(0, 10).map(([a, b, c]) => [`${a}x`, `${b}y`, c])
          )
        }
      ),
      { numRuns: 300 }
    )
  })

  it.each<[string, string, Partial<Dialect>]>([
    ['a sep= line of Excel', 'sep=;\r\nquestion;answer\r\na,b;c\r\n', { delimiter: ';', separatorLine: true }],
    [
      'backslashes before quotes',
      'question,answer\n"He said \\"no, no\\"",x\n"a","b"\n"c","d"\n',
      { escape: '\\', quote: '"' }
    ],
    ['quotes that are text', 'a\tb\n"Well," he said\t1\n"Oh\t2\n5" x\t3\n', { quote: '', delimiter: '\t' }],
    ['tabs and quotes around every text', 'a\tb\n"x"\t1\n"y\tz"\t2\n', { quote: '"', delimiter: '\t' }],
    ['no header: numbers in the first row', '1,one day\n2,two days\n', { header: false }],
    [
      'no header: the first answer comes again',
      'The mill turns\tyes\nThe mill stands\tno\nThe mill burns\tyes\n',
      { header: false }
    ],
    ['a header of several words', 'Question text\tGood answer\nIs it so?\tyes\n', { header: true }]
  ])('%s', async (_, text, expected) => {
    const folder = newFolder()
    const path = join(folder, 'x.csv')
    writeFileSync(path, text)
    expect(await dialectOf({ path, name: 'x.csv' }, {})).toMatchObject(expected)
  })

  it('and what the user says goes before it', async () => {
    const content = 'a,b;c\nd,e;f\n'
    const read = async (reading: Reading, mapping: ColumnMapping) =>
      (await importFiles({ 'x.csv': content }, { reading, mapping })).examples.map(({ input, outputs }) => [
        input,
        outputs[0]
      ])
    expect(await read({ delimiter: ';', header: false }, { input: 'column 1', output: 'column 2' })).toEqual([
      ['a,b', 'c'],
      ['d,e', 'f']
    ])
    expect(await read({ delimiter: ',', header: true }, { input: 'a', output: 'b;c' })).toEqual([['d', 'e;f']])
  })
})

it.each([
  ['utf-8', 'été 夏', (text: string) => Buffer.from(text)],
  ['windows-1252', 'été — “quoted” €', (text: string) => encode1252(text)],
  ['utf-16le', 'été', (text: string) => Buffer.from(text, 'utf16le')]
] as const)('%s is told and read in chunks of any size', (encoding, text, encode) => {
  const bytes = encode(text.repeat(40))
  expect(tellEncoding(bytes)).toBe(encoding)
  for (const size of [1, 2, 3, 1000]) {
    const converter = new Utf8Converter(encoding)
    const parts = []
    for (let at = 0; at < bytes.length; at += size) parts.push(converter.push(bytes.subarray(at, at + size)))
    expect(Buffer.concat([...parts, converter.end()]).toString('utf8')).toBe(text.repeat(40))
  }
})

function encode1252(text: string): Buffer {
  const high: Record<string, number> = { '—': 0x97, '“': 0x93, '”': 0x94, '€': 0x80 }
  return Buffer.from([...text].map((character) => high[character] ?? character.charCodeAt(0)))
}
