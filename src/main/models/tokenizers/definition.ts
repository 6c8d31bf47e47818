import { z } from 'zod'

/** The parts of tokenizer.json that the lab runs. Another part is an error that names it, never a silent difference. */

/** Runs of blanks or white space: what tokenizers replace. Any expression could be one that takes forever. */
const blanks = /^( |\\s)(\+|\{\d{1,3},\})(\|\[\\n\\r\\t\])?$/
const pattern = z.union([
  z.object({ String: z.string().min(1) }),
  z.object({
    Regex: z
      .string()
      .regex(blanks, 'the expression is not one of blanks or \\s with + or {n,}, with or without |[\\n\\r\\t] behind')
  })
])

const simpleNormalizer = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('BertNormalizer'),
    clean_text: z.boolean(),
    handle_chinese_chars: z.boolean(),
    strip_accents: z.boolean().nullish(),
    lowercase: z.boolean()
  }),
  z.object({ type: z.literal('Precompiled'), precompiled_charsmap: z.string() }),
  z.object({ type: z.enum(['NFC', 'NFD', 'NFKC', 'NFKD']) }),
  z.object({ type: z.literal('Lowercase') }),
  z.object({ type: z.literal('StripAccents') }),
  z.object({ type: z.literal('Strip'), strip_left: z.boolean(), strip_right: z.boolean() }),
  z.object({ type: z.literal('Replace'), pattern, content: z.string() }),
  z.object({ type: z.literal('Prepend'), prepend: z.string() })
])

const normalizer = z.union([
  z.object({ type: z.literal('Sequence'), normalizers: z.array(simpleNormalizer) }),
  simpleNormalizer
])

const metaspace = {
  type: z.literal('Metaspace'),
  replacement: z.string().length(1),
  /** Older files say `add_prefix_space` in its place. */
  prepend_scheme: z.enum(['always', 'first', 'never']).optional(),
  add_prefix_space: z.boolean().optional(),
  split: z.boolean().optional()
}

const simplePreTokenizer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ByteLevel'), add_prefix_space: z.boolean(), use_regex: z.boolean().default(true) }),
  z.object({ type: z.literal('BertPreTokenizer') }),
  z.object({ type: z.literal('WhitespaceSplit') }),
  z.object({ type: z.literal('Whitespace') }),
  z.object({ type: z.literal('Punctuation'), behavior: z.literal('Isolated').default('Isolated') }),
  z.object(metaspace)
])

const preTokenizer = z.union([
  z.object({ type: z.literal('Sequence'), pretokenizers: z.array(simplePreTokenizer) }),
  simplePreTokenizer
])

const id = z.number().int().min(0).max(4_000_000)

/** Ids by token. A map, because a token may be called "__proto__"; checked by hand, because there may be 250,000. */
export const vocabularySchema = z.unknown().transform((given, context): Map<string, number> => {
  const entries =
    given instanceof Map ? given : typeof given === 'object' && given !== null ? Object.entries(given) : []
  const ids = new Map<string, number>()
  for (const [token, value] of entries as Iterable<[string, unknown]>) {
    if (!id.safeParse(value).success) {
      context.addIssue(
        `the id of token ${JSON.stringify(token)} is ${JSON.stringify(value)}, not a whole number in range`
      )
      return z.NEVER
    }
    ids.set(token, value as number)
  }
  if (ids.size === 0) context.addIssue('it is not a table from tokens to ids, or it is empty')
  return ids
})

