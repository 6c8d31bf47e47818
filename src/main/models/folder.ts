/** Everything that the small files of a model folder say. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { LabError } from '../contract/error.ts'
import type { Notes } from './closed.ts'
import { readConfig, type ModelConfig } from './config.ts'
import { readGenerationConfig, type GenerationConfig } from './generation-config.ts'
import { readSentenceConfig, type SentenceConfig } from './sentence-config.ts'
import { loadTokenizer } from './tokenizers/load.ts'
import type { Tokenizer } from './tokenizers/tokenizer.ts'

export interface ModelFolder {
  config: ModelConfig
  tokenizer: Tokenizer
  /** How answers are searched; null for an encoder. */
  generation: GenerationConfig | null
  /** Null for what is not a sentence-transformers folder. */
  sentence: SentenceConfig | null
  /** What the files ask for and the lab does not do, or does otherwise. */
  notes: Notes
}

/** Transformers puts an adapter that lies in a model's folder over its weights; alone it is no model at all. */
function refuseAdapter(folder: string): void {
  const file = ['adapter_config.json', 'adapter_model.safetensors', 'adapter_model.bin'].find((name) =>
    existsSync(join(folder, name))
  )
  if (file === undefined) return
  const alone = !existsSync(join(folder, 'config.json'))
  throw new LabError(
    'model-setting-unsupported',
    `${join(folder, file)}: this is an adapter (PEFT), ${alone ? 'not a whole model' : 'which belongs over the weights beside it'}. The lab does not ` +
      'load adapters; merge it into its base model (PEFT: merge_and_unload, then save_pretrained) and choose that folder.',
    { details: { file } }
  )
}

/**
 * Reads config, tokenizer, generation settings and pooling. Weights are not touched.
 * @throws LabError naming the file and the field that is missing, wrong or not supported
 */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  refuseAdapter(folder)
  const notes: Notes = []
  const config = await readConfig(folder, notes)
  // A base model's folder with sentence-transformers' modules is its encoder.
  const sentence = config.role === 'pair-classifier' ? null : await readSentenceConfig(folder, notes)
  const tokenizer = await loadTokenizer(folder, { lowercase: sentence?.lowercase ?? false, notes })
  const [rows, ids] = [config.vocabularySize, tokenizer.vocabularySize]
  if (ids > rows)
    notes.push(
      `The tokenizer has ${ids} tokens, but the model's table has ${rows} rows (vocab_size): a text with a token beyond, such as ${JSON.stringify(tokenizer.tokenOf(ids - 1))}, cannot be read.`
    )
  const generation = config.role === 'seq2seq' ? await readGenerationConfig(folder, notes) : null
  return { config, tokenizer, generation, sentence, notes }
}
