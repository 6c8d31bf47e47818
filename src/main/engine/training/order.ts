/** In which order the examples of an epoch come. It follows from the seed alone, so a resumed training needs no saved state. */
import type { TrainSettings } from '../engine.ts'
import { shuffledIndices } from '../../random/labelled.ts'

/** Steps within which examples of like length are brought together. */
const windowSteps = 64

/**
 * The examples of one epoch, step after step. With `by-length`, each window of steps has its shuffled examples sorted by length
 * and its steps shuffled again: a batch then holds texts of one length and hardly any padding, and still nothing of an order that
 * could be learnt. `lengthOf` is asked when its window begins.
 */
export function epochOrder(
  examples: readonly number[],
  { batchSize, accumulation, seed, shuffle }: Pick<TrainSettings, 'batchSize' | 'accumulation' | 'seed' | 'shuffle'>,
  lengthOf: (example: number) => number,
  epoch: number
): (step: number) => readonly number[] {
  const size = batchSize * accumulation
  const order = shuffle ? shuffledIndices(examples.length, seed, 'order', epoch).map((at) => examples[at]!) : examples
  const plain = (step: number) => order.slice(step * size, (step + 1) * size)
  if (shuffle !== 'by-length') return plain
  let known: { window: number; steps: readonly (readonly number[])[] } | null = null
  return (step) => {
    const window = Math.floor(step / windowSteps)
    if (known?.window !== window) {
      const inWindow = order.slice(window * windowSteps * size, (window + 1) * windowSteps * size)
      const sorted = inWindow
        .map((example) => ({ example, length: lengthOf(example) }))
        .sort((a, b) => a.length - b.length)
      const count = Math.ceil(sorted.length / size)
      const steps = shuffledIndices(count, seed, 'window', epoch, window).map((at) =>
        sorted.slice(at * size, (at + 1) * size).map(({ example }) => example)
      )
      known = { window, steps }
    }
    return known.steps[step % windowSteps]!
  }
}
