/** Cross-entropy of a pair classifier, for the reranker. */
import { sourceBatch } from '../../models/batch.ts'
import type { EncoderConfig } from '../../models/config.ts'
import { classifierLoss } from '../../models/graphs.ts'
import type { LabelledPair, TrainSettings } from '../engine.ts'
import { pairRow } from '../inference/pairs.ts'
import { float32, fromPlain, int64 } from '../tensors.ts'
import { fingerprintOf } from './fingerprint.ts'
import { lazily, type Objective, type Trained } from './objective.ts'

export function classifierObjective(
  { config, parameters, tokenizer }: Trained<EncoderConfig>,
  pairs: readonly LabelledPair[],
  { maxInputTokens }: Pick<TrainSettings, 'maxInputTokens'>
): Objective {
  const rows = lazily(pairs.length, (index) => {
    const { first, second } = pairs[index]!
    return pairRow({ tokenizer }, config, [first, second], maxInputTokens)
  })
  return {
    count: pairs.length,
    fingerprint: fingerprintOf(
      pairs.flatMap(({ first, second, label }) => [first, second, String(label)]),
      maxInputTokens
    ),
    graph: (options) => classifierLoss(config, parameters, options),
    length: (index) => rows(index).ids.length,
    labels: (indices) => indices.length,
    batch(indices, totalLabels) {
      const sources = indices.map(rows)
      const count = indices.length
      const feeds = {
        ...fromPlain(sourceBatch(config, sources)),
        label_ids: int64(
          indices.map((index) => pairs[index]!.label),
          [count]
        ),
        label_weights: float32(new Float32Array(count).fill(1 / totalLabels), [count])
      }
      return { feeds, tokens: sources.reduce((sum, { ids }) => sum + ids.length, 0) }
    }
  }
}
