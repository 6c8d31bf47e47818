import { describe, expect, test } from 'vitest'
import { architectureOf } from '../../src/main/models/architectures/index.ts'
import { labelBatch, sourceBatch, targetBatch, trainingBatch, treeBatch } from '../../src/main/models/batch.ts'
import { bucketMatrix, bucketOf } from '../../src/main/models/buckets.ts'
import type { Seq2SeqConfig } from '../../src/main/models/config.ts'
import { readCase } from '../oracle/golden.ts'

const bart = async () => (await readCase('bart')).config as Seq2SeqConfig

test('sources are packed, and it is told where they lie', async () => {
  const config = await bart()
  const feeds = sourceBatch(config, [{ ids: [5, 6, 7] }, { ids: [8] }])
  expect(feeds['source_ids']).toEqual({ data: BigInt64Array.of(5n, 6n, 7n, 8n), dims: [4] })
  expect(feeds['source_mask']).toEqual({ data: Float32Array.of(1, 1, 1, 1, 0, 0), dims: [2, 3] })
  expect(feeds['source_positions']).toEqual({ data: BigInt64Array.of(2n, 3n, 4n, 2n), dims: [4] })
  expect(feeds['source_starts']).toEqual({ data: BigInt64Array.of(0n, 3n), dims: [2] })
  const [encoder] = architectureOf(config).stacks(config)
  expect(encoder.heads).toBe(4)
  const slots = feeds['source_slots_4']!
  expect(slots.dims).toEqual([2, 4, 3])
  // Head 0 of the first sequence, head 1 of the second: pieces 0, 4, 8 of the rows, and piece 13 with nothing behind it.
  expect([...slots.data].slice(0, 3)).toEqual([0n, 4n, 8n])
  expect([...slots.data].slice(15, 18)).toEqual([13n, 16n, 16n])
  const rows = feeds['source_rows_4']!
  expect(rows.dims).toEqual([4, 4])
  for (const [piece, slot] of [...rows.data].entries()) expect(slots.data[Number(slot)]).toBe(BigInt(piece))
})

test('targets are the labels shifted right; only real labels are counted', async () => {
  const feeds = trainingBatch(await bart(), [[5], [6]], [[7, 8, 2], [9]])
  expect(feeds['target_ids']!.data).toEqual(BigInt64Array.of(2n, 7n, 8n, 2n))
  expect(feeds['label_ids']!.data).toEqual(BigInt64Array.of(7n, 8n, 2n, 9n))
  expect(feeds['label_weights']!.data).toEqual(new Float32Array(4).fill(0.25))
  expect(labelBatch([[7], [9]], 10)['label_weights']!.data).toEqual(new Float32Array(2).fill(0.1))
  const causal = [...targetBatch(await bart(), [[7, 8, 2]])['causal_bias']!.data].map((value) => (value === 0 ? 0 : 1))
  expect(causal).toEqual([0, 1, 1, 0, 0, 1, 0, 0, 0])
})

test('answers to one input are a tree, in which each place reads what leads to it', async () => {
  const config = await bart()
  const feeds = treeBatch(config, [
    [
      [7, 8, 2],
      [7, 9, 2],
      [7, 8, 2]
    ],
    [[5]]
  ])
  // start, 7, then 8 and 9; the second input's answer has the start alone.
  expect(feeds['target_ids']!.data).toEqual(BigInt64Array.of(2n, 7n, 8n, 9n, 2n))
  expect(feeds['target_positions']!.data).toEqual(BigInt64Array.of(2n, 3n, 4n, 4n, 2n))
  const rows = [0, 1, 2, 0, 1, 3, 0, 1, 2, 4]
  const labels = [7, 8, 2, 7, 9, 2, 7, 8, 2, 5]
  const places = rows.map((row, at) => BigInt(row * config.vocabularySize + labels[at]!))
  expect([...feeds['label_places']!.data]).toEqual(places)
  expect(feeds['causal_bias']!.dims).toEqual([2, 1, 4, 4])
  const reads = [...feeds['causal_bias']!.data].slice(0, 16).map((value) => (value === 0 ? 1 : 0))
  expect(reads).toEqual([1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 0, 1])
})

const refused: [string, number[][], string][] = [
  ['no rows', [], 'empty-batch'],
  ['an empty row', [[5], []], 'empty-input'],
  ['an id that the vocabulary does not have', [[5, 120]], 'id-outside-vocabulary'],
  ['a negative id', [[-1]], 'id-outside-vocabulary'],
  ['more tokens than positions', [Array.from({ length: 41 }, () => 5)], 'input-too-long']
]

test.each(refused)('refuses %s', async (_, rows, code) => {
  const config = await bart()
  const sources = rows.map((ids) => ({ ids }))
  expect(() => sourceBatch(config, sources)).toThrow(expect.objectContaining({ code }))
  expect(() => targetBatch(config, rows)).toThrow(expect.objectContaining({ code }))
})

describe('relative position buckets', () => {
  const t5 = { buckets: 32, maxDistance: 128 }
  // Values of T5Attention._relative_position_bucket.
  test.each([
    [true, [0, 1, -1, 7, 8, -8, 20, -50, 127, -128, 1000, -1000], [0, 17, 1, 23, 24, 8, 26, 13, 31, 15, 31, 15]],
    [false, [0, 1, -1, -15, -16, -20, -50, -127, -128, -1000], [0, 0, 1, 15, 16, 17, 24, 31, 31, 31]]
  ])('both ways: %s', (bidirectional, distances, expected) => {
    expect(distances.map((distance) => bucketOf(distance, { ...t5, bidirectional }))).toEqual(expected)
  })

  test('a matrix holds key minus query, query by query', () => {
    const scheme = { ...t5, bidirectional: true }
    const matrix = bucketMatrix(3, 2, scheme)
    const expected = [0, 1, 2].flatMap((query) => [0, 1].map((key) => BigInt(bucketOf(key - query, scheme))))
    expect([...matrix]).toEqual(expected)
  })
})
