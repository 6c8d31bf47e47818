import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { NewExample } from '../../src/main/data/dataset-writer.ts'
import { makeSuite } from '../../src/main/data/demo/suite.ts'
import { countQueriesIn, sampleQueries } from '../../src/main/data/sample-queries.ts'
import { sourceKey } from '../../src/main/data/source-items.ts'
import { makeDataset } from './make-dataset.ts'

const folder = mkdtempSync(join(tmpdir(), 'items-'))
afterAll(() => rmSync(folder, { recursive: true }))
let count = 0
function datasetOf(rows: NewExample[]) {
  return makeDataset(join(folder, String(++count), 'examples.db'), rows, 'target')
}
const suite = makeSuite({
  seed: 1,
  itemsPerTask: 10,
  testItems: 60,
  rounds: 1,
  queries: 4,
  stream: 'test',
  targets: 'target'
})
const tests = suite.targets.map(({ name, test }) => ({
  name,
  rows: test.map(([input, outputs, sourceId]) => ({ input, outputs, sourceId, task: name }))
}))

describe('source items', () => {
  it.each([
    ['cb|validation|can we infer|#3', 'cb|validation|#3'],
    ['cb|validation|a | b|#3', 'cb|validation|#3'],
    ['cb|validation|#3', null],
    ['cb|validation|x|3', null],
    ['', null]
  ])('of id %j: %j', (id, key) => expect(sourceKey(id)).toBe(key))

  it.each(tests)('by id: the prompts of one item, $name', ({ rows }) => {
    const dataset = datasetOf(rows)
    const byItem = new Map<number, Set<string | null>>()
    for (const { sourceItem, sourceId } of dataset.iterate())
      byItem.set(sourceItem, (byItem.get(sourceItem) ?? new Set()).add(sourceKey(sourceId)))
    expect(byItem.size).toBe(60)
    for (const keys of byItem.values()) expect(keys.size).toBe(1)
    dataset.close()
  })

  it('by text: variants of long items are found without ids, and the items are kept apart', () => {
    const passage = (n: number) => Array.from({ length: 30 }, (_, k) => `w${(n * 7919 + k * 104729) % 5003}`).join(' ')
    const prompts = [
      (text: string) => `Read this: ${text} What is it about?`,
      (text: string) => `${text}\n\nWhich subject has the text above?`,
      (text: string) => `Sort "${text}" by its subject, please.`
    ]
    const rows = Array.from({ length: 300 }, (_, n) => ({
      input: prompts[n % 3]!(passage(Math.floor(n / 3))),
      outputs: ['x'],
      task: 'topics'
    }))
    const dataset = datasetOf(rows)
    const items = [...dataset.iterate()].map((example) => example.sourceItem)
    expect(items).toEqual(rows.map((_, n) => Math.floor(n / 3) + 1))
    dataset.close()
  })

  it('of one task only, and the same input twice is one item', () => {
    const input = 'one two three four five six seven eight'
    const dataset = datasetOf([
      { input, outputs: ['a'], task: 'x', sourceId: 'x|t|p|#1' },
      { input, outputs: ['b'], task: 'x', sourceId: 'x|t|p|#2' },
      { input, outputs: ['a'], task: 'y' }
    ])
    expect([...dataset.iterate()].map((example) => example.sourceItem)).toEqual([1, 1, 2])
    dataset.close()
  })
})

describe('sampled query sets', () => {
  const { rows } = tests[0]!
  it('are the same for a seed, differ by seed and round, and hold no two prompts of an item', () => {
    const dataset = datasetOf(rows)
    const sets = sampleQueries(dataset, { size: 16, rounds: 5, seed: 3 })
    expect(sampleQueries(dataset, { size: 16, rounds: 2, seed: 3 })).toEqual(sets.slice(0, 2))
    expect(sampleQueries(dataset, { size: 16, rounds: 1, seed: 4 })).not.toEqual(sets.slice(0, 1))
    expect(new Set(sets.map((set) => JSON.stringify(set))).size).toBe(5)
    for (const set of sets) expect(new Set(set.map((query) => sourceKey(query.sourceId))).size).toBe(16)
    expect(countQueriesIn(dataset, sets)).toEqual([16, 16, 16, 16, 16])
    dataset.close()
  })

  it('say how many of them are test examples: by text, or by id', () => {
    const dataset = datasetOf(rows)
    const foreign = { input: 'nobody asked this', outputs: [], sourceId: 'z|t|p|#1' }
    const sameText = { ...foreign, input: rows[0]!.input }
    const sameId = { ...foreign, sourceId: rows[1]!.sourceId }
    expect(countQueriesIn(dataset, [[foreign], [foreign, sameText], [sameId, sameText]])).toEqual([0, 1, 2])
    dataset.close()
  })

  it('cannot be larger than there are items', () => {
    const dataset = datasetOf(rows)
    expect(() => sampleQueries(dataset, { size: 61, rounds: 1, seed: 1 })).toThrow(
      expect.objectContaining({ code: 'too-few-examples' })
    )
    dataset.close()
  })
})
