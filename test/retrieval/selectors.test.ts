import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { selectors } from '../../src/main/retrieval/select/registry.ts'
import type { CandidateList } from '../../src/main/retrieval/select/selector.ts'
import type { SelectorName } from '../../src/main/contract/strategies.ts'

const list = (query: number, ...pairs: [id: number, score: number][]): CandidateList => ({
  query,
  complete: false,
  ids: pairs.map(([id]) => id),
  scores: pairs.map(([, score]) => score)
})

/** Distances of the paper's code with a minus: larger is nearer. */
const lists = [
  list(0, [10, -1], [11, -2], [12, -3], [13, -8]),
  list(1, [11, -0.5], [20, -4], [21, -5], [22, -6]),
  list(2, [10, -0.1], [11, -7], [30, -9], [31, -10])
]

describe('definitions', () => {
  const cases: [SelectorName, boolean, number, number[]][] = [
    // ceil(6 / 3) = 2 of each, query after query, repetitions kept.
    ['aggregate-choices', false, 6, [10, 11, 11, 20, 10, 11]],
    // A neighbour that another query has brought makes room for the next: turn by turn.
    ['aggregate-choices', true, 6, [10, 12, 11, 20, 30, 31]],
    // Means over the queries that brought it: 10 → -0.55, 11 → -3.17, 12 → -3, 20 → -4, 21 → -5, 22 → -6
    ['aggregate-scores', true, 6, [10, 12, 11, 20, 21, 22]],
    ['aggregate-scores', false, 3, [10, 12, 11]],
    ['max-score', true, 4, [10, 11, 12, 20]],
    ['round-robin', true, 5, [10, 11, 30, 12, 20]],
    ['round-robin', false, 5, [10, 11, 10, 11, 20]]
  ]
  it.each(cases)('%s, deduplicate %s, budget %d', (name, deduplicate, budget, expected) => {
    expect(selectors[name].select(lists, budget, deduplicate).map(({ id }) => id)).toEqual(expected)
  })

  it('aggregate-choices: what a list at its end cannot give, the others give', () => {
    const short = { ...lists[0]!, ids: [10], scores: [-1], complete: true }
    const ids = (complete: boolean): number[] =>
      selectors['aggregate-choices'].select([{ ...short, complete }, lists[1]!], 4, true).map(({ id }) => id)
    expect(ids(true)).toEqual([10, 11, 20, 21])
    // One that could go deeper is to be asked first.
    expect(ids(false)).toEqual([10, 11, 20])
  })

  it.each([
    ['aggregate-choices', 512, 16, 32],
    ['aggregate-choices', 100, 16, 7],
    ['aggregate-scores', 512, 16, 48],
    ['max-score', 512, 16, 512],
    ['round-robin', 512, 16, 32]
  ] as const)('%s looks %d / %d queries → %d deep', (name, budget, count, depth) => {
    expect(selectors[name].depth(budget, count)).toBe(depth)
  })
})

describe('properties of all selectors', () => {
  const scored = fc
    .uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 0, maxLength: 30 })
    .chain((ids) =>
      fc
        .array(fc.float({ min: -10, max: 10, noNaN: true }), { minLength: ids.length, maxLength: ids.length })
        .map((scores) => ({ ids, scores: [...scores].sort((a, b) => b - a) }))
    )
  const many = fc
    .array(scored, { minLength: 1, maxLength: 8 })
    .map((all) => all.map((one, query) => ({ query, complete: true, ...one })))

  it.each(Object.keys(selectors) as SelectorName[])('%s', (name) => {
    fc.assert(
      fc.property(many, fc.integer({ min: 1, max: 80 }), (ranked, budget) => {
        const chosen = selectors[name].select(ranked, budget, true)
        const union = new Set(ranked.flatMap(({ ids }) => ids))
        expect(chosen.length).toBeLessThanOrEqual(budget)
        expect(new Set(chosen.map(({ id }) => id)).size).toBe(chosen.length)
        for (const { id, query, rank } of chosen) expect(ranked[query!]!.ids[rank - 1]).toBe(id)
        expect(chosen.length).toBe(Math.min(budget, union.size))
      })
    )
  })
})
