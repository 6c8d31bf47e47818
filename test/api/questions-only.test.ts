import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Subject } from '../../src/main/contract/comparison.ts'
import { compare } from '../../src/main/evaluation/comparison.ts'
import { scoreRows } from '../../src/main/evaluation/metrics/metrics.ts'
import { newHome, openLab, untilJob } from '../hosts/fixture.ts'

type Lab = Awaited<ReturnType<typeof openLab>>

async function imported(lab: Lab, name: string, content: string, options: object = {}) {
  const file = join(newHome(), name)
  writeFileSync(file, content)
  const job = await lab.client.data.import({ name, kind: 'target', files: [file], ...options })
  const done = await untilJob(lab, job.id, 'finished', 'failed')
  expect(done.error).toBeNull()
  const target = (await lab.client.targets.list()).find((one) => one.name === name)!
  return { target, sets: await lab.client.targets.querySets({ id: target.id }) }
}

test('questions without answers are a target that queries itself; more come typed, pasted or from a file', async () => {
  const lab = await openLab()
  const lines = Array.from({ length: 40 }, (_, n) => `What is said of mill number ${n} in book ${n * 7}?`)
  const { target, sets } = await imported(lab, 'mills.txt', lines.join('\n'), {
    mapping: { input: 'text', output: null }
  })
  expect(target).toMatchObject({ testExamples: 40 })
  expect(sets.map(({ size, round }) => [size, round])).toEqual([0, 1, 2, 3, 4].map((round) => [16, round]))
  const pasted = await lab.client.targets.addQueries({ id: target.id, texts: ['Where?', '  ', 'When, and why?'] })
  expect(pasted.find(({ size }) => size === 2)!.queries.map(({ input, outputs }) => [input, outputs])).toEqual([
    ['Where?', []],
    ['When, and why?', []]
  ])

  const folder = newHome()
  for (const [name, content, size] of [
    ['q.txt', 'one?\ntwo?\nthree?\n', 3],
    ['q.csv', 'nr;Frage\n1;Wo ist der Turm?\n2;Wann, bitte?\n3;Wer?\n4;Was?\n', 4],
    ['q.jsonl', '{"question":"a?","answer":"b"}\n'.repeat(5), 5],
    ['q.json', JSON.stringify({ 7: { 'round#0': Array.from({ length: 7 }, (_, n) => [`q${n}`, [], `x${n}`]) } }), 7]
  ] as const) {
    writeFileSync(join(folder, name), content)
    const all = await lab.client.targets.addQueries({ id: target.id, texts: [], file: join(folder, name) })
    expect(all.find((set) => set.size === size)?.queries).toHaveLength(size)
  }
  writeFileSync(join(folder, 'bad.csv'), 'left,right\n1,2\n')
  await expect(
    lab.client.targets.addQueries({ id: target.id, texts: [], file: join(folder, 'bad.csv') })
  ).rejects.toThrow(/left, right/)
  await expect(lab.client.targets.addQueries({ id: target.id, texts: [' '] })).rejects.toThrow(/no questions/)
})

test('query sets that an import draws are really left out of the test, with the variants of their items', async () => {
  const lab = await openLab()
  const rows = Array.from({ length: 120 }, (_, n) => [
    `Ask ${n % 3}: is mill ${n / 3 - (n % 3) / 3} of the long river old or new, and why?`,
    [n % 2 ? 'old' : 'new'],
    `mills|test|p${n % 3}|#${Math.floor(n / 3)}`
  ])
  const { target, sets } = await imported(lab, 'mills.json', JSON.stringify(rows), {
    sampleQueries: { size: 4, rounds: 3, seed: 1 }
  })
  const drawn = new Set(sets.flatMap(({ queries }) => queries.map(({ sourceId }) => sourceId.split('|#')[1])))
  expect(sets.map(({ size, inTest }) => [size, inTest])).toEqual([
    [4, 0],
    [4, 0],
    [4, 0]
  ])
  expect(target.testExamples).toBe(120 - 3 * drawn.size)
  const { examples } = await lab.client.data.search({ id: target.datasetId, text: '', limit: 200 })
  expect(examples.filter(({ sourceId }) => drawn.has(sourceId.split('|#')[1]))).toEqual([])
})

test('nothing is scored where nothing is right, and averages leave it out', () => {
  expect(scoreRows('em', [{ output: 'x', references: [] }])).toBeNull()
  const run = (strategy: 'zero-shot' | 'random', round: number) => ({
    runId: `${strategy}-${round}`,
    strategy,
    round,
    retrieved: [],
    loss: null,
    ablatedGroup: null,
    seconds: 1,
    outputs: new Map([
      ['bare', ['a', 'b']],
      ['scored', ['yes', 'no']]
    ])
  })
  const bare = { id: 'bare', name: 'Bare', references: [[], []], sourceItems: [1, 2] }
  const scored = { id: 'scored', name: 'Scored', references: [['yes'], ['yes']], sourceItems: [1, 2] }
  const input = {
    subject: { experimentId: 'e' } as Subject,
    name: 'x',
    metric: 'em' as const,
    metrics: ['em' as const],
    runs: [run('zero-shot', 0), run('random', 0), run('random', 1)]
  }
  const mixed = compare({ ...input, targets: [bare, scored] })
  expect(mixed.cells.find(({ targetId, column }) => targetId === 'bare' && column === 'zero-shot')?.summary).toBeNull()
  expect(mixed.cells.find(({ targetId, column }) => targetId === null && column === 'zero-shot')?.summary?.mean).toBe(
    50
  )
  expect(mixed.warnings[0]).toMatch(/Bare has no right answers/)
  const alone = compare({ ...input, targets: [bare] })
  expect(alone.headline.sentence).toMatch(/questions without right answers: nothing is scored/)
})
