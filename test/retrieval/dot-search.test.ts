import { describe, expect, test } from 'vitest'
import { searchByDot } from '../../src/main/retrieval/dot-search.ts'
import { Random } from '../../src/main/random/random.ts'

const dimension = 7
const count = 9000
const random = new Random(5)
const rows = Float32Array.from({ length: count * dimension }, () => random.below(2001) / 1000 - 1)
const vectors = {
  rows: count,
  dimension,
  read: (wanted: Uint32Array) =>
    Float32Array.from([...wanted].flatMap((row) => [...rows.subarray(row * dimension, (row + 1) * dimension)]))
}
const queries = rows.slice(0, 3 * dimension)

function truth(query: number, allowed: (row: number) => boolean): number[] {
  const product = (row: number): number => {
    let sum = 0
    for (let at = 0; at < dimension; at++) sum += queries[query * dimension + at]! * rows[row * dimension + at]!
    return sum
  }
  const all = Array.from({ length: count }, (_, row) => row).filter(allowed)
  return all.sort((a, b) => product(b) - product(a)).slice(0, 10)
}

describe('search by dot product', () => {
  test('finds the rows with the largest products, in order, over several blocks', () => {
    const { rows: found, counts } = searchByDot(vectors, queries, 10, null)
    for (const query of [0, 1, 2]) {
      expect(counts[query]).toBe(10)
      expect([...found.subarray(query * 10, query * 10 + 10)]).toEqual(truth(query, () => true))
    }
  })

  test('leaves out rows that are not allowed, and says how many there are', () => {
    const allowed = Uint8Array.from({ length: count }, (_, row) => (row % 1000 === 3 ? 1 : 0))
    const { rows: found, counts } = searchByDot(vectors, queries, 10, allowed)
    expect([...counts]).toEqual([9, 9, 9])
    expect([...found.subarray(0, 9)]).toEqual(truth(0, (row) => row % 1000 === 3))
  })
})
