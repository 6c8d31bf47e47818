import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Random } from '../../random/random.ts'
import type { LineRow } from '../../data/demo/suite.ts'
import type { ContrastivePair, TrainSettings, TrainStep } from '../../engine/engine.ts'
import { createModelFolder } from '../../models/create.ts'
import { writeTokenizer } from '../../models/tokenizers/train-bpe.ts'
import { demoVocabulary } from './base-model.ts'
import { trainAndExport, type ModelSize } from './train-and-export.ts'

const encoderSize: ModelSize = { width: 96, layers: 2, heads: 4, vocabulary: 3000, maxTokens: 128 }

const encoderTraining: TrainSettings & { temperature: number } = {
  method: 'full',
  optimizer: 'adamw',
  learningRate: 1e-3,
  weightDecay: 0.01,
  epsilon: 1e-8,
  epochs: 3,
  batchSize: 64,
  accumulation: 1,
  warmupSteps: 100,
  clipNorm: 1,
  labelSmoothing: 0,
  dropout: 0,
  maxInputTokens: 128,
  maxOutputTokens: 1,
  seed: 2205,
  shuffle: true,
  temperature: 0.05
}

/**
 * Texts that belong together: two ways of asking about one source item, and, as often, two items of one source. The first
 * teaches what a text says, the second what kind of text it is.
 */
function encoderPairs(upstream: readonly LineRow[], seed: number): ContrastivePair[] {
  const random = new Random(seed).fork('pairs')
  const bySource = Map.groupBy(upstream, ([, , id]) => id.split('|')[0]!)
  return [...bySource.values()].flatMap((rows) => {
    const items = [...Map.groupBy(rows, ([, , id]) => id.split('|')[3]!).values()]
    const sameItem = items.filter((variants) => variants.length > 1).map((variants) => random.sample(variants, 2))
    const sameSource = sameItem.map(() => random.sample(items, 2).map((variants) => random.pick(variants)))
    return [...sameItem, ...sameSource].map(([one, two]) => ({ anchor: one![0], positive: two![0] }))
  })
}

/**
 * Trains the small sentence encoder from nothing by contrast, on pairs of texts that belong together: a stand-in for
 * all-distilroberta-v1, in the folder layout of sentence-transformers.
 */
export async function* trainSentenceEncoder(
  folder: string,
  upstream: readonly LineRow[],
  size: ModelSize = encoderSize,
  settings: TrainSettings & { temperature: number } = encoderTraining
): AsyncGenerator<TrainStep> {
  const start = join(folder, 'start')
  const random = new Random(settings.seed).fork('sentence encoder')
  await mkdir(folder, { recursive: true })
  await writeTokenizer(start, demoVocabulary(upstream, size.vocabulary), size.maxTokens)
  await createModelFolder(
    start,
    {
      model_type: 'roberta',
      vocab_size: size.vocabulary,
      hidden_size: size.width,
      num_hidden_layers: size.layers,
      num_attention_heads: size.heads,
      intermediate_size: size.width * 4,
      max_position_embeddings: size.maxTokens + 2,
      type_vocab_size: 1,
      hidden_act: 'gelu',
      hidden_dropout_prob: 0,
      attention_probs_dropout_prob: 0,
      layer_norm_eps: 1e-5,
      initializer_range: 0.02,
      pad_token_id: 1,
      bos_token_id: 0,
      eos_token_id: 2
    },
    () => random.normal()
  )
  await writeSentenceModules(start, size)
  const pairs = encoderPairs(upstream, settings.seed)
  yield* trainAndExport(folder, (engine, checkpoint) => engine.trainContrastive(pairs, settings, checkpoint))
}

/** The files by which sentence-transformers knows how to pool. */
async function writeSentenceModules(folder: string, size: ModelSize): Promise<void> {
  const write = (name: string, value: unknown) => writeFile(join(folder, name), JSON.stringify(value, null, 2) + '\n')
  await mkdir(join(folder, '1_Pooling'), { recursive: true })
  const type = (name: string) => `sentence_transformers.models.${name}`
  await write('modules.json', [
    { idx: 0, name: '0', path: '', type: type('Transformer') },
    { idx: 1, name: '1', path: '1_Pooling', type: type('Pooling') },
    { idx: 2, name: '2', path: '2_Normalize', type: type('Normalize') }
  ])
  await write('1_Pooling/config.json', { word_embedding_dimension: size.width, pooling_mode_mean_tokens: true })
  await write('sentence_bert_config.json', { max_seq_length: size.maxTokens, do_lower_case: false })
}
