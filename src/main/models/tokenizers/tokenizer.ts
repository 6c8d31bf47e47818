/** Ids of the tokens with a meaning of their own; null where a tokenizer has no such token. */
export interface SpecialIds {
  pad: number | null
  /** `<s>`, or `[CLS]` where there is no `<s>`. */
  bos: number | null
  /** `</s>`, or `[SEP]` where there is no `</s>`. */
  eos: number | null
  unk: number | null
  mask: number | null
}

export interface EncodeOptions {
  /** Add the tokens that the model expects around a text: default true. */
  special?: boolean
  /** Keep at most this many ids, special ones counted: the text is cut at its end, the pair's longer part first. */
  maxTokens?: number
}

/** Text to ids and back, as Hugging Face's tokenizers do it. Holds no state between calls. */
export interface Tokenizer {
  readonly special: SpecialIds
  /** Ids run from 0 to one less than this; a model may have more rows in its embedding. */
  readonly vocabularySize: number
  /** Longest text in tokens that the tokenizer's author meant (model_max_length); null where nothing says so. */
  readonly modelMaxTokens: number | null
  encode(text: string, pair?: string, options?: EncodeOptions): number[]
  encodeBatch(texts: readonly string[], options?: EncodeOptions): number[][]
  decode(ids: readonly number[], options?: { skipSpecial?: boolean }): string
  /** @returns null for a token that is not in the vocabulary */
  idOf(token: string): number | null
  tokenOf(id: number): string | null
}
