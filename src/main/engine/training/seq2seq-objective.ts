/** Teacher-forced cross-entropy of answers, for encoder-decoders. */
import { Random } from '../../random/random.ts'
import { trainingBatch } from '../../models/batch.ts'
import type { Seq2SeqConfig } from '../../models/config.ts'
import { trainingLoss } from '../../models/graphs.ts'
import type { TrainExample, TrainSettings } from '../engine.ts'
import { fromPlain } from '../tensors.ts'
import { fingerprintOf } from './fingerprint.ts'
import { lazily, type Objective, type Trained } from './objective.ts'

type Cutting = Pick<TrainSettings, 'maxInputTokens' | 'maxOutputTokens' | 'prefix'> &
  Partial<Pick<TrainSettings, 'seed'>>

export function seq2seqObjective(
  { config, parameters, tokenizer }: Trained<Seq2SeqConfig>,
  examples: readonly TrainExample[],
  { maxInputTokens, maxOutputTokens, prefix = '', seed = 0 }: Cutting
): Objective {
  const encode = (text: string, maxTokens: number) => tokenizer.encode(prefix + text, undefined, { maxTokens })
  const sources = lazily(examples.length, (index) => encode(examples[index]!.input, maxInputTokens))
  const first = lazily(examples.length, (index) => encode(examples[index]!.output, maxOutputTokens))
  const answer = (index: number, epoch: number) => {
    const { output, others = [] } = examples[index]!
    if (others.length === 0) return first(index)
    // Drawn by seed, example and epoch alone, so that a resumed training draws the same.
    return encode(new Random(`answers ${seed} ${epoch} ${index}`).pick([output, ...others]), maxOutputTokens)
  }
  const labels = (indices: readonly number[], epoch = 0) =>
    indices.reduce((sum, index) => sum + answer(index, epoch).length, 0)
  return {
    count: examples.length,
    fingerprint: fingerprintOf(
      examples.flatMap(({ input, output, others = [] }) => [input, output, ...others]),
      maxInputTokens,
      maxOutputTokens,
      prefix
    ),
    graph: (options) => trainingLoss(config, parameters, options),
    length: (index) => sources(index).length,
    labels,
    batch(indices, totalLabels, epoch = 0) {
      const inputs = indices.map(sources)
      const feeds = fromPlain(
        trainingBatch(
          config,
          inputs,
          indices.map((index) => answer(index, epoch)),
          totalLabels
        )
      )
      return { feeds, tokens: inputs.reduce((sum, ids) => sum + ids.length, 0) + labels(indices, epoch) }
    }
  }
}
