/** The second count of a file's records, in whatever pieces the file comes, against the readers; and an import that loses some. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { formats } from '../../../src/main/data/import/formats.ts'
import { importDataset } from '../../../src/main/data/import/import-dataset.ts'
import { recountOf } from '../../../src/main/data/import/recount.ts'
import { Random } from '../../../src/main/random/random.ts'

const folder = mkdtempSync(join(tmpdir(), 'lab-lines-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ends = ['\n', '\r\n', '\r', '\n\n', '\n \t\n', '\r\n\r\n']

/** A file of lines, with empty ones, ended in every way; with `quotes` some cells are quoted and hold line ends. */
function randomFile(random: Random, format: 'jsonl' | 'text' | 'csv' | 'tsv', quotes: boolean): string {
  const delimiter = format === 'tsv' ? '\t' : ','
  const word = () => 'abcdeé€ü漢'.slice(random.below(4), 4 + random.below(5))
  const cell = () => (quotes && random.uniform() < 0.1 ? `"${word()}\n\n${word()}"` : word())
  const line = () => {
    if (format === 'jsonl') return JSON.stringify({ input: word(), output: word() })
    return format === 'text' ? word() : [cell(), cell()].join(delimiter)
  }
  // One way to end lines a table, as its reader expects; mixed ones elsewhere.
  const table = format === 'csv' || format === 'tsv'
  const tableEnds = [['\n'], ['\r\n'], ['\r'], ['\n', '\n\n']][random.below(4)]!
  const end = () => (table ? tableEnds[random.below(tableEnds.length)]! : ends[random.below(ends.length)]!)
  const head = table ? `input${delimiter}output${tableEnds[0]!}` : ''
  const body = Array.from({ length: random.between(3, 60) }, () => line() + end()).join('')
  return head + (random.uniform() < 0.5 ? body : body.trimEnd())
}

test('lines counted apart are as many as the records that are read', async () => {
  const random = new Random(12)
  for (let round = 0; round < 160; round++) {
    const format = (['jsonl', 'text', 'csv', 'tsv'] as const)[round % 4]!
    const path = join(folder, `file.${format}`)
    const text = randomFile(random, format, round % 8 >= 4)
    writeFileSync(path, text)
    const file = { path, name: 'file' }
    const lines = (await recountOf(file, format, {}))!
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length;) {
      const next = at + random.between(1, 9)
      lines.push(bytes.subarray(at, next))
      at = next
    }
    let records = 0
    for await (const batch of formats[format].read(file, { bytes: 0 }, null, {})) records += batch.length
    expect(lines.records(), JSON.stringify(text)).toBe(records)
  }
})

test('an import that reads fewer records than there are lines imports nothing', async () => {
  const path = join(folder, 'lost.jsonl')
  writeFileSync(path, Array.from({ length: 20 }, (_, n) => `{"input":"question ${n}","output":"x"}\n`).join(''))
  const whole = formats.jsonl.read.bind(formats.jsonl)
  onTestFinished(() => void (formats.jsonl.read = whole))
  formats.jsonl.read = async function* (...all) {
    for await (const batch of whole(...all)) yield batch.slice(0, -1)
  }
  const hooks = { report: () => undefined, log: () => undefined, paused: () => Promise.resolve() }
  const input = {
    ...{ datasetId: 'd', name: 'd', kind: 'upstream' as const, files: [path], format: null, root: null, reading: {} },
    ...{ mapping: null, labels: {}, groupsFile: null, querySetsFile: null, sampleQueries: null, skipLimit: 0 },
    ...{ licence: '', source: '' }
  }
  await expect(importDataset(input, join(folder, 'out'), hooks)).rejects.toMatchObject({
    code: 'records-lost',
    details: { own: 20, records: 19 }
  })
})
