/** Scores of text pairs by a classifier: the reranker. */
import { LabError } from '../../contract/error.ts'
import { encoderOf } from '../../models/architectures/index.ts'
import { sourceBatch, type SourceRow } from '../../models/batch.ts'
import type { EncoderConfig } from '../../models/config.ts'
import { classifierGraph } from '../../models/graphs.ts'
import type { Engine } from '../engine.ts'
import { checkFinite } from '../finite.ts'
import { floats } from '../tensors.ts'
import { linearLayers } from '../../models/linear-layers.ts'
import { feedsOf, lengthSortedBatches } from './batches.ts'
import { inputLimit } from './embed.ts'
import type { InferenceModel, Runners } from './model.ts'

const tokenBudget = 1024
const largestBatch = 64

type PairOptions = NonNullable<Parameters<Engine['scorePairs']>[1]>

/** Probability or logit of class 1 for each pair; of the one output, read as log-odds, where there is but one. In the order given. */
export async function scorePairs(
  model: InferenceModel,
  runners: Runners,
  pairs: readonly (readonly [string, string])[],
  options: PairOptions = {}
): Promise<number[]> {
  const { config, parameters } = model
  if (config.role !== 'pair-classifier') {
    throw new LabError(
      'wrong-role',
      `This model is a ${config.role} (${config.architecture}) and cannot score pairs. Choose a model with a classifier head.`,
      { details: { role: config.role } }
    )
  }
  const runner = await runners.get(
    'classifier',
    (context) => classifierGraph(config, parameters, context),
    () => ({ steady: linearLayers(parameters) })
  )
  const limit = inputLimit(model, options.maxTokens)
  const rows = pairs.map((pair) => pairRow(model, config, pair, limit))
  const scoreOf = options.score === 'logit' ? positiveLogit : positiveShare
  const scores = new Array<number>(pairs.length)
  const lengths = rows.map(({ ids }) => ids.length)
  for (const batch of lengthSortedBatches(lengths, { tokens: tokenBudget, rows: largestBatch })) {
    options.signal?.throwIfAborted()
    const outputs = await runner.run(
      feedsOf(
        sourceBatch(
          config,
          batch.map((index) => rows[index]!)
        )
      )
    )
    const logits = floats(outputs['logits']!)
    checkFinite(logits, 'the score of a pair')
    batch.forEach((index, row) => {
      scores[index] = scoreOf(logits.subarray(row * config.labels, (row + 1) * config.labels))
    })
  }
  return scores
}

/** The ids of a pair, with token types where the model has them. */
export function pairRow(
  { tokenizer }: Pick<InferenceModel, 'tokenizer'>,
  config: EncoderConfig,
  [first, second]: readonly [string, string],
  limit: number | null
): SourceRow {
  const ids = tokenizer.encode(first, second, limit === null ? {} : { maxTokens: limit })
  if (!encoderOf(config).source(config).types) return { ids }
  // BERT: everything after the first separator is the second text.
  const end = ids.indexOf(tokenizer.special.eos ?? -1)
  return { ids, types: ids.map((_, position) => (end >= 0 && position > end ? 1 : 0)) }
}

function positiveLogit(logits: Float32Array): number {
  return logits[logits.length === 1 ? 0 : 1]!
}

/** Softmax of the second of the logits; sigmoid of a single one. */
function positiveShare(logits: Float32Array): number {
  if (logits.length === 1) return 1 / (1 + Math.exp(-logits[0]!))
  const largest = Math.max(...logits)
  const exponentials = Array.from(logits, (logit) => Math.exp(logit - largest))
  return exponentials[1]! / exponentials.reduce((sum, value) => sum + value, 0)
}
