import { totalmem } from 'node:os'
import { LabError } from '../contract/error.ts'
import type { BaseWeights } from '../contract/base-weights.ts'
import type { Precision, TunePrecision } from '../contract/precision.ts'
import type { Stack } from './architecture.ts'
import { architectureOf, parametersOf, type ModelConfig } from './architectures/index.ts'
import { baseLayers, cardBytes } from './linear-layers.ts'
import { totalSize, type Parameter } from './parameters.ts'
import { screenBytes } from './screen-graph.ts'

/** What a model is to be used for; sizes are of one batch, every row counted as long as the longest may be. */
export type Purpose =
  | { kind: 'embed'; tokens: number; longest: number; precision?: Precision; base?: BaseWeights }
  | {
      kind: 'generate'
      batch: number
      inputTokens: number
      outputTokens: number
      beams: number
      precision?: Precision
      base?: BaseWeights
    }
  | {
      kind: 'train'
      /** Number of weights that are trained: all, those of some blocks, or an adapter's. Default all. */
      trained?: number
      /** Whether they lie beside the model's own weights, as an adapter does, or are some of these; default: where they are fewer than all. */
      beside?: boolean
      /** Moments per trained weight: 2 for AdamW; near 0 for Adafactor, which keeps rows and columns. */
      moments: number
      /** Of each stack only so many blocks are trained: what lies before those of the encoder keeps nothing. */
      lastBlocks?: number
      batch: number
      inputTokens: number
      outputTokens: number
      /** Dropout keeps its masks and what they leave. */
      dropout: boolean
      /** Only the values between the blocks are kept. */
      recompute?: boolean
      precision?: TunePrecision
      base?: BaseWeights
    }

/** Bytes. `total` is their sum. */
export interface MemoryEstimate {
  weights: number
  gradients: number
  moments: number
  /** Intermediate values of one batch, with those of the backward pass where there is one; caches where it generates. */
  activations: number
  total: number
}

const floatBytes = 4

/**
 * How much memory a model will take, from its configuration alone: weights become fp32. For training that is exact
 * for weights, gradients and moments; activations are counted from the values that the backward pass needs.
 */
export function memoryOf(config: ModelConfig, purpose: Purpose): MemoryEstimate {
  const list = parametersOf(config)
  const parameters = totalSize(list)
  const { base = 'full' } = purpose
  const trained = purpose.kind === 'train' ? (purpose.trained ?? parameters) : 0
  const precision = purpose.precision ?? 'fp32'
  // int8 copies of the linear layers lie beside the fp32 weights; for steps as they are and turned around.
  const fast = precision === 'fast' && base === 'full'
  // In half precision all weights lie there once more, in two bytes each, while a batch is computed.
  const half = precision === 'half'
  const copies = fast ? linearSize(config, list) * (purpose.kind === 'train' ? 2 : 1) : half ? 2 * parameters : 0
  const screen =
    purpose.kind === 'generate' && purpose.beams === 1 ? screenBytes(config.vocabularySize, config.hiddenSize) : 0
  const adapter = purpose.kind === 'train' && (purpose.beside ?? trained < parameters) ? trained : 0
  const estimate = {
    // Layers in fewer bits are read in full one at a time.
    weights: cardBytes(config, list, base) + adapter * floatBytes + copies + screen,
    gradients: trained * floatBytes,
    moments: purpose.kind === 'train' ? trained * purpose.moments * floatBytes : 0,
    activations: activationFloats(config, purpose) * floatBytes
  }
  const total = estimate.weights + estimate.gradients + estimate.moments + estimate.activations
  return { ...estimate, total }
}

/** Numbers of the layers that fast products read. */
function linearSize(config: ModelConfig, parameters: readonly Parameter[]): number {
  const layers = baseLayers(config, parameters)
  return totalSize(parameters.filter(({ name }) => layers.has(name.replace(/\.weight$/, ''))))
}

/**
 * Refuses what cannot fit into this machine. What other programs hold can mostly be paged out, so the limit is nine tenths
 * of the memory that is built in.
 * @throws LabError `model-too-large`
 */
