/** The second count of records, of JSON, tables with quotes, workbooks and Parquet: as many as are read, and an import that loses some. */
import { parquetWriteBuffer } from 'hyparquet-writer'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import type { ImportFormat, Reading } from '../../../src/main/contract/import.ts'
import { detectFormat } from '../../../src/main/data/import/detect.ts'
import { formats } from '../../../src/main/data/import/formats.ts'
import { JsonCount } from '../../../src/main/data/import/json-count.ts'
import { recountOf } from '../../../src/main/data/import/recount.ts'
import { SheetCount } from '../../../src/main/data/import/sheet-count.ts'
import { workbook } from '../../../src/main/files/workbook.ts'
import { Random } from '../../../src/main/random/random.ts'
import { importFiles } from './run-import.ts'

const folder = mkdtempSync(join(tmpdir(), 'lab-recount-'))
afterAll(() => rmSync(folder, { recursive: true }))
const random = new Random('recount')

const awkward = ['a "quoted" one', 'back\\slash\\', '[1, {2', '}],:', 'é漢\u2028', '', 'x\ny', '\\"', '"']
const text = (): string => awkward[random.below(awkward.length)]! + awkward[random.below(awkward.length)]!
const some = <T>(make: (n: number) => T): T[] => Array.from({ length: random.between(1, 12) }, (_, n) => make(n))
const record = (n: number) => ({ question: `${n} ${text()}`, answer: text(), more: { deep: [[text()], { a: [n] }] } })

/** Files of every layout; written with and without blanks. */
const layouts: Record<string, () => { value: unknown; reading?: Reading }> = {
  'a list': () => ({ value: some(record) }),
  'a list in an object': () => ({ value: { version: text(), data: some(record), names: [text()], more: {} } }),
  'one of several lists': () => ({ value: { train: some(record), test: some(record) }, reading: { part: 'test' } }),
  'all of several lists': () => ({ value: { train: some(record), test: some(record) }, reading: { part: '*' } }),
  'lists by column': () => {
    const rows = some(record)
    return { value: { question: rows.map((row) => row.question), answer: rows.map((row) => row.answer) } }
  },
  'objects by column': () => {
    const rows = [record(0), ...some(record)]
    const by = (name: 'question' | 'answer') => Object.fromEntries(rows.map((row, n) => [n, row[name]]))
    return { value: { question: by('question'), answer: by('answer') } }
  },
  'columns and data': () => ({
    value: { columns: ['question', 'answer'], index: [0], data: some((n) => [`${n}`, text()]) }
  }),
  'an object by key': () => ({
    value: Object.fromEntries([0, ...some((n) => n + 1)].map((n) => [`key ${n} ${text()}`, record(n)]))
  }),
  'one record': () => ({ value: { question: text(), answer: text() } }),
  SQuAD: () => ({
    value: {
      version: '1.1',
      data: some(() => ({
        title: text(),
        paragraphs: some(() => ({
          context: text(),
          qas: some((n) => ({ id: `${n}`, question: text(), answers: [{ text: text(), answer_start: 0 }] }))
        }))
      }))
    }
  })
}

async function bothCounts(path: string, format: ImportFormat, reading: Reading): Promise<[number, number]> {
  const file = { path, name: 'file' }
  const recount = (await recountOf(file, format, reading))!
  const watch = (chunk: Buffer): void => {
    for (let at = 0; at < chunk.length;) {
      const next = at + random.between(1, 40)
      recount.push(chunk.subarray(at, next))
      at = next
    }
  }
  const read: { bytes: number; passed?: number; watch: typeof watch } = { bytes: 0, watch }
  let records = 0
  for await (const batch of formats[format].read(file, read, null, reading)) records += batch.length
  return [recount.records() - (read.passed ?? 0), records]
}

test.each(Object.keys(layouts))('JSON as %s', async (name) => {
  for (let round = 0; round < 25; round++) {
    const { value, reading = {} } = layouts[name]!()
    const path = join(folder, 'file.json')
    const json = JSON.stringify(value, null, [0, 2, '\t'][round % 3])
    writeFileSync(path, json)
    const format = await detectFormat({ path, name: 'file.json' })
    if (format === 'jsonl') continue
    const [own, records] = await bothCounts(path, format, reading)
    expect(own, json).toBe(records)
    expect(records).toBeGreaterThan(0)
  }
})

test('JSON in pieces of any size: values, elements, members', () => {
  const json = '{"a\\"":[1,{"x":[]},"]"] , "b":{"y":1,"z":{}},"c":-1.5e3, "d" : [] ,"e":"\\\\","a\\"":[[2]]}'
  for (let size = 1; size <= json.length; size++) {
    const count = new JsonCount()
    for (let at = 0; at < json.length; at += size) count.push(Buffer.from(json.slice(at, at + size)))
    expect(count.values).toBe(1)
    const zero = { elements: 0, records: 0, objects: 0, entries: 0, scalars: 0 }
    expect(Object.fromEntries(count.members)).toEqual({
      'a"': { ...zero, elements: 4, records: 1 },
      b: { ...zero, objects: 1, entries: 2 },
      c: { ...zero, scalars: 1 },
      d: zero,
      e: { ...zero, scalars: 1 }
    })
  }
  const several = new JsonCount()
  several.push(Buffer.from(' ["a",["b"]]\n["c",["d"]] 12 null\t"x" {}'))
  expect(several.values).toBe(6)
})

