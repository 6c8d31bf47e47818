/**
 * About what a process takes, in bytes, by the little that the lab's records say of a model: enough for what shares a machine, or asks a
 * scheduler for room. What does not fit in spite of it is refused by the engine, which knows the model, before it begins
 * (`models/memory.ts`): `test/costs/memory.test.ts` holds the one against the other.
 */
import type { BaseWeights } from '../contract/base-weights.ts'
import type { Model } from '../contract/models.ts'
import type { Precision } from '../contract/precision.ts'
import type { TuneSettings } from '../contract/run-settings.ts'

export type Sized = Pick<Model, 'parameters' | 'hiddenSize'>

export type Tuning = Pick<TuneSettings, 'method' | 'batchSize' | 'maxInputTokens' | 'maxOutputTokens'> &
  Partial<Pick<TuneSettings, 'base' | 'precision' | 'optimizer' | 'loraRank' | 'lastBlocks' | 'dropout' | 'recompute'>>

export interface Answering {
  maxInputTokens: number
  maxOutputTokens: number
  beams: number
  precision: Precision
  base: BaseWeights
}

/** What Node and the runtime take before anything is read. */
const runtime = 3e8
const float = 4

/** Words that a table is taken to have: no record tells. Of usual vocabularies of one language it is among the largest. */
const words = 51_200

/** Tables stay in fp32 whatever the base. */
const tableOf = ({ parameters, hiddenSize }: Sized): number => Math.min(parameters, words * hiddenSize)

/** Bytes of a number of a linear layer, with its share of the scales. */
const bytesOf: Readonly<Record<BaseWeights, number>> = { full: float, '8-bit': 1.01, '4-bit': 0.5 + float / 64 }

/** Blocks of 12 to 16 times the square of the width. */
function layersOf(model: Sized): number {
  return Math.max(2, Math.round((model.parameters - tableOf(model)) / (14 * Math.max(1, model.hiddenSize) ** 2)))
}

/** Weights and, beside those in full, the copies in fewer bits of what is computed fast or in half. */
function weightBytes(model: Sized, base: BaseWeights, copies: number): number {
  const table = tableOf(model)
  const linear = model.parameters - table
  return float * table + bytesOf[base] * linear + (base === 'full' ? copies * linear : 0)
}

export function tuningBytes(model: Sized, tuning: Tuning): number {
  const { base = 'full', precision = 'fp32', optimizer = 'adamw' } = tuning
  const copies = precision === 'fp32' ? 0 : 2
  // An adapter lies beside the weights; the others are some of these. Each has a gradient, and two moments with AdamW.
  const states = (tuning.method === 'lora' ? 1 : 0) + 1 + (optimizer === 'adamw' ? 2 : 0)
  return (
    runtime +
    weightBytes(model, base, copies) +
    float * (states * trainedOf(model, tuning) + keptOf(model, tuning) + scoresOf(model, tuning))
  )
}

/** By default as long as texts usually are: who only embeds or scores is not asked for more. */
export function answeringBytes(model: Sized, answering: Partial<Answering> = {}): number {
  const { base = 'full', precision = 'fp32', maxInputTokens = 128, maxOutputTokens = 16, beams = 1 } = answering
  const batch = 8
  const cached = batch * (maxInputTokens + beams * maxOutputTokens) * model.hiddenSize * layersOf(model)
  const scores = 3 * batch * beams * (tableOf(model) / Math.max(1, model.hiddenSize))
  return runtime + weightBytes(model, base, precision === 'fast' ? 1 : 0) + float * (cached + scores)
}

function trainedOf({ parameters, hiddenSize }: Sized, { method, loraRank = 16, lastBlocks = 1 }: Tuning): number {
  if (method === 'full') return parameters
  // Two low factors for a sixth of the weights, the queries and values; a block of each stack.
  if (method === 'lora') return (parameters / 6) * Math.min(1, (2 * loraRank) / Math.max(1, hiddenSize))
  return Math.min(parameters, lastBlocks * 30 * hiddenSize ** 2)
}

/** What the backward pass needs, and what a block holds while it runs. Half the blocks read inputs, half answers. */
function keptOf(model: Sized, tuning: Tuning): number {
  const { hiddenSize } = model
  const { method, batchSize, maxInputTokens, maxOutputTokens, dropout, recompute = false, lastBlocks = 1 } = tuning
  const masks = dropout === 0 ? 0 : 1
  // Beside an adapter no weight is trained, so that most inputs of products are not needed any more.
  const widths = (method === 'lora' ? 11 : 16) + 2 * masks
  const ofToken = widths * hiddenSize + (1 + masks) * maxInputTokens * (hiddenSize / 64)
  const half = layersOf(model) / 2
  // Gradients of the last blocks of the encoder flow through all of the decoder, and no further back.
  const inputs = (method === 'last-blocks' ? Math.min(half, lastBlocks) : half) * maxInputTokens
  const answers = half * maxOutputTokens
  const once = maxInputTokens + maxOutputTokens
  return batchSize * ((inputs + answers) * (recompute ? hiddenSize : ofToken) + once * ofToken)
}

/** Scores of all words, their probabilities, and the gradient. */
function scoresOf(model: Sized, { batchSize, maxOutputTokens }: Tuning): number {
  return (3 * batchSize * maxOutputTokens * tableOf(model)) / Math.max(1, model.hiddenSize)
}
