import { gzipSync } from 'node:zlib'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { previewImport } from '../../../src/main/data/import/preview.ts'
import { importFiles, importPaths, newFolder, packings } from './run-import.ts'

const lines = [
  ['Is it good?\nYes or no?', ['yes', 'it is'], 'imdb|train|ask|#4'],
  ['The word "été" – 夏 🚀', ['summer'], 'words|train|give | or take|#5']
]
const rows = lines.map(([input, outputs]) => ({ input, output: (outputs as string[])[0], task: 'films' }))
const csvCell = (text: unknown): string => `"${String(text).replaceAll('"', '""')}"`
const table = (delimiter: string): string =>
  [['input', 'output', 'task'], ...rows.map((row) => [row.input, row.output, row.task].map(csvCell))]
    .map((cells) => cells.join(delimiter))
    .join('\r\n')

const byName: Record<string, { name: string; content: string }> = {
  'line array': { name: 'a.json', content: JSON.stringify(lines) },
  'line array, a value a line': { name: 'a.json', content: JSON.stringify(lines, null, 0).replaceAll(',', ',\n') },
  'lines of rows': { name: 'a.jsonl', content: lines.map((line) => JSON.stringify(line)).join('\n') },
  'JSON list': { name: 'a.json', content: JSON.stringify(rows, null, 2) },
  'JSON with the list inside': { name: 'a.json', content: JSON.stringify({ version: '1.0', note: 3, data: rows }) },
  'JSON, indented, list inside': { name: 'a.json', content: JSON.stringify({ version: '1', data: rows }, null, 1) },
  'JSON lines': { name: 'a.jsonl', content: rows.map((row) => JSON.stringify(row)).join('\n') + '\n' },
  'JSON lines with CRLF': { name: 'a.jsonl', content: rows.map((row) => JSON.stringify(row)).join('\r\n') },
  'original JSON lines': {
    name: 'films_train.jsonl',
    content: rows.map((row) => JSON.stringify({ input_text: row.input, output_text: row.output })).join('\n')
  },
  CSV: { name: 'a.csv', content: table(',') },
  TSV: { name: 'a.tsv', content: table('\t') }
}

describe.each(Object.entries(byName))('%s', (title, { name, content }) => {
  it.each(Object.keys(packings))('is read, %s', async (packing) => {
    const { examples, output } = await importFiles({ [name]: packings[packing]!(content) })
    expect(examples.map((example) => example.input)).toEqual(lines.map(([input]) => input))
    expect(examples.map((example) => example.outputs[0])).toEqual(['yes', 'summer'])
    expect(output).toMatchObject({ examples: 2, rejected: 0 })
    if (/rows|line array/.test(title)) {
      expect(examples.map(({ task, template }) => [task, template])).toEqual([
        ['imdb', 'ask'],
        ['words', 'give | or take']
      ])
      expect(examples[0]!.outputs).toEqual(['yes', 'it is'])
    } else expect(examples[0]!.task).toBe('films')
  })

  it.each([
    ['a byte order mark', (text: string) => Buffer.from('\ufeff' + text)],
    ['UTF-16 LE', (text: string) => Buffer.from('\ufeff' + text, 'utf16le')],
    ['UTF-16 BE', (text: string) => Buffer.from('\ufeff' + text, 'utf16le').swap16()],
    ['UTF-16 LE without a mark', (text: string) => Buffer.from(text, 'utf16le')]
  ])('is read with %s', async (_, encode) => {
    const { examples } = await importFiles({ [name]: encode(content) })
    expect(examples.map((example) => example.input)).toEqual(lines.map(([input]) => input))
  })
})

describe('columns', () => {
  it('of prompt collections: lists, choices, no token ids', async () => {
    const { examples } = await importFiles({
      'p3.jsonl': JSON.stringify({
        inputs: [1, 2, 3],
        inputs_pretokenized: 'Is it so?',
        targets: [4],
        targets_pretokenized: ['yes'],
        answer_choices: 'yes ||| no',
        idx: 7
      })
    })
    expect(examples[0]).toMatchObject({
      input: 'Is it so?',
      outputs: ['yes'],
      choices: ['yes', 'no'],
      sourceId: '7',
      task: 'p3'
    })
  })

  it('are mapped as asked, with patterns, lists in cells and numbers', async () => {
    const mapping = { input: '{a} and {b}', output: 'label', choices: 'c', group: 'g', taskName: 'pairs' }
    const content = 'a,b,label,c,g\none,two,3,"[""3"",""4""]",sums\n'
    const { examples } = await importFiles({ 'x.csv': content }, { mapping })
    expect(examples[0]).toMatchObject({
      input: 'one and two',
      outputs: ['3'],
      choices: ['3', '4'],
      group: 'sums',
      task: 'pairs'
    })
  })

  it('must exist, and must be told where they have no usual names', async () => {
    const content = 'left,right\n1,2\n'
    await expect(importFiles({ 'x.csv': content })).rejects.toMatchObject({
      code: 'mapping-needed',
      message: expect.stringContaining('left, right') as string
    })
    const mapping = { input: 'left', output: 'wrong' }
    await expect(importFiles({ 'x.csv': content }, { mapping })).rejects.toMatchObject({ code: 'no-such-column' })
  })
})

