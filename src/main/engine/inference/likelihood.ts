/** How likely given answers are: rank classification and losses. */
import { targetBatch, labelBatch, sourceBatch } from '../../models/batch.ts'
import { likelihoodGraph } from '../../models/decoding-graphs.ts'
import { LabError } from '../../contract/error.ts'
import { checkFinite } from '../finite.ts'
import type { ChoiceScores, Engine, TrainExample } from '../engine.ts'
import { floats, int64 } from '../tensors.ts'
import { feedsOf, lengthSortedBatches, positive } from './batches.ts'
import { seq2seqConfig } from './decoder.ts'
import { encodeAll, inputLimit } from './embed.ts'
import type { InferenceModel, Runners } from './model.ts'

/** Padded source tokens in a batch. */
const defaultTokenBudget = 2048
const largestBatch = 32
/** Labels in a batch: each has a row of scores over the whole vocabulary. */
const largestLabels = 1024

type RankInput = Parameters<Engine['rankChoices']>[0][number]
type RankOptions = NonNullable<Parameters<Engine['rankChoices']>[1]>
type LossOptions = NonNullable<Parameters<Engine['losses']>[1]>

/** For each input its choices' mean log-likelihood per token, longest inputs first; the encoder reads an input once. */
export async function* rankChoices(
  model: InferenceModel,
  runners: Runners,
  inputs: readonly RankInput[],
  options: RankOptions = {}
): AsyncGenerator<ChoiceScores> {
  seq2seqConfig(model)
  inputs.forEach(({ choices }, index) => {
    if (choices.length > 0) return
    throw new LabError('no-choices', `The input at position ${index} has no choices to rank. Give each at least one.`)
  })
  const tokens = positive('tokenBudget', options.tokenBudget, defaultTokenBudget)
  const limit = inputLimit(model, options.maxInputTokens)
  const sources = encodeAll(
    model.tokenizer,
    inputs.map(({ input }) => input),
    limit
  )
  const answers = inputs.map(({ choices }) => encodeAll(model.tokenizer, choices, inputLimit(model, undefined)))
  for (const batch of likelihoodBatches(sources, answers, tokens)) {
    options.signal?.throwIfAborted()
    const means = await meanLikelihoods(
      model,
      runners,
      batch.map((index) => sources[index]!),
      batch.map((index) => answers[index]!)
    )
    for (const [row, index] of batch.entries()) {
      const logLikelihoods = means[row]!
      yield { index, logLikelihoods, best: logLikelihoods.indexOf(Math.max(...logLikelihoods)) }
    }
  }
}

/** Mean cross-entropy per output token of each example, in the order given. */
export async function losses(
  model: InferenceModel,
  runners: Runners,
  examples: readonly TrainExample[],
  options: LossOptions = {}
): Promise<number[]> {
  seq2seqConfig(model)
  const encode = (texts: string[], limit: number | undefined): number[][] =>
    encodeAll(model.tokenizer, texts, inputLimit(model, limit))
  const sources = encode(
    examples.map(({ input }) => input),
    options.maxInputTokens
  )
  const labels = encode(
    examples.map(({ output }) => output),
    options.maxOutputTokens
  )
  const answers = labels.map((ids) => [ids])
  const result = new Array<number>(examples.length)
  for (const batch of likelihoodBatches(sources, answers, defaultTokenBudget)) {
    const means = await meanLikelihoods(
      model,
      runners,
      batch.map((index) => sources[index]!),
      batch.map((index) => answers[index]!)
    )
    batch.forEach((index, row) => (result[index] = -means[row]![0]!))
  }
  return result
}

/** Batches of sources of like length, cut where their answers together have too many labels. */
function likelihoodBatches(
  sources: readonly (readonly number[])[],
  answers: readonly (readonly (readonly number[])[])[],
  tokens: number
): number[][] {
  const labelsOf = (index: number): number => answers[index]!.reduce((sum, answer) => sum + answer.length, 0)
  const lengths = sources.map((row) => row.length)
  return lengthSortedBatches(lengths, { tokens, rows: largestBatch }).flatMap((batch) => {
    const parts: number[][] = []
    let labels = Infinity
    for (const index of batch) {
      labels += labelsOf(index)
      if (labels > largestLabels) {
        parts.push([])
        labels = labelsOf(index)
      }
      parts.at(-1)!.push(index)
    }
    return parts
  })
}

/** For each source the mean log-likelihood per id of each of its answers. */
async function meanLikelihoods(
  model: InferenceModel,
  runners: Runners,
  sources: readonly (readonly number[])[],
  answers: readonly (readonly (readonly number[])[])[]
): Promise<number[][]> {
  const config = seq2seqConfig(model)
  const runner = await runners.get('likelihood', () => likelihoodGraph(config, model.parameters))
  const flat = answers.flat()
  const owners = answers.flatMap((list, source) => list.map(() => source))
  const { label_ids } = labelBatch(flat)
  const outputs = await runner.run({
    ...feedsOf({
      ...sourceBatch(
        config,
        sources.map((ids) => ({ ids }))
      ),
      ...targetBatch(config, flat),
      label_ids: label_ids!
    }),
    target_owners: int64(owners, [owners.length])
  })
  const values = floats(outputs['log_likelihoods']!)
  checkFinite(values, 'how likely an answer is')
  let at = 0
  return answers.map((list) =>
    list.map((answer) => {
      let sum = 0
      for (let token = 0; token < answer.length; token++) sum += values[at++]!
      return sum / answer.length
    })
  )
}