const cells = ['plain', 'a "b" c', 'x\ny', 'comma, semicolon;', '', "it's", ' 5" disk', 'end\r', 'tab\t', '\\', 'é漢']
test('tables with quotes in every dialect', async () => {
  for (let round = 0; round < 150; round++) {
    const delimiter = [',', ';', '\t', '|'][round % 4]! as ',' | ';'
    const escape = round % 5 === 0 ? '\\' : ''
    const end = ['\n', '\r\n', '\r', '\n\n', '\r\r\n'][random.below(5)]!
    const cell = (): string => {
      const word = cells[random.below(cells.length)]!
      const quoted = escape
        ? word.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
        : word.replaceAll('"', '""').replaceAll('\\', '')
      return `"${quoted}"`
    }
    const rows = Array.from({ length: random.between(2, 30) }, () =>
      random.uniform() < 0.1
        ? ''
        : random.uniform() < 0.2
          ? `bare${delimiter}5" disk`
          : [cell(), cell()].join(delimiter)
    )
    const path = join(folder, 'file.csv')
    const table = [`question${delimiter}answer`, ...rows].join(end) + (random.uniform() < 0.5 ? end : '')
    writeFileSync(path, (round % 7 === 0 ? `sep=${delimiter}${end}` : '') + table)
    const reading: Reading = { delimiter, quote: '"', escape, header: true }
    const [own, records] = await bothCounts(path, 'csv', reading)
    expect(own, JSON.stringify(table)).toBe(records)
  }
})

test('workbooks with empty rows', async () => {
  for (let round = 0; round < 8; round++) {
    const rows = some((n) => (random.uniform() < 0.3 ? ['', ''] : [`question ${n}`, text()]))
    const path = join(folder, 'file.xlsx')
    writeFileSync(
      path,
      Buffer.from(await workbook([{ name: 'a', rows: [['question', 'answer'], ['first', ''], ...rows] }]))
    )
    const [own, records] = await bothCounts(path, 'xlsx', {})
    expect(own).toBe(records)
    expect(records).toBe(1 + rows.filter(([first]) => first !== '').length)
  }
})

test('rows of a sheet in its XML, in pieces of any size', () => {
  const xml =
    '<?xml version="1.0"?><x:worksheet><x:sheetData><x:row r="1"><x:c t="inlineStr"><x:is><x:t><![CDATA[<row> ]]></x:t></x:is></x:c></x:row>' +
    '<!-- <row r="2"> --><x:row r="3"/><x:row\n r="4"></x:row></x:sheetData><x:rowBreaks><x:brk/></x:rowBreaks></x:worksheet>'
  for (let size = 1; size <= xml.length; size++) {
    const count = new SheetCount()
    for (let at = 0; at < xml.length; at += size) count.push(Buffer.from(xml.slice(at, at + size)))
    expect(count.records(), `pieces of ${size}`).toBe(3)
  }
})

const questions = Array.from({ length: 20 }, (_, n) => ({ question: `question ${n}`, answer: 'x' }))
const column = (name: 'question' | 'answer') => questions.map((row) => row[name])
const files: Record<string, [format: ImportFormat, file: Buffer]> = {
  'a.json': ['json', Buffer.from(JSON.stringify(questions))],
  'columns.json': ['json', Buffer.from(JSON.stringify({ question: column('question'), answer: column('answer') }))],
  'lists.json': ['json', Buffer.from(JSON.stringify({ data: questions }))],
  'quoted.csv': [
    'csv',
    Buffer.from(
      `question,answer\n${column('question')
        .map((q) => `"${q}\n",x`)
        .join('\n')}`
    )
  ],
  'quoted.tsv': [
    'tsv',
    Buffer.from(
      `question\tanswer\n${column('question')
        .map((q) => `"${q}"\tx`)
        .join('\n')}`
    )
  ],
  'a.xlsx': [
    'xlsx',
    Buffer.from(
      await workbook([{ name: 'a', rows: [['question', 'answer'], ...questions.map((q) => [q.question, q.answer])] }])
    )
  ],
  'lines.json': [
    'line-array',
    Buffer.from(questions.map((q) => JSON.stringify([q.question, [q.answer], ''])).join('\n'))
  ],
  'task.json': [
    'natural-instructions',
    Buffer.from(
      JSON.stringify({
        Definition: ['Answer.'],
        Instances: questions.map((q) => ({ input: q.question, output: [q.answer] }))
      })
    )
  ],
  'a.parquet': [
    'parquet',
    Buffer.from(
      parquetWriteBuffer({
        columnData: [
          { name: 'question', data: column('question'), type: 'STRING' },
          { name: 'answer', data: column('answer'), type: 'STRING' }
        ]
      })
    )
  ]
}

test.each(Object.entries(files))('%s, read whole and with one record lost', async (name, [format, file]) => {
  const options = formats[format].mapping === 'asked' ? { mapping: { input: 'question', output: 'answer' } } : {}
  expect((await importFiles({ [name]: file }, options)).output.examples).toBe(20)
  const whole = formats[format].read.bind(formats[format])
  onTestFinished(() => void (formats[format].read = whole))
  let lost = false
  formats[format].read = async function* (...all) {
    for await (const batch of whole(...all)) {
      if (batch.length < 19) yield batch
      else {
        lost = true
        yield batch.slice(1)
      }
    }
  }
  await expect(importFiles({ [name]: file }, options)).rejects.toMatchObject({
    code: 'records-lost',
    details: { own: 20, records: 19 },
    message: expect.stringContaining('20 records, but 19 were read') as string
  })
  expect(lost).toBe(true)
})
