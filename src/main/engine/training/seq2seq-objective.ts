/** Teacher-forced cross-entropy of answers, for encoder-decoders. */
import { trainingBatch } from '../../models/batch.ts'
import type { Seq2SeqConfig } from '../../models/config.ts'
import { trainingLoss } from '../../models/graphs.ts'
import type { Parameter } from '../../models/parameters.ts'
import type { Tokenizer } from '../../models/tokenizers/tokenizer.ts'
import type { TrainExample, TrainSettings } from '../engine.ts'
import { fromPlain } from '../tensors.ts'
import { fingerprintOf } from './fingerprint.ts'
import { lazily, type Objective } from './objective.ts'

type Cutting = Pick<TrainSettings, 'maxInputTokens' | 'maxOutputTokens' | 'prefix'>

export function seq2seqObjective(
  config: Seq2SeqConfig,
  parameters: readonly Parameter[],
  tokenizer: Tokenizer,
  examples: readonly TrainExample[],
  { maxInputTokens, maxOutputTokens, prefix = '' }: Cutting
): Objective {
  const encode = (text: string, maxTokens: number) => tokenizer.encode(prefix + text, undefined, { maxTokens })
  const sources = lazily(examples.length, (index) => encode(examples[index]!.input, maxInputTokens))
  const answers = lazily(examples.length, (index) => encode(examples[index]!.output, maxOutputTokens))
  const labels = (indices: readonly number[]) => indices.reduce((sum, index) => sum + answers(index).length, 0)
  return {
    count: examples.length,
    fingerprint: fingerprintOf(
      examples.flatMap(({ input, output }) => [input, output]),
      maxInputTokens,
      maxOutputTokens,
      prefix
    ),
    graph: (options) => trainingLoss(config, parameters, options),
    length: (index) => sources(index).length,
    labels,
    batch(indices, totalLabels) {
      const inputs = indices.map(sources)
      const feeds = fromPlain(trainingBatch(config, inputs, indices.map(answers), totalLabels))
      return { feeds, tokens: inputs.reduce((sum, ids) => sum + ids.length, 0) + labels(indices) }
    }
  }
}
