/** Trains an encoder for retrieval: the two texts of a pair come close, the other texts of the batch stay away (InfoNCE). */
import { sourceBatch } from '../../models/batch.ts'
import type { ModelConfig } from '../../models/config.ts'
import { contrastiveLoss } from '../../models/graphs.ts'
import { poolingBatch, type PoolingMode } from '../../models/pooling.ts'
import type { ContrastivePair, TrainSettings } from '../engine.ts'
import { float32, fromPlain, int64 } from '../tensors.ts'
import { fingerprintOf } from './fingerprint.ts'
import { lazily, type Objective, type Trained } from './objective.ts'

interface How extends Pick<TrainSettings, 'maxInputTokens'> {
  pooling: PoolingMode
  normalize: boolean
  /** Similarities are divided by it: the smaller, the harder the loss looks at the closest wrong texts. */
  temperature: number
}

export function contrastiveObjective(
  { config, parameters, tokenizer }: Trained<ModelConfig>,
  pairs: readonly ContrastivePair[],
  { maxInputTokens, pooling, normalize, temperature }: How
): Objective {
  const encode = (text: string) => tokenizer.encode(text, undefined, { maxTokens: maxInputTokens })
  const anchors = lazily(pairs.length, (index) => encode(pairs[index]!.anchor))
  const positives = lazily(pairs.length, (index) => encode(pairs[index]!.positive))
  return {
    count: pairs.length,
    fingerprint: fingerprintOf(
      pairs.flatMap(({ anchor, positive }) => [anchor, positive]),
      maxInputTokens,
      pooling,
      normalize,
      temperature
    ),
    graph: (options) => contrastiveLoss(config, parameters, { ...options, pooling, normalize, temperature }),
    length: (index) => anchors(index).length,
    labels: (indices) => indices.length,
    batch(indices, totalLabels) {
      // Both sides in one batch: anchors first, then the texts that belong to them.
      const rows = [...indices.map(anchors), ...indices.map(positives)].map((ids) => ({ ids }))
      const count = indices.length
      const numbers = Array.from({ length: count }, (_, index) => index)
      const feeds = {
        ...fromPlain({ ...sourceBatch(config, rows), ...poolingBatch({ pooling, normalize }, rows) }),
        anchor_rows: int64(numbers, [count]),
        candidate_rows: int64(
          numbers.map((index) => index + count),
          [count]
        ),
        label_ids: int64(numbers, [count]),
        label_weights: float32(new Float32Array(count).fill(1 / totalLabels), [count])
      }
      return { feeds, tokens: rows.reduce((sum, { ids }) => sum + ids.length, 0) }
    }
  }
}
