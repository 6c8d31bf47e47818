import fc from 'fast-check'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RetrievedExample } from '../../src/main/contract/runs.ts'
import { retrievalSettingsSchema } from '../../src/main/contract/run-settings.ts'
import { embedAll } from '../../src/main/retrieval/encoder.ts'
import { retrieve, type RetrieveOptions } from '../../src/main/retrieval/pipeline.ts'
import { readRetrieved, saveRetrieved } from '../../src/main/run-files/retrieved.ts'
import { builtIndex, taskDataset, temporaryFolder, wordEncoder } from './fixtures.ts'
import { writeFileSync } from 'node:fs'

const home = temporaryFolder()
const dataset = taskDataset(home.path, 300)
const encoder = wordEncoder()
const semanticFolder = join(home.path, 'semantic')
const denseFolder = join(home.path, 'dense')
const graphFolder = join(home.path, 'graph')

beforeAll(async () => {
  await builtIndex(dataset, semanticFolder, encoder)
  await builtIndex(dataset, denseFolder, wordEncoder(24, false))
  await builtIndex(dataset, graphFolder, encoder, { search: 'hnsw', vectorPrecision: 'fp16' })
})
afterAll(() => {
  dataset.close()
  home.remove()
})

const queries = ['w1x3 w1x7 w1x11 shared', 'w4x2 w4x9 common1', 'w4x1 w4x20 w4x5 w4x8']

function run(
  strategy: RetrieveOptions['strategy'],
  settings: object = {},
  overrides: Partial<RetrieveOptions> = {}
): Promise<RetrievedExample[]> {
  return retrieve({
    dataset,
    strategy,
    queries,
    settings: retrievalSettingsSchema.parse({ budget: 30, ...settings }),
    excludedIds: [],
    seed: 5,
    indices: { semantic: semanticFolder, dense: denseFolder },
    encoder: async () => (strategy === 'dense' ? wordEncoder(24, false) : encoder),
    ...overrides
  })
}

describe.each(['random', 'semantic', 'dense', 'lexical'] as const)('%s', (strategy) => {
  it('brings the budget, without repetitions, labelled as the dataset labels them, the same each time', async () => {
    const retrieved = await run(strategy)
    expect(retrieved).toHaveLength(30)
    expect(new Set(retrieved.map(({ exampleId }) => exampleId)).size).toBe(30)
    for (const { exampleId, task, group, rank } of retrieved) {
      expect(dataset.get(exampleId)).toMatchObject({ task, group })
      expect(rank).toBeGreaterThanOrEqual(1)
    }
    expect(await run(strategy)).toEqual(retrieved)
  })

  it.each([
    ['without a group', { withoutGroups: ['group-0', 'group-2'] }, (one: RetrievedExample) => one.group === 'group-1'],
    ['without a task', { withoutTasks: ['task-4'] }, (one: RetrievedExample) => one.task !== 'task-4'],
    ['only a group', { onlyGroups: ['group-0'] }, (one: RetrievedExample) => one.group === 'group-0']
  ])('%s: fills the budget with what is left', async (_, filter, holds) => {
    const retrieved = await run(strategy, filter)
    expect(retrieved).toHaveLength(30)
    expect(retrieved.every(holds)).toBe(true)
  })

  it("leaves out the target's own data, unless told to keep it", async () => {
    const first = await run(strategy)
    const excludedIds = first.slice(0, 20).map(({ exampleId }) => exampleId)
    const clean = await run(strategy, {}, { excludedIds })
    expect(clean).toHaveLength(30)
    expect(clean.some(({ exampleId }) => excludedIds.includes(exampleId))).toBe(false)
    expect(await run(strategy, { withoutLeaks: false }, { excludedIds })).toEqual(first)
  })

  it('brings all there is where the budget is larger, and says so', async () => {
    const warnings: string[] = []
    const retrieved = await run(
      strategy,
      { budget: 1000, onlyGroups: ['group-1'] },
      { log: (text, level) => void (level === 'warn' && warnings.push(text)) }
    )
    // BM25 finds only what shares a word with a query; "shared" stands in all of them.
    expect(retrieved).toHaveLength(100)
    expect(warnings.join()).toContain('Only 100 of 1000')
  })
})

