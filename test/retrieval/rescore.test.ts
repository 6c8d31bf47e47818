import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RetrievedExample } from '../../src/main/contract/runs.ts'
import { retrievalSettingsSchema } from '../../src/main/contract/run-settings.ts'
import { candidates, candidatesNames, rescorerNames } from '../../src/main/contract/strategies.ts'
import { retrieve, type RetrieveOptions } from '../../src/main/retrieval/pipeline.ts'
import { builtIndex, taskDataset, temporaryFolder, wordEncoder } from './fixtures.ts'

const home = temporaryFolder()
const dataset = taskDataset(home.path, 300)
const folders = {
  semantic: join(home.path, 'semantic'),
  dense: join(home.path, 'dense'),
  trained: join(home.path, 'trained')
}
const queries = ['w1x3 w1x7 w1x11 shared', 'w4x2 w4x9 common1', 'w4x1 w4x20 w4x5 w4x8', 'w0x1 common2']

beforeAll(async () => {
  await builtIndex(dataset, folders.semantic, wordEncoder())
  await builtIndex(dataset, folders.dense, wordEncoder(24, false))
  // The head itself is in test/retrieval/head.test.ts; here its vectors are others than those of the rest.
  await builtIndex(dataset, folders.trained, wordEncoder(16), { representation: 'trained' })
})
afterAll(() => {
  dataset.close()
  home.remove()
})

/** FAKE: a judge that anybody can follow, as log-odds; a real classifier is in test/features/experiments/recross.test.ts. */
function logitOf(query: string, candidate: string): number {
  let sum = 0
  for (const sign of `${query}|${candidate}`) sum = (sum * 31 + sign.charCodeAt(0)) % 9973
  return sum / 1000 - 5
}
const probabilityOf = (logit: number) => 1 / (1 + Math.exp(-logit))

let asked = 0
function run(
  rerank: object,
  settings: object = {},
  overrides: Partial<RetrieveOptions> = {}
): Promise<RetrievedExample[]> {
  asked = 0
  return retrieve({
    dataset,
    strategy: 'recross',
    queries,
    settings: retrievalSettingsSchema.parse({ budget: 24, rerank, ...settings }),
    excludedIds: [],
    seed: 5,
    indices: folders,
    encoder: async ({ representation }) =>
      representation === 'trained' ? wordEncoder(16) : wordEncoder(24, representation === 'semantic'),
    reranker: async () => ({
      async scorePairs(pairs, { score }) {
        asked += pairs.length
        const logits = pairs.map(([query, candidate]) => logitOf(query, candidate))
        return score === 'logit' ? logits : logits.map(probabilityOf)
      }
    }),
    ...overrides
  })
}

/** The pool, as the same candidates bring it without a reranker. */
async function poolOf(source: (typeof candidatesNames)[number], size: number, settings: object = {}) {
  return run({}, { budget: size, ...settings }, { strategy: source })
}

describe('all queries, mean of logits (the paper)', () => {
  it.each(candidatesNames)('%s candidates come in the order that brute force gives them', async (source) => {
    const found = await run({ candidates: source })
    expect(asked).toBe(96 * queries.length)
    const pool = await poolOf(source, 24 * 4)
    expect(pool).toHaveLength(96)
    const expected = pool
      .map(({ exampleId }) => {
        const { input } = dataset.get(exampleId)
        const logits = queries.map((query) => logitOf(query, input))
        return { exampleId, score: logits.reduce((sum, logit) => sum + logit, 0) / logits.length }
      })
      .sort((a, b) => b.score - a.score || a.exampleId - b.exampleId)
      .slice(0, 24)
    expect(found.map(({ exampleId }) => exampleId)).toEqual(expected.map(({ exampleId }) => exampleId))
    found.forEach(({ score }, at) => expect(score).toBeCloseTo(expected[at]!.score, 10))
  })

  it('an example tells its place before and after each stage', async () => {
    const pool = await poolOf('dense', 96)
    const found = await run({})
    const placeOf = new Map(pool.map(({ exampleId }, place) => [exampleId, place + 1]))
    found.forEach(({ exampleId, trail }, place) => {
      expect(trail?.map(({ stage, rank }) => [stage, rank])).toEqual([
        ['dense', placeOf.get(exampleId)],
        ['reranker', place + 1]
      ])
    })
    expect(found.some(({ trail }) => trail![0]!.rank > 24)).toBe(true)
  })
})

