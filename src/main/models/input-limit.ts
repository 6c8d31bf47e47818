import { architectureOf, type ModelConfig } from './architectures/index.ts'
import type { SentenceConfig } from './sentence-config.ts'

/**
 * How many tokens of a text a model reads, special ones counted; null: as many as there are. One rule everywhere: the
 * shortest of what its positions allow and what it was made for. The latter is max_seq_length of a sentence-transformers
 * folder, else the tokenizer's model_max_length (which for an encoder-decoder is advice, so it does not count there).
 */
export function inputLimit(
  config: ModelConfig,
  sentence: SentenceConfig | null,
  tokenizer: { readonly modelMaxTokens: number | null }
): number | null {
  const madeFor = config.role === 'seq2seq' ? null : (sentence?.maxTokens ?? tokenizer.modelMaxTokens)
  return shortest(architectureOf(config).maxInputTokens(config), madeFor)
}

/** The smaller of the limits that there are. */
export function shortest(...limits: readonly (number | null | undefined)[]): number | null {
  const known = limits.filter((limit) => typeof limit === 'number')
  return known.length === 0 ? null : Math.min(...known)
}
