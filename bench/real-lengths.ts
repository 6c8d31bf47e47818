/**
 * How long real rows are: of the 105,000 upstream rows of ReCross (P3's prompts of 21 tasks) the lengths in tokens of BART's
 * tokenizer, special tokens counted, as 32 values that are equally frequent. Long inputs and long answers do not go together.
 */
import { Random } from '../src/main/random/random.ts'
import type { RowLengths } from './training-model.ts'

// prettier-ignore
const sources = [
  16, 21, 26, 29, 32, 34, 36, 39, 42, 45, 48, 50, 53, 55, 57, 60,
  62, 65, 68, 71, 75, 78, 82, 87, 93, 100, 112, 126, 141, 159, 194, 297
]
// prettier-ignore
const targets = [
  3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4,
  4, 4, 5, 5, 5, 5, 6, 7, 8, 10, 11, 13, 15, 18, 28, 49
]

/** Batches that together hold every length once; which come together follows from the seed. */
export function realBatches(batchSize: number, seed: number): RowLengths[][] {
  const random = new Random(seed)
  const [inputs, outputs] = [random.sample(sources, sources.length), random.sample(targets, targets.length)]
  const rows = inputs.map((source, row): RowLengths => ({ source, target: outputs[row]! }))
  return Array.from({ length: rows.length / batchSize }, (_, index) =>
    rows.slice(index * batchSize, (index + 1) * batchSize)
  )
}

/** Share of a padded batch that is tokens, inputs and answers together. */
export function tokenShare(batches: readonly (readonly RowLengths[])[]): number {
  let [tokens, padded] = [0, 0]
  for (const rows of batches) {
    for (const side of ['source', 'target'] as const) {
      tokens += rows.reduce((sum, row) => sum + row[side], 0)
      padded += rows.length * Math.max(...rows.map((row) => row[side]))
    }
  }
  return tokens / padded
}
