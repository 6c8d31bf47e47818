/** Texts to vectors. */
import type { ModelConfig } from '../../models/config.ts'
import { maxInputTokens } from '../../models/config.ts'
import { sourceBatch } from '../../models/batch.ts'
import { embeddingGraph } from '../../models/graphs.ts'
import type { EmbedBatch, EmbedOptions } from '../engine.ts'
import { floats } from '../tensors.ts'
import { feedsOf, lengthSortedBatches, positive } from './batches.ts'
import type { InferenceModel, Runner, Runners } from './model.ts'
import { checkQuantized, linearLayers, quantizedWeights } from './quantize.ts'

/** Padded tokens. On MiniLM- and BART-like encoders larger batches gained nothing, and they take more memory. */
const defaultTokenBudget = 1024
const largestBatch = 64

/** Vectors of the texts, a batch at a time, longest texts first. */
export async function* embed(
  model: InferenceModel,
  runners: Runners,
  texts: readonly string[],
  options: EmbedOptions = {}
): AsyncGenerator<EmbedBatch> {
  const { config, sentence, tokenizer } = model
  const tokens = positive('tokenBudget', options.tokenBudget, defaultTokenBudget)
  const maxTokens = inputLimit(config, options.maxTokens, sentence?.maxTokens ?? null)
  const pooling = options.pooling ?? sentence?.pooling ?? 'mean'
  const normalize = options.normalize ?? sentence?.normalize ?? false
  const ids = encodeAll(tokenizer, texts, maxTokens)
  if (ids.length === 0) return
  const runner = await embeddingRunner(model, runners, { pooling, normalize }, ids)
  const lengths = ids.map((row) => row.length)
  for (const indices of lengthSortedBatches(lengths, { tokens, rows: largestBatch })) {
    options.signal?.throwIfAborted()
    const feeds = feedsOf(
      sourceBatch(
        config,
        indices.map((index) => ({ ids: ids[index]! }))
      )
    )
    const { vectors } = await runner.run(feeds)
    yield { indices, vectors: floats(vectors!) }
  }
}

/** Ids of all texts; an empty text becomes one end token, so that it has a vector too. */
export function encodeAll(
  tokenizer: InferenceModel['tokenizer'],
  texts: readonly string[],
  maxTokens: number | null
): number[][] {
  const options = maxTokens === null ? {} : { maxTokens }
  return tokenizer
    .encodeBatch(texts, options)
    .map((row) => (row.length > 0 ? row : [tokenizer.special.eos ?? tokenizer.special.pad ?? 0]))
}

/** The shortest of what was asked for, what the model was trained with, and what its positions allow. */
export function inputLimit(config: ModelConfig, asked: number | undefined, usual: number | null): number | null {
  const limits = [asked === undefined ? usual : positive('maxTokens', asked, 1), maxInputTokens(config)]
  const known = limits.filter((limit) => limit !== null)
  return known.length === 0 ? null : Math.min(...known)
}

type Pooling = { pooling: 'mean' | 'cls'; normalize: boolean }

async function embeddingRunner(
  model: InferenceModel,
  runners: Runners,
  how: Pooling,
  ids: readonly (readonly number[])[]
): Promise<Runner> {
  const { config, parameters, precision } = model
  const key = `embedding ${how.pooling} ${how.normalize} ${precision}`
  if (precision === 'fp32') return runners.get(key, () => embeddingGraph(config, parameters, how))
  const layers = linearLayers(config, parameters)
  const make = (): ReturnType<typeof embeddingGraph> =>
    embeddingGraph(config, parameters, { ...how, quantized: layers })
  const runner = await runners.get(key, make, () => ({ extra: quantizedWeights(model, layers) }))
  await checkQuantized(model, runner, how, ids)
  return runner
}
