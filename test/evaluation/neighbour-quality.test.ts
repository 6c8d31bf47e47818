import { describe, expect, test } from 'vitest'
import { judgeList, qualityOf } from '../../src/main/evaluation/neighbour-quality.ts'

const list = (hits: readonly number[], relevant: number, candidates = 100, name = 'a') => ({
  ...{ name, relevant, candidates },
  hits: hits.map((hit) => hit === 1)
})

describe('one list', () => {
  // Discounts of the places by hand: 1, 0.630930, 0.5, 0.430677.
  test.each([
    // A right one at places 2 and 4 of 4, 20 there: DCG 1.061606 of 2.561606.
    [list([0, 1, 0, 1], 20), 4, { recall: 0.5, mrr: 0.5, ndcg: 0.41443, chance: 0.2 }],
    // All of the two that there are, at the first and third place: DCG 1.5 of 1.630930.
    [list([1, 0, 1, 0], 2), 4, { recall: 1, mrr: 1, ndcg: 0.919721, chance: 0.04 }],
    [list([0, 0, 0, 0], 5), 4, { recall: 0, mrr: 0, ndcg: 0, chance: 0.05 }],
    // What comes after place k does not count.
    [list([0, 0, 1], 50), 2, { recall: 0, mrr: 0, ndcg: 0, chance: 0.5 }],
    // Shorter than k, as a search by words may be: the places that it leaves empty are misses.
    [list([1], 10), 4, { recall: 0.25, mrr: 1, ndcg: 0.39038, chance: 0.1 }],
    // Fewer candidates than k: a random order finds all.
    [list([1, 0, 1], 2, 3), 10, { recall: 1, mrr: 1, ndcg: 0.919721, chance: 1 }]
  ])('%#', (judged, k, expected) => {
    const figures = judgeList(judged, k)!
    for (const [key, value] of Object.entries(expected))
      expect(figures[key as keyof typeof figures], key).toBeCloseTo(value, 6)
  })
  test('nothing that could be found is no zero', () => {
    expect(judgeList(list([0, 0], 0), 2)).toBeNull()
    expect(qualityOf([list([0, 0], 0)], 2)).toBeNull()
  })
})

test('every task counts the same, however many queries it has', () => {
  const quality = qualityOf([list([1], 5), list([0], 5), list([1], 5), list([1], 5), list([0], 9, 100, 'b')], 1)!
  expect(quality.rows.map(({ name, queries, recall }) => ({ name, queries, recall }))).toEqual([
    { name: 'a', queries: 4, recall: 0.75 },
    { name: 'b', queries: 1, recall: 0 }
  ])
  expect(quality.mean.recall).toBe(0.375)
  expect(quality.sd.recall).toBeCloseTo(0.75 / Math.SQRT2, 12)
  expect(quality.mean.chance).toBeCloseTo(0.07, 12)
})
