import type { Model } from '../contract/models.ts'
import type { Uses } from '../contract/kinds/kind.ts'

/**
 * How much memory a worker may need. A process of Electron gives no single piece of 2 GiB, and 15 GiB of arrays in all
 * (its allocator, and V8's memory cage); ONNX Runtime asks for the next power of two above 1 GiB. A plain Node has no such limits.
 */
export type Room = 'usual' | 'large'

const largestPiece = 2 ** 30
const largestSum = 12 * 2 ** 30

/** Answers and labels that are scored over the whole vocabulary at a time, per row. */
const scoredTokens = 64
/** Weights, gradients, two moments and a copy at a checkpoint, 4 bytes each; then what a step needs. */
const bytesOfTraining = 24

/**
 * Room for work on these models. All that is known of a model here is its number of weights and its width, so that what it may
 * need is overestimated: no weight is larger than all weights, and no vocabulary than all weights over the width.
 */
export function roomFor(models: readonly Pick<Model, 'parameters' | 'hiddenSize'>[], batchSize: number): Room {
  const needsMore = models.some(({ parameters, hiddenSize }) => {
    const vocabulary = parameters / Math.max(1, hiddenSize)
    const piece = 4 * Math.max(parameters, batchSize * scoredTokens * vocabulary)
    return piece >= largestPiece || parameters * bytesOfTraining >= largestSum
  })
  return needsMore ? 'large' : 'usual'
}

/** Room for a job or question, by the models that it uses and the batches that it asks for. */
export function roomOf({ models: ids = [], batchSize = 1 }: Uses, models: readonly Model[]): Room {
  return roomFor(
    models.filter(({ id }) => ids.includes(id)),
    batchSize
  )
}
