/** Model folders of known shapes with random weights, opened for inference: speed does not depend on the weights. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeTrainingRows } from '../src/main/data/demo/suite.ts'
import type { Provider } from '../src/main/contract/providers.ts'
import type { InferenceModel } from '../src/main/engine/inference/index.ts'
import { physicalCores } from '../src/main/machine/cores.ts'
import { readConfig } from '../src/main/models/config.ts'
import { createModelFolder, type ConfigFields } from '../src/main/models/create.ts'
import { readGenerationConfig } from '../src/main/models/generation-config.ts'
import { locateParameters } from '../src/main/models/locate.ts'
import { loadTokenizer } from '../src/main/models/tokenizers/load.ts'
import { openCheckpoint } from '../src/main/models/weights/checkpoint.ts'
import { Random } from '../src/main/random/random.ts'
import { sized } from './size.ts'

/** Only whether the suite works shows in this size. */
const tiny = {
  ...{ vocab_size: 300, d_model: 32, encoder_layers: 1, decoder_layers: 1, encoder_ffn_dim: 64, decoder_ffn_dim: 64 },
  ...{ encoder_attention_heads: 2, decoder_attention_heads: 2 }
}
export const miniLm: ConfigFields = {
  model_type: 'bert',
  vocab_size: 30522,
  hidden_size: 384,
  num_hidden_layers: sized(6, 1),
  num_attention_heads: 12,
  intermediate_size: sized(1536, 64),
  max_position_embeddings: 512
}
export const bartBase: ConfigFields = {
  model_type: 'bart',
  vocab_size: 50265,
  d_model: 768,
  encoder_layers: 6,
  decoder_layers: 6,
  encoder_attention_heads: 12,
  decoder_attention_heads: 12,
  encoder_ffn_dim: 3072,
  decoder_ffn_dim: 3072,
  max_position_embeddings: 1024,
  ...sized<Partial<typeof tiny>>({}, tiny)
}
/** A model of the size that the demo trains: here every microsecond around the products shows. */
export const bartSmall: ConfigFields = {
  ...bartBase,
  vocab_size: 4000,
  d_model: 256,
  encoder_layers: 3,
  decoder_layers: 3,
  encoder_attention_heads: 4,
  decoder_attention_heads: 4,
  encoder_ffn_dim: 1024,
  decoder_ffn_dim: 1024,
  ...sized<Partial<typeof tiny>>({}, tiny)
}

export async function makeFolder(folder: string, fields: ConfigFields): Promise<void> {
  const random = new Random(3)
  await createModelFolder(folder, fields, () => random.normal())
}

/** Opens a folder that `makeFolder` made. */
export async function openModel(folder: string, provider: Provider = 'cpu'): Promise<InferenceModel> {
  const config = await readConfig(folder)
  const checkpoint = await openCheckpoint(folder)
  const parameters = locateParameters(config, checkpoint)
  const weights = new Map<string, Float32Array>()
  for (const { name, source } of parameters) weights.set(name, await checkpoint.read(source!))
  await checkpoint.close()
  return {
    config,
    generation: config.role === 'seq2seq' ? await readGenerationConfig(folder) : null,
    sentence: null,
    parameters,
    // Decoding is measured on ids, as in the peer.
    tokenizer: config.role === 'encoder' ? await loadTokenizer(folder) : noTokenizer,
    weight: (name) => weights.get(name)!,
    live: false,
    precision: 'fp32',
    provider,
    threads: physicalCores()
  }
}

const noTokenizer: InferenceModel['tokenizer'] = {
  modelMaxTokens: null,
  special: { pad: 1, bos: 0, eos: 2, unk: 3, mask: null },
  vocabularySize: 0,
  encode: () => [],
  encodeBatch: () => [],
  decode: () => '',
  idOf: () => null,
  tokenOf: () => null
}

/** Texts of the demo suite, or lines of the file that RECROSS_BENCH_TEXTS names. */
export function benchTexts(count: number): string[] {
  const file = process.env['RECROSS_BENCH_TEXTS']
  const all = file
    ? readFileSync(file, 'utf8').split('\n').filter(Boolean)
    : makeTrainingRows(20).map(([input]) => input)
  return new Random(11).sample(all, Math.min(count, all.length))
}

/** A WordPiece vocabulary with every word of the texts, so that token counts are like those of a trained one. */
export function writeVocabulary(folder: string, texts: readonly string[], size: number): void {
  const words = new Set(['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'])
  for (const text of texts) for (const word of text.toLowerCase().match(/[a-z0-9]+|[^\sa-z0-9]/g) ?? []) words.add(word)
  const list = [...words].slice(0, size)
  for (let index = list.length; index < size; index++) list.push(`[unused${index}]`)
  writeFileSync(join(folder, 'vocab.txt'), `${list.join('\n')}\n`)
  writeFileSync(
    join(folder, 'tokenizer_config.json'),
    JSON.stringify({ tokenizer_class: 'BertTokenizer', do_lower_case: true })
  )
}