describe('vectors and words', () => {
  it.each(['semantic', 'lexical'] as const)('%s finds the tasks of its queries', async (strategy) => {
    const retrieved = await run(strategy, { budget: 9 })
    const right = retrieved.filter(({ task, query }) => task === (query === 0 ? 'task-1' : 'task-4'))
    expect(right.length).toBeGreaterThanOrEqual(7)
  })

  it('scores are cosines of the nearest, in order, and every query brings its share', async () => {
    const retrieved = await run('semantic', { deduplicate: false, budget: 30 })
    const vectors = await embedAll(encoder, queries)
    const all = await embedAll(
      encoder,
      Array.from(dataset.iterate(), (example) => example.input)
    )
    for (const query of [0, 1, 2]) {
      const own = retrieved.filter((one) => one.query === query)
      expect(own.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
      const cosines = Array.from({ length: 300 }, (_, row) => {
        let sum = 0
        for (let i = 0; i < 24; i++) sum += vectors[query * 24 + i]! * all[row * 24 + i]!
        return { id: row + 1, sum }
      }).sort((a, b) => b.sum - a.sum)
      expect(own.map(({ exampleId }) => exampleId)).toEqual(cosines.slice(0, 10).map(({ id }) => id))
      own.forEach(({ score }, i) => expect(score).toBeCloseTo(cosines[i]!.sum, 5))
    }
  })

  it('through a graph it finds what exact search finds', async () => {
    const logs: string[] = []
    const found = await run('semantic', {}, { indices: { semantic: graphFolder }, log: (text) => void logs.push(text) })
    const exact = await run('semantic')
    const shared = found.filter(({ exampleId }) => exact.some((one) => one.exampleId === exampleId))
    expect(shared.length).toBeGreaterThanOrEqual(29)
    expect(logs.join()).toMatch(/through the graph \(ef \d+\)/)
  })

  it('searches exactly where a filter leaves few rows of a graph', async () => {
    const logs: string[] = []
    const excludedIds = Array.from({ length: 280 }, (_, i) => i + 1)
    const found = await run(
      'semantic',
      {},
      { indices: { semantic: graphFolder }, excludedIds, log: (text) => void logs.push(text) }
    )
    expect(logs.join()).toContain('exactly')
    expect(found.map(({ exampleId }) => exampleId).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => 281 + i)
    )
  })
})

describe('random', () => {
  it('is independent of queries and changes with the seed', async () => {
    const one = await run('random')
    expect(await run('random', {}, { queries: [] })).toEqual(one)
    expect(await run('random', {}, { seed: 6 })).not.toEqual(one)
    expect(one.every(({ score, query }) => score === null && query === null)).toBe(true)
  })

  it('balanced: every task gets the same share, give or take one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 6, max: 200 }), fc.integer({ min: 0, max: 1e6 }), async (budget, seed) => {
        const retrieved = await run('random', { balanced: true, budget }, { seed })
        const counts = new Map<string, number>()
        for (const { task } of retrieved) counts.set(task, (counts.get(task) ?? 0) + 1)
        expect(Math.max(...counts.values()) - Math.min(...counts.values())).toBeLessThanOrEqual(1)
      }),
      { numRuns: 20 }
    )
  })
})

describe('oversampling', () => {
  it('keeps the nearest of a larger set', async () => {
    const plain = await run('semantic', { deduplicate: false })
    const over = await run('semantic', { deduplicate: false, oversampling: 4 })
    expect(over).toHaveLength(30)
    const mean = (list: RetrievedExample[]): number => list.reduce((sum, one) => sum + one.score!, 0) / list.length
    expect(mean(over)).toBeGreaterThanOrEqual(mean(plain))
  })
})

describe('refusals', () => {
  const cases: [string, () => Promise<unknown>, string][] = [
    ['no queries', () => run('semantic', {}, { queries: [] }), 'no-queries'],
    ['no index', () => run('semantic', {}, { indices: {} }), 'no-index'],
    ['index gone', () => run('semantic', {}, { indices: { semantic: join(home.path, 'nowhere') } }), 'index-missing'],
    ['unknown group', () => run('lexical', { withoutGroups: ['group-9'] }), 'unknown-group'],
    ['unknown task', () => run('random', { withoutTasks: ['task-9'] }), 'unknown-task'],
    [
      'nothing left',
      () => run('random', { onlyGroups: ['group-0'], withoutGroups: ['group-0'] }),
      'nothing-to-retrieve'
    ],
    [
      'index of another representation',
      () => run('semantic', {}, { indices: { semantic: denseFolder } }),
      'index-of-other-encoder'
    ],
    ['another encoder', () => run('semantic', {}, { encoder: async () => wordEncoder(16) }), 'index-of-other-encoder']
  ]
  it.each(cases)('%s', async (_, work, code) => {
    await expect(work()).rejects.toMatchObject({ code })
  })

  it('an index of other data', async () => {
    const other = taskDataset(join(home.path, 'other'), 60)
    await expect(run('semantic', {}, { dataset: other })).rejects.toMatchObject({ code: 'index-of-other-data' })
    other.close()
  })

  it('zero-shot retrieves nothing', async () => {
    expect(await run('zero-shot')).toEqual([])
  })
})

describe('retrieved.json', () => {
  it('holds texts, is one example a line, and reads back', async () => {
    const retrieved = await run('lexical')
    const settings = retrievalSettingsSchema.parse({ budget: 30 })
    await saveRetrieved(home.path, { dataset, strategy: 'lexical', settings, seed: 5, queries, index: null, retrieved })
    const file = await readRetrieved(home.path)
    expect(file?.retrieved.map(({ exampleId }) => exampleId)).toEqual(retrieved.map(({ exampleId }) => exampleId))
    expect(file?.retrieved[0]).toEqual({
      ...retrieved[0],
      input: dataset.get(retrieved[0]!.exampleId).input,
      outputs: dataset.get(retrieved[0]!.exampleId).outputs
    })
    expect(file).toMatchObject({ strategy: 'lexical', queries, dataset: dataset.contentHash, settings })
  })

  it('a damaged one is named', async () => {
    const folder = temporaryFolder()
    expect(await readRetrieved(folder.path)).toBeNull()
    writeFileSync(join(folder.path, 'retrieved.json'), '{"format": 1')
    await expect(readRetrieved(folder.path)).rejects.toMatchObject({ code: 'run-damaged' })
    folder.remove()
  })
})
