/** Everything that the small files of a model folder say. */
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

/**
 * Reads config, tokenizer, generation settings and pooling. Weights are not touched.
 * @throws LabError naming the file and the field that is missing, wrong or not supported
 */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  const notes: Notes = []
  const config = await readConfig(folder, notes)
  // A base model's folder with sentence-transformers' modules is its encoder.
  const sentence = config.role === 'pair-classifier' ? null : await readSentenceConfig(folder, notes)
  const tokenizer = await loadTokenizer(folder, { lowercase: sentence?.lowercase ?? false, notes })
  const generation = config.role === 'seq2seq' ? await readGenerationConfig(folder, notes) : null
  return { config, tokenizer, generation, sentence, notes }
}
