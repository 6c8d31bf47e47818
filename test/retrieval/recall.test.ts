import { describe, expect, it } from 'vitest'
import type { Hnsw, VectorRows } from '../../native/index.ts'
import { neighbourOverlap } from '../../src/main/engine/inference/check-fast.ts'
import { largestEf, settleEf } from '../../src/main/retrieval/recall.ts'

const k = 10
const answers = (queries: number, shift: number) => ({
  k,
  rows: Uint32Array.from({ length: queries * k }, (_, at) => (at % k) + shift),
  distances: new Float32Array(queries * k),
  counts: new Uint32Array(queries).fill(k)
})
const vectors = {
  search: (queries: Float32Array) => Promise.resolve(answers(queries.length, 0))
} as unknown as VectorRows
/** A graph that misses two of ten neighbours until it looks far enough. */
const hnswOf = (enough: number) =>
  ({
    search: (queries: Float32Array, _: number, ef: number) =>
      Promise.resolve(answers(queries.length, ef < enough ? 2 : 0))
  }) as unknown as Hnsw

describe('a graph is searched as far as the queries at hand need', () => {
  it('looks further until 99 % of the true nearest are found', async () => {
    expect(await settleEf({ vectors, hnsw: hnswOf(500) }, new Float32Array(4), k, 64)).toEqual({
      recall: 1,
      ef: 512,
      sample: 4
    })
  })
  it('says so where no looking is enough, which makes search exact', async () => {
    const { recall, ef } = await settleEf({ vectors, hnsw: hnswOf(1e6) }, new Float32Array(4), k, 64)
    expect([recall, ef]).toEqual([0.8, largestEf])
  })
})

describe('what fast vectors are accepted by', () => {
  const points = Float32Array.from({ length: 60 }, (_, at) => (at % 2 === 0 ? at / 2 : 0))
  it('is whether the same texts are nearest', () => {
    expect(neighbourOverlap(points, points, 2)).toBe(1)
    // Moved by less than what lies between them: other vectors, the same neighbours.
    const moved = points.map((value, at) => value + (at % 2 === 0 ? 0.001 * at : 0.05))
    expect(neighbourOverlap(moved, points, 2)).toBeGreaterThan(0.97)
    const shuffled = points.map((_, at) => (at % 2 === 0 ? ((at / 2) * 7) % 30 : 0))
    expect(neighbourOverlap(shuffled, points, 2)).toBeLessThan(0.7)
  })
})