describe.each(['mean', 'max'] as const)('%s', (aggregate) => {
  it.each(['logit', 'probability'] as const)('of %s scores, nearest queries only', async (score) => {
    const found = await run({ aggregate, score, pairing: 'nearest', nearest: 2, oversampling: 2 })
    expect(asked).toBe(48 * 2)
    const pool = await poolOf('dense', 48)
    // Which two are nearest: those whose own search of everything puts the example first.
    const ranks = await Promise.all(
      queries.map(async (query) => {
        const all = await run({}, { budget: 300 }, { strategy: 'dense', queries: [query] })
        return new Map(all.map(({ exampleId }, place) => [exampleId, all[place]!.score!]))
      })
    )
    const expected = pool.map(({ exampleId }) => {
      const { input } = dataset.get(exampleId)
      const nearest = queries
        .map((_, query) => query)
        .sort((a, b) => ranks[b]!.get(exampleId)! - ranks[a]!.get(exampleId)!)
        .slice(0, 2)
      const scores = nearest.map((query) => {
        const logit = logitOf(queries[query]!, input)
        return score === 'logit' ? logit : probabilityOf(logit)
      })
      const value = aggregate === 'max' ? Math.max(...scores) : (scores[0]! + scores[1]!) / 2
      return { exampleId, value }
    })
    expected.sort((a, b) => b.value - a.value || a.exampleId - b.exampleId)
    expect(found.map(({ exampleId }) => exampleId)).toEqual(expected.slice(0, 24).map(({ exampleId }) => exampleId))
  })
})

describe('pairing', () => {
  it('with one query, own and nearest are all', async () => {
    const one = { queries: queries.slice(0, 1) }
    const all = await run({ pairing: 'all' }, {}, one)
    expect(await run({ pairing: 'own' }, {}, one)).toEqual(all)
    expect(await run({ pairing: 'nearest', nearest: 1 }, {}, one)).toEqual(all)
  })

  it('own: every query keeps its share, in the order of the reranker, for a pair each', async () => {
    const found = await run({ pairing: 'own' })
    expect(asked).toBe(96)
    for (const query of queries.keys()) {
      const own = found.filter((one) => one.query === query)
      expect(own).toHaveLength(24 / queries.length)
      own.forEach(({ exampleId, score }) =>
        expect(score).toBeCloseTo(logitOf(queries[query]!, dataset.get(exampleId).input), 10)
      )
      expect(own.map(({ score }) => score)).toEqual(own.map(({ score }) => score).toSorted((a, b) => b! - a!))
    }
  })

  it('lexical candidates know their nearest queries too', async () => {
    await run({ candidates: 'lexical', pairing: 'nearest', nearest: 1 })
    expect(asked).toBe(96)
  })
})

describe('stages', () => {
  const matrix = candidatesNames.flatMap((source) => rescorerNames.map((by) => [source, by] as const))
  it.each(matrix)('%s, then %s: the budget, without repetitions, the same each time', async (source, by) => {
    const pairing = candidates[source].usesQueries ? 'own' : 'all'
    const found = await run({ candidates: source, by: [by], pairing })
    expect(found).toHaveLength(24)
    expect(new Set(found.map(({ exampleId }) => exampleId)).size).toBe(24)
    expect(await run({ candidates: source, by: [by], pairing })).toEqual(found)
  })

  it('vectors of the same space do not change who is nearest (max)', async () => {
    const settings = { selector: 'max-score' }
    const found = await run({ by: ['dense'], aggregate: 'max' }, settings)
    const plain = await run({}, settings, { strategy: 'dense' })
    expect(found.map(({ exampleId }) => exampleId)).toEqual(plain.map(({ exampleId }) => exampleId))
    found.forEach(({ score }, at) => expect(score).toBeCloseTo(plain[at]!.score!, 4))
  })

  it('two stages: each keeps the same share, and the costly one reads less', async () => {
    const found = await run({ candidates: 'lexical', by: ['semantic', 'reranker'], oversampling: 4 })
    expect(found).toHaveLength(24)
    expect(found[0]!.trail!.map(({ stage }) => stage)).toEqual(['lexical', 'semantic', 'reranker'])
    expect(Math.max(...found.map(({ trail }) => trail![1]!.rank))).toBeLessThanOrEqual(48)
    expect(asked).toBe(48 * queries.length)
  })

  it('an example that several queries brought is read once, where repetitions are kept', async () => {
    const found = await run({}, { deduplicate: false })
    expect(found).toHaveLength(24)
    const read = asked
    const pool = await poolOf('dense', 96, { deduplicate: false })
    expect(read).toBe(new Set(pool.map(({ exampleId }) => exampleId)).size * queries.length)
  })

  it('stops between two blocks of pairs', async () => {
    const stop = new AbortController()
    const beforePairs = async () => stop.abort(new Error('enough'))
    await expect(
      run({ oversampling: 12 }, {}, { signal: stop.signal, beforePairs, queries: [...queries, 'w2x2 shared'] })
    ).rejects.toThrow('enough')
  })

  it('says that there is no reranker', async () => {
    const { reranker: _, ...without } = { reranker: undefined, indices: folders }
    await expect(
      retrieve({
        ...without,
        dataset,
        strategy: 'recross',
        queries,
        settings: retrievalSettingsSchema.parse({ budget: 4 }),
        excludedIds: [],
        seed: 1,
        encoder: async () => wordEncoder(24, false)
      })
    ).rejects.toMatchObject({ code: 'no-model' })
  })
})