const model = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('BPE'),
    vocab: vocabularySchema,
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
    unk_token: z.string().nullish(),
    fuse_unk: z.boolean().default(false),
    ignore_merges: z.boolean().default(false),
    dropout: z.literal(0).nullish(),
    byte_fallback: z.literal(false).nullish(),
    continuing_subword_prefix: z.literal('').nullish(),
    end_of_word_suffix: z.literal('').nullish()
  }),
  z.object({
    type: z.literal('Unigram'),
    vocab: z.array(z.tuple([z.string(), z.number()])).min(1),
    unk_id: id.nullish(),
    byte_fallback: z.literal(false).nullish()
  }),
  z.object({
    type: z.literal('WordPiece'),
    vocab: vocabularySchema,
    unk_token: z.string(),
    continuing_subword_prefix: z.string(),
    max_input_chars_per_word: z.number().int().min(1)
  })
])

const templatePiece = z.union([
  z.object({ Sequence: z.object({ id: z.enum(['A', 'B']) }) }),
  z.object({ SpecialToken: z.object({ id: z.string() }) })
])
const tokenAndId = z.tuple([z.string(), id])

const simplePostProcessor = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('TemplateProcessing'),
    single: z.array(templatePiece),
    pair: z.array(templatePiece),
    special_tokens: z.record(z.string(), z.object({ ids: z.array(id) }))
  }),
  z.object({ type: z.enum(['RobertaProcessing', 'BertProcessing']), sep: tokenAndId, cls: tokenAndId }),
  z.object({ type: z.literal('ByteLevel') })
])

const postProcessor = z.union([
  z.object({ type: z.literal('Sequence'), processors: z.array(simplePostProcessor) }),
  simplePostProcessor
])

const simpleDecoder = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ByteLevel') }),
  z.object({ type: z.literal('WordPiece'), prefix: z.string(), cleanup: z.boolean() }),
  z.object(metaspace),
  z.object({ type: z.literal('Replace'), pattern, content: z.string() }),
  z.object({ type: z.literal('Fuse') }),
  z.object({ type: z.literal('Strip'), content: z.string(), start: id, stop: id })
])

const decoder = z.union([z.object({ type: z.literal('Sequence'), decoders: z.array(simpleDecoder) }), simpleDecoder])

export const addedTokenSchema = z.object({
  id,
  content: z.string().min(1),
  single_word: z.boolean().default(false),
  lstrip: z.boolean().default(false),
  rstrip: z.boolean().default(false),
  normalized: z.boolean().default(false),
  special: z.boolean().default(false)
})

export const definitionSchema = z.object({
  added_tokens: z.array(addedTokenSchema).default([]),
  normalizer: normalizer.nullish(),
  pre_tokenizer: preTokenizer.nullish(),
  model,
  post_processor: postProcessor.nullish(),
  decoder: decoder.nullish(),
  // Transformers cuts as the file says where tokenizer_config.json says nothing.
  truncation: z
    .object({ direction: z.literal('Right', 'texts that are cut at their start are not supported').nullish() })
    .nullish()
})

/** A tokenizer as tokenizer.json defines it. */
export type Definition = z.output<typeof definitionSchema>
/** The same before defaults are filled in. */
export type DefinitionInput = z.input<typeof definitionSchema>
export type AddedToken = z.output<typeof addedTokenSchema>
export type NormalizerDefinition = z.output<typeof normalizer>
export type PreTokenizerDefinition = z.output<typeof preTokenizer>
export type ModelDefinition = z.output<typeof model>
export type PostProcessorDefinition = z.output<typeof postProcessor>
export type DecoderDefinition = z.output<typeof decoder>
export type Pattern = z.output<typeof pattern>

/** A pattern as a regular expression. */
export function regularExpression(given: Pattern): RegExp {
  if ('Regex' in given) return new RegExp(given.Regex.replace('\\s', '\\p{White_Space}'), 'gu')
  return new RegExp(given.String.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'gu')
}

/** When Metaspace puts its sign before a text. */
export function prependScheme(given: {
  prepend_scheme?: 'always' | 'first' | 'never' | undefined
  add_prefix_space?: boolean | undefined
}): 'always' | 'first' | 'never' {
  return given.prepend_scheme ?? (given.add_prefix_space === false ? 'never' : 'always')
}