it('Super-NaturalInstructions: definition before the input, categories as group, wherever they stand', async () => {
  const task = {
    Instances: [
      { id: 'i1', input: 'Good film', output: ['positive', 'pos'] },
      { id: 'i2', input: 'Bad film', output: ['negative'] }
    ],
    Categories: ['Sentiment Analysis'],
    Definition: ['Say if the review is positive.'],
    'Positive Examples': [{ input: 'x', output: 'y', explanation: 'z' }]
  }
  for (const indent of [0, 4]) {
    const { examples } = await importFiles({ 'task363_sst2.json': JSON.stringify(task, null, indent) })
    expect(examples).toHaveLength(2)
    expect(examples[0]).toMatchObject({
      input: 'Say if the review is positive.\n\nInput: Good film\n\nOutput:',
      outputs: ['positive', 'pos'],
      task: 'task363_sst2',
      group: 'Sentiment Analysis',
      sourceId: 'i1'
    })
  }
})

it('groups, query sets and choices of a target', async () => {
  const folder = newFolder()
  const groupsFile = join(folder, 'groups.json')
  writeFileSync(groupsFile, JSON.stringify({ truth: ['facts'], other: ['imdb'] }))
  const querySetsFile = join(folder, 'fewshot.json.gz')
  const row = ['Is it true?', ['yes'], 'facts|train|a|#1']
  writeFileSync(
    querySetsFile,
    gzipSync(JSON.stringify({ 2: { 'round#0': [row, row] }, 1: { 'round#1': [row], 'round#0': [row] } }))
  )
  const tests = Array.from({ length: 12 }, (_, n) => [`Fact ${n}?`, [n % 2 ? 'yes' : 'no'], `facts|test|a|#${n >> 1}`])
  const { examples, output } = await importFiles(
    { 'test.json': JSON.stringify(tests) },
    { kind: 'target', groupsFile, querySetsFile }
  )
  expect(examples[3]).toMatchObject({ group: 'truth', choices: ['no', 'yes'], sourceItem: 2 })
  expect(output.querySets.map(({ size, round, queries }) => [size, round, queries.length])).toEqual([
    [1, 0, 1],
    [1, 1, 1],
    [2, 0, 2]
  ])
  expect(output.querySets[0]!.queries[0]).toEqual({
    input: 'Is it true?',
    outputs: ['yes'],
    sourceId: 'facts|train|a|#1'
  })
  expect(output.sourceItems).toBe(6)
})

it('a folder as the original has it: test examples and query sets of a target beside each other', async () => {
  const folder = newFolder()
  const task = join(folder, 'facts')
  mkdirSync(task)
  const row = ['Is it true?', ['yes'], 'facts|train|a|#1']
  writeFileSync(join(task, 'fewshot.json.gz'), gzipSync(JSON.stringify({ 1: { 'round#0': [row], 'round#1': [row] } })))
  writeFileSync(join(task, 'test-1000.json'), JSON.stringify([['Fact?', ['no'], 'facts|test|a|#1']]))
  const target = await importPaths([task], { kind: 'target' }, folder)
  expect(target.examples.map(({ input }) => input)).toEqual(['Fact?'])
  expect(target.output.querySets.map(({ size, round }) => [size, round])).toEqual([
    [1, 0],
    [1, 1]
  ])
  const upstream = await importPaths([task], { kind: 'upstream' })
  expect(upstream.examples).toHaveLength(1)
  expect(upstream.output.querySets).toEqual([])
  const preview = await previewImport({ file: task, format: null, mapping: null }, newFolder())
  expect(preview.rows.map(({ input }) => input)).toEqual(['Fact?'])
})

it('a folder with several formats, tasks from the names', async () => {
  const folder = newFolder()
  mkdirSync(join(folder, 'data', 'qa_task'), { recursive: true })
  writeFileSync(join(folder, 'data', 'a.csv'), 'input,output\nq1,a1\n')
  writeFileSync(join(folder, 'data', 'qa_task', 'train-00000-of-00002.jsonl'), '{"input":"q2","output":"a2"}\n')
  writeFileSync(join(folder, 'data', 'README.md'), 'read me')
  const { examples } = await importPaths([join(folder, 'data')])
  expect(examples.map(({ task, input }) => [task, input])).toEqual([
    ['a', 'q1'],
    ['qa_task', 'q2']
  ])
})

it('the same content has the same hash, whatever its packing and whitespace', async () => {
  const contents = [JSON.stringify(lines), JSON.stringify(lines, null, 3), gzipSync(JSON.stringify(lines))]
  const hashes = []
  for (const content of contents) hashes.push((await importFiles({ 'a.json': content })).output.contentHash)
  expect(new Set(hashes).size).toBe(1)
})
