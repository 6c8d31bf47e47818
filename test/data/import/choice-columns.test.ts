import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { previewImport } from '../../../src/main/data/import/preview.ts'
import { importFiles, newFolder } from './run-import.ts'

/** Choices come as columns, as objects by name, and as lists of numbers: nothing of them is lost, and no number is taken for another. */

const texts = ['red', 'green', 'blue', 'grey']
const letters = ['A', 'B', 'C', 'D']
/** What people call the column of a choice, by its place. */
const named: Record<string, (place: number) => string> = {
  letters: (n) => letters[n]!,
  'small letters': (n) => letters[n]!.toLowerCase(),
  option_a: (n) => `option_${letters[n]!.toLowerCase()}`,
  optionA: (n) => `option${letters[n]!}`,
  'Option 1': (n) => `Option ${n + 1}`,
  choice1: (n) => `choice${n + 1}`,
  ans0: (n) => `ans${n}`,
  opa: (n) => `op${letters[n]!.toLowerCase()}`,
  ending0: (n) => `ending${n}`
}
/** How the right one is named: the places of the rows are 2, 0 and 3. */
const places = [2, 0, 3]
const answers: Record<string, (place: number) => string> = {
  letters: (n) => letters[n]!,
  'numbers from 0': (n) => `${n}`,
  texts: (n) => texts[n]!
}

async function looked(name: string, text: string) {
  const folder = newFolder()
  const path = join(folder, name)
  writeFileSync(path, text)
  return previewImport({ file: path, format: null, mapping: null, kind: 'target' }, folder)
}

describe('a column for each choice', () => {
  it.each(Object.keys(named).flatMap((columns) => Object.keys(answers).map((answer) => [columns, answer] as const)))(
    'called as %s, answered by %s',
    async (columns, answer) => {
      const head = ['question', ...texts.map((_, n) => named[columns]!(n)), 'answer']
      const rows = places.map((place, n) => [`Which is it, ${n}?`, ...texts, answers[answer]!(place)])
      const csv = [head, ...rows].map((cells) => cells.join(',').replace(/(Which[^?]*\?)/, '"$1"')).join('\n')
      const { examples } = await importFiles({ 'set.csv': csv })
      expect(examples.map(({ outputs }) => outputs)).toEqual(places.map((place) => [texts[place]]))
      expect(examples.map(({ choices }) => choices)).toEqual(places.map(() => texts))
    }
  )

  it.each([
    ['answers that are none of them', 'question,A,B,answer\nq?,x,y,maybe so\nr?,x,y,not at all\n'],
    ['columns with a gap', 'question,option1,option3,answer\nq?,x,y,x\n'],
    ['pairs', 'question,text1,text2,answer\nq?,x,y,1\nr?,x,y,0\n']
  ])('%s are no choices', async (_, csv) => {
    expect((await looked('set.csv', csv)).mapping).not.toHaveProperty('choices')
  })
})

it('choices by their names, as an object or as its text, are choices, and letters are theirs', async () => {
  const options = { A: 'red', B: 'green' }
  const rows = [options, "{'A': 'red', 'B': 'green'}"].map((given) => ({ question: 'q?', options: given, answer: 'B' }))
  const { examples } = await importFiles({ 'x.jsonl': rows.map((row) => JSON.stringify(row)).join('\n') })
  expect(examples.map(({ outputs, choices }) => [outputs, choices])).toEqual(
    rows.map(() => [['green'], ['red', 'green']])
  )
})

it('numbers among choices that are numbers are asked about, unless both readings are one', async () => {
  const rows = (choices: string[], answer: unknown[]): string =>
    answer.map((value) => JSON.stringify({ question: 'q?', choices, answer: value })).join('\n')
  const open = await looked('x.jsonl', rows(['1', '2', '3', '4'], [1, 2]))
  const asked = open.findings.find(({ code }) => code === 'answer-numbers')!
  expect(asked).toMatchObject({ level: 'stop', message: expect.stringContaining('--answer text or index') as string })
  expect(asked.remedies.map(({ mapping }) => (mapping as { answer?: string }).answer)).toEqual(['text', 'index'])
  const settled = await looked('x.jsonl', rows(['0', '1'], [1, 0]))
  expect(settled.mapping).toMatchObject({ answer: 'text' })
})

it('turns of a talk that nothing takes are named', async () => {
  const rows = [1, 2].map((n) => ({
    instruction: `Go on, ${n}.`,
    input: '',
    output: 'So.',
    history: [[`Where is it, ${n}?`, `It is here, ${n}.`]]
  }))
  const { findings } = await looked('x.json', JSON.stringify(rows))
  expect(findings).toMatchObject([{ code: 'columns-left-out', level: 'ask', remedies: [] }])
})

it('a first row whose answer is null does not decide how all are read', async () => {
  const { mapping, problems, rows } = await looked(
    'x.jsonl',
    '{"question":"a?","answer":null}\n{"question":"c?","answer":"d"}'
  )
  expect(mapping).toEqual({ input: 'question', output: 'answer' })
  expect([problems.length, rows.length]).toEqual([1, 1])
})

describe('by columns', () => {
  it('rows go by their keys, whatever order each column has them in', async () => {
    const json = '{"question": {"x": "a?", "y": "c?"}, "answer": {"y": "d", "x": "b"}}'
    const { examples } = await importFiles({ 'x.json': json })
    expect(examples.map(({ input, outputs, sourceId }) => [input, outputs[0], sourceId])).toEqual([
      ['a?', 'b', 'x'],
      ['c?', 'd', 'y']
    ])
  })

  it.each([
    [
      'keys that one column lacks',
      '{"question": {"x": "a?", "y": "c?"}, "answer": {"x": "d", "z": "b"}}',
      /row "y" of question/
    ],
    [
      'a value too many',
      '{"columns":["question","answer"],"data":[["a?","b","c"],["d?","e"]]}',
      /a list of 2 values.*found 3/
    ]
  ])('%s are told', async (_, json, expected) => {
    await expect(importFiles({ 'x.json': json })).rejects.toThrow(expected)
  })
})
