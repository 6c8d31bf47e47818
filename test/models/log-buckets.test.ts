/** DeBERTa's table of distances: a row beside the right one would be a small error in every score, and nothing would say so. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rowOf } from '../../src/main/models/blocks/log-buckets.ts'

/** Made by test/oracle/log_buckets.py: rows of distances 0, 1, … and of 0, -1, … */
const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'oracle', 'golden', 'log-buckets.json'), 'utf8')
) as [number, number, number[], number[]][]

test.each(golden)(
  '%i buckets up to a distance of %i: every row is that of Transformers',
  (buckets, maxDistance, ...rows) => {
    const scheme = { span: buckets, buckets, maxDistance }
    const [before, behind] = rows
    expect(before.map((_, distance) => rowOf(distance, scheme))).toEqual(before)
    expect(behind.map((_, distance) => rowOf(-distance, scheme))).toEqual(behind)
  }
)

test('without buckets each distance has its own row, and all beyond the furthest the last', () => {
  const scheme = { span: 5, buckets: null, maxDistance: 5 }
  expect([-9, -5, -1, 0, 1, 4, 5, 9].map((distance) => rowOf(distance, scheme))).toEqual([0, 0, 4, 5, 6, 9, 9, 9])
})
