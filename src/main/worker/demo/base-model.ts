import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { Random } from '../../random/random.ts'
import type { LineRow } from '../../data/demo/suite.ts'
import type { TrainSettings, TrainStep } from '../../engine/engine.ts'
import { createModelFolder } from '../../models/create.ts'
import { trainByteLevelBpe, writeTokenizer } from '../../models/tokenizers/train-bpe.ts'
import { trainAndExport, type ModelSize } from './train-and-export.ts'

export const baseModelSize: ModelSize = { width: 128, layers: 2, heads: 4, vocabulary: 3000, maxTokens: 128 }

export const baseTraining: TrainSettings = {
  method: 'full',
  optimizer: 'adamw',
  learningRate: 1e-3,
  weightDecay: 0.01,
  epsilon: 1e-8,
  epochs: 1,
  batchSize: 32,
  accumulation: 1,
  warmupSteps: 200,
  clipNorm: 1,
  labelSmoothing: 0,
  dropout: 0,
  maxInputTokens: 128,
  maxOutputTokens: 48,
  seed: 2204,
  shuffle: true
}

/** The vocabulary that both demo models share, learnt from the upstream texts. */
export function demoVocabulary(upstream: readonly LineRow[], size: number) {
  return trainByteLevelBpe(
    upstream.flatMap(([input, outputs]) => [input, ...outputs]),
    size
  )
}

/** What a base model is trained on and how. */
export interface BaseTraining {
  rows: readonly LineRow[]
  size?: ModelSize
  settings?: TrainSettings
  /** The folder of a base model to train on; default: one that knows nothing. */
  from?: string | undefined
}

/**
 * Trains the multi-task base model in one pass over its training rows: a BART, with the default size of about 1.3 million
 * parameters as a stand-in for BART0. The pass is short: like the large ones, it has learnt every upstream task a little.
 * Its checkpoint lies in `folder`/training, so that an interrupted training goes on.
 */
export async function* trainBaseModel(
  folder: string,
  { rows, size = baseModelSize, settings = baseTraining, from }: BaseTraining
): AsyncGenerator<TrainStep> {
  const start = join(folder, 'start')
  if (from === undefined) await createBaseModel(start, rows, size, settings.seed)
  else await cp(from, start, { recursive: true })
  const examples = rows.map(([input, outputs]) => ({ input, output: outputs[0]! }))
  yield* trainAndExport(folder, (engine, checkpoint) => engine.train(examples, settings, checkpoint))
}

async function createBaseModel(folder: string, rows: readonly LineRow[], size: ModelSize, seed: number): Promise<void> {
  const random = new Random(seed).fork('base model')
  await writeTokenizer(folder, demoVocabulary(rows, size.vocabulary), size.maxTokens)
  await createModelFolder(
    folder,
    {
      model_type: 'bart',
      vocab_size: size.vocabulary,
      d_model: size.width,
      encoder_layers: size.layers,
      decoder_layers: size.layers,
      encoder_attention_heads: size.heads,
      decoder_attention_heads: size.heads,
      encoder_ffn_dim: size.width * 4,
      decoder_ffn_dim: size.width * 4,
      max_position_embeddings: size.maxTokens,
      activation_function: 'gelu',
      dropout: 0,
      attention_dropout: 0,
      activation_dropout: 0,
      init_std: 0.02,
      pad_token_id: 1,
      bos_token_id: 0,
      eos_token_id: 2,
      decoder_start_token_id: 2,
      is_encoder_decoder: true
    },
    () => random.normal()
  )
}