export function checkFits(folder: string, estimate: MemoryEstimate, available = totalmem()): void {
  if (estimate.total <= available * 0.9) return
  const parts = (['weights', 'gradients', 'moments', 'activations'] as const)
    .filter((part) => estimate[part] > 0)
    .map((part) => `${part} ${gigabytes(estimate[part])}`)
  const advice =
    estimate.gradients > 0
      ? 'Train an adapter (LoRA) or the last blocks, use a smaller batch or shorter texts, or choose a smaller model.'
      : 'Choose a smaller model, smaller batches, or a machine with more memory.'
  throw new LabError(
    'model-too-large',
    `The model in ${folder} needs about ${gigabytes(estimate.total)} of memory (${parts.join(', ')}), ` +
      `but this machine has ${gigabytes(available)}. ${advice}`,
    { details: { folder, needed: estimate.total, available } }
  )
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GB`
}

function activationFloats(config: ModelConfig, purpose: Purpose): number {
  const [encoder, decoder] = architectureOf(config).stacks(config)
  if (purpose.kind === 'embed') return blockFloats(encoder, purpose.tokens, purpose.longest)
  if (purpose.kind === 'generate') return generateFloats(config, encoder, decoder, purpose)
  const { batch, inputTokens, outputTokens, dropout, recompute, lastBlocks = Infinity, beside = false } = purpose
  const rows = batch * inputTokens
  const once = keptFloats(encoder, rows, inputTokens, { dropout, adapter: beside })
  const boundary = encoder.hidden * rows
  const layers = Math.min(encoder.layers, lastBlocks)
  let kept = recompute ? layers * boundary + once : layers * once
  let largest = blockFloats(encoder, rows, inputTokens)
  if (decoder) {
    const targets = batch * outputTokens
    const own = keptFloats(decoder, targets, outputTokens, { dropout, adapter: beside })
    const cross = crossFloats(decoder, targets, { rows, length: inputTokens }, dropout)
    kept += recompute ? decoder.layers * decoder.hidden * targets + own + cross : decoder.layers * (own + cross)
    // Scores of all words, their probabilities, and the gradient: the head is one step, forward and backward.
    largest = Math.max(largest, blockFloats(decoder, targets, outputTokens), 3 * targets * config.vocabularySize)
  }
  return kept + largest
}

/**
 * What the backward pass of one block needs: inputs of its products, norms, softmax and activation. Of frozen weights beside an adapter
 * most inputs of products are not needed.
 */
function keptFloats(
  { hidden, attention, heads, feedForward, gated }: Stack,
  rows: number,
  length: number,
  { dropout, adapter }: { dropout: boolean; adapter: boolean }
): number {
  const attend = 3 * attention + attention + heads * length * (dropout ? 2 : 1)
  const norms = (adapter ? 3 : 4) * hidden
  const inner = ((gated ? 4 : 2) - (adapter ? 1 : 0)) * feedForward
  return rows * (attend + norms + inner + (dropout ? 2 * hidden : 0))
}

/** The same for a decoder block's attention to the encoder. */
function crossFloats(stack: Stack, rows: number, source: { rows: number; length: number }, dropout: boolean): number {
  const { hidden, attention, heads } = stack
  const attend = 2 * attention + heads * source.length * (dropout ? 2 : 1)
  return rows * (attend + 2 * hidden + (dropout ? hidden : 0)) + 2 * source.rows * attention
}

/** What one block holds at a time while it runs. */
function blockFloats({ hidden, attention, heads, feedForward, gated }: Stack, rows: number, length: number): number {
  const attend = 4 * attention + 2 * heads * length
  const inner = (gated ? 3 : 2) * feedForward
  return rows * (2 * hidden + Math.max(attend, inner))
}

function generateFloats(
  config: ModelConfig,
  encoder: Stack,
  decoder: Stack | null,
  purpose: Extract<Purpose, { kind: 'generate' }>
): number {
  const { batch, inputTokens, outputTokens, beams } = purpose
  const encode = blockFloats(encoder, batch * inputTokens, inputTokens)
  if (!decoder) return encode
  const cross = 2 * decoder.layers * batch * inputTokens * decoder.attention
  const own = 2 * decoder.layers * batch * beams * outputTokens * decoder.attention
  const scores = 3 * batch * beams * config.vocabularySize
  return Math.max(encode, cross + own + scores)
}
