import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readQuerySets } from '../../src/main/data/import/query-sets.ts'
import { readRows } from '../../src/main/data/import/xlsx-rows.ts'
import { openWorkbook } from '../../src/main/data/import/xlsx-workbook.ts'
import { workbook } from '../../src/main/files/workbook.ts'

const folder = mkdtempSync(join(tmpdir(), 'recross-book-'))

test('any texts read back from the workbook as they were', async () => {
  // What a person may have in a cell: formulas that are none, quotes, line ends, emoji, control characters, what looks like an escape.
  const text = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    fc.constantFrom('=1+1', '"a", <b> & c', 'a\nb', '_x000B_', '\u000b', '😀', '\ud83d', '+49 30', ']]>')
  )
  const asText = text.filter((one) => one.trim() !== '')
  await fc.assert(
    fc.asyncProperty(fc.array(asText, { minLength: 1, maxLength: 12 }), async (texts) => {
      const path = join(folder, 'book.xlsx')
      writeFileSync(path, await workbook([{ name: 'all [of] it', rows: [['question'], ...texts.map((one) => [one])] }]))
      const [set] = await readQuerySets(path)
      const plain = (one: string) => one.replaceAll('\r\n', '\n').replaceAll('\r', '\n').trim()
      expect(set!.queries.map(({ input }) => plain(input))).toEqual(texts.map(plain))
    }),
    { numRuns: 30 }
  )
})

test('a text longer than a cell can hold says in its cell that it was cut, and is whole in parts on a last sheet', async () => {
  const path = join(folder, 'long.xlsx')
  // Around the limit, far over it, and with characters of two units wherever a cut may fall.
  const fits = 'x'.repeat(32_767)
  const long = ['y'.repeat(32_768), 'long text '.repeat(4000), `a${'😀'.repeat(20_000)}`, '😀'.repeat(70_000)]
  const rows = [['id', 'answer'], ...[fits, ...long].map((text, at) => [at + 1, text])]
  // The name is taken already: the last sheet finds another, and the cells name that.
  const taken = { name: 'Long texts', rows: [['question'], ['short']] }
  writeFileSync(path, await workbook([{ name: 'answers', rows }, taken]))
  const [answers, , whole] = await sheetsIn(path, ['answers', 'Long texts', 'Long texts 2'])
  expect(answers![1]![1]).toBe(fits)
  long.forEach((text, at) => {
    const shown = String(answers![at + 2]![1])
    const note = `… [cut here: all ${text.length} characters are on the sheet "Long texts 2"]`
    expect(shown.endsWith(note)).toBe(true)
    expect(shown.length).toBeLessThanOrEqual(32_767)
    expect(text.startsWith(shown.slice(0, -note.length))).toBe(true)
    expect(shown.isWellFormed()).toBe(true)
  })
  const [header, ...parts] = whole!
  expect(header).toEqual(['sheet', 'cell', 'part', 'of_parts', 'text'])
  long.forEach((text, at) => {
    const mine = parts.filter(([sheet, cell]) => sheet === 'answers' && cell === `B${at + 3}`)
    expect(mine.map(([, , part, of]) => [Number(part), Number(of)])).toEqual(
      mine.map((_, number) => [number + 1, mine.length])
    )
    expect(mine.map(([, , , , part]) => part).join('')).toBe(text)
  })
  expect(parts.every(([, , , , part]) => String(part).length <= 32_767)).toBe(true)
})

test('a workbook whose texts all fit has no further sheet; names of sheets are made fit, each once', async () => {
  const path = join(folder, 'names.xlsx')
  const sheet = { name: 'a/b '.repeat(20), rows: [['question'], ['x']] }
  writeFileSync(path, await workbook([sheet]))
  await expect(readQuerySets(path)).resolves.toHaveLength(1)
  writeFileSync(path, await workbook([sheet, sheet]))
  await expect(readQuerySets(path)).rejects.toThrow(/several sheets.*: [ab ]+, [ab ]+ 2\. /)
})

/** The cells of every sheet, whose names are as expected. */
async function sheetsIn(path: string, names: readonly string[]): Promise<string[][][]> {
  const file = { path, name: basename(path) }
  const book = await openWorkbook(file)
  try {
    expect(book.sheets.map(({ name }) => name)).toEqual(names)
    const all: string[][][] = []
    for (const sheet of book.sheets) {
      const rows: string[][] = []
      for await (const some of readRows(book, sheet, file, { bytes: 0 })) rows.push(...some.map(({ cells }) => cells))
      all.push(rows)
    }
    return all
  } finally {
    book.zip.close()
  }
}
