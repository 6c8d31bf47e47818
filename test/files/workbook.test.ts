import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readQuerySets } from '../../src/main/data/import/query-sets.ts'
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

test('a text longer than a cell can hold is cut; names of sheets are made fit, each once', async () => {
  const path = join(folder, 'long.xlsx')
  const sheet = { name: 'a/b '.repeat(20), rows: [['question'], ['x'.repeat(40_000)]] }
  writeFileSync(path, await workbook([sheet]))
  const [set] = await readQuerySets(path)
  expect(set!.queries[0]!.input).toBe(`${'x'.repeat(32_766)}…`)
  writeFileSync(path, await workbook([sheet, sheet]))
  await expect(readQuerySets(path)).rejects.toThrow(/several sheets.*: [ab ]+, [ab ]+ 2\. /)
})
