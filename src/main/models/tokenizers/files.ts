/** Files of a model folder that a tokenizer may be read from. */
export const tokenizerFiles = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.json',
  'merges.txt',
  'spiece.model',
  'spm.model',
  'vocab.txt'
] as const
