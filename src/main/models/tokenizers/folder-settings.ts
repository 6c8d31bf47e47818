/** What the small files beside a tokenizer say: tokenizer_config.json, special_tokens_map.json, added_tokens.json. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { only, type Notes } from '../closed.ts'
import { readClosedJson, readJson } from '../read-json.ts'
import { addedTokenSchema, vocabularySchema, type AddedToken } from './definition.ts'

/** A token that a file names: its text alone, or with how it is found in texts. */
export type NamedToken = string | Omit<AddedToken, 'id'>

export interface FolderSettings {
  /** The class that Transformers reads the tokenizer with, without "Fast"; null where that hangs on the model's type. */
  tokenizerClass: string | null
  /** Of the model that the tokenizer belongs to, as its config.json says; null where there is none, or it says nothing. */
  modelType: string | null
  lowercase: boolean | null
  stripAccents: boolean | null
  splitChinese: boolean | null
  addPrefixSpace: boolean | null
  keepAccents: boolean | null
  /** DeBERTa: punctuation stands alone. */
  splitPunctuation: boolean | null
  /** T5: how many sentinels are behind the vocabulary. */
  extraIds: number | null
  /** Longest text that the tokenizer's author meant, in tokens. */
  modelMaxTokens: number | null
  /** Blanks before punctuation are taken out of decoded texts. */
  cleanUp: boolean
  /** tokenizer_config.json lists all added tokens. */
  listsAll: boolean
  /** Tokens with an id of their own, in the order of these. */
  added: readonly AddedToken[]
  /** Tokens by role: `pad_token`, `eos_token`, … */
  roles: ReadonlyMap<string, NamedToken>
  /** Special tokens without a role. */
  extra: readonly NamedToken[]
}

const namedToken = z.union([z.string(), addedTokenSchema.omit({ id: true })])
const namedTokens = z.union([
  z.array(namedToken),
  z.record(z.string(), namedToken).transform(Object.values<NamedToken>)
])
/** "None" was written as a text by some versions. */
const flag = z.boolean().nullish().catch(null)
const roleNames = ['bos_token', 'eos_token', 'unk_token', 'sep_token', 'pad_token', 'cls_token', 'mask_token'] as const
const roleFields = Object.fromEntries(roleNames.map((name) => [name, namedToken.nullish()])) as Record<
  (typeof roleNames)[number],
  z.ZodOptional<z.ZodNullable<typeof namedToken>>
>

const configSchema = z.object({
  ...roleFields,
  additional_special_tokens: namedTokens.nullish(),
  extra_special_tokens: namedTokens.nullish(),
  added_tokens_decoder: z.record(z.string().regex(/^\d+$/), addedTokenSchema.omit({ id: true })).nullish(),
  tokenizer_class: z.string().nullish(),
  do_lower_case: flag,
  strip_accents: flag,
  tokenize_chinese_chars: flag,
  add_prefix_space: flag,
  keep_accents: flag,
  split_by_punct: flag,
  extra_ids: z.number().int().min(0).max(10_000).nullish(),
  model_max_length: z.number().min(1).nullish(),
  max_len: z.number().min(1).nullish(),
  clean_up_tokenization_spaces: flag
})

const specialMapSchema = z.object({
  ...roleFields,
  additional_special_tokens: namedTokens.nullish(),
  extra_special_tokens: namedTokens.nullish()
})

const known = {
  followed: Object.keys(configSchema.shape),
  harmless: [
    ...['name_or_path', 'special_tokens_map_file', 'tokenizer_file', 'vocab_file', 'merges_file', 'spm_file'],
    ...['use_fast', 'is_local', 'local_files_only', 'backend', 'processor_class', 'full_tokenizer_file', 'from_slow'],
    ...['errors', 'trim_offsets', 'model_input_names', 'chat_template', 'language_codes', 'verbose', 'legacy'],
    // How texts are padded and cut when a caller asks for it: the lab's own settings say that.
    ...['max_length', 'stride', 'truncation_strategy', 'truncation', 'padding', 'pad_to_multiple_of'],
    ...['pad_token_type_id', 'cls_token_type_id', 'sep_token_type_id', 'max_len_single_sentence'],
    ...['remove_space', 'wordpieces_prefix', 'clean_text', 'model_max_length_single', 'src_lang', 'tgt_lang'],
    ...['cls_token_box', 'offset', 'mask_token_sent', 'vocab_type', 'do_basic_tokenize_done']
  ],
  refused: [
    { field: 'padding_side', neutral: only('right'), asks: 'padding before the texts', onlyNoted: true },
    { field: 'truncation_side', neutral: only('right'), asks: 'texts that are cut at their start' },
    { field: 'split_special_tokens', neutral: only(false), asks: 'special tokens that are read as plain text' },
    { field: 'do_basic_tokenize', neutral: only(true), asks: 'words that are not split at punctuation first' },
    {
      field: 'never_split',
      neutral: only(),
      asks: 'words that are never split (Transformers 5 does not either)',
      onlyNoted: true
    },
    { field: 'sp_model_kwargs', neutral: onlyWithoutSampling, asks: 'pieces that are drawn at random' },
    { field: 'add_bos_token', neutral: only(false), asks: 'a start token put before each text' },
    { field: 'add_eos_token', neutral: only(true), asks: 'texts without their end token' },
    { field: 'auto_map', neutral: only(), asks: 'a tokenizer that is code of its own' }
  ]
}

function onlyWithoutSampling(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Reflect.get(value, 'enable_sampling') !== true
}

/** @throws LabError `model-file-invalid`, `model-setting-unsupported` */
export async function readFolderSettings(folder: string, notes: Notes): Promise<FolderSettings> {
  const configFile = join(folder, 'tokenizer_config.json')
  const config = existsSync(configFile) ? await readClosedJson(configFile, configSchema, known, notes) : {}
  const decoder = config.added_tokens_decoder
  // With added_tokens_decoder Transformers reads neither of the older files.
  const map = decoder ? {} : await readSpecialMap(folder, notes)
  const roles = new Map<string, NamedToken>()
  for (const name of roleNames) {
    const token = map[name] ?? config[name]
    if (token !== null && token !== undefined) roles.set(name, token)
  }
  const extra = [map, config].flatMap((from) => from.extra_special_tokens ?? from.additional_special_tokens ?? [])
  const special = new Set([...roles.values(), ...extra].map(contentOf))
  const added = decoder
    ? Object.entries(decoder).map(([id, token]) => ({ ...token, id: Number(id) }))
    : await readAddedTokens(folder, special)
  const longest = config.model_max_length ?? config.max_len ?? Infinity
  return {
    tokenizerClass: config.tokenizer_class?.replace(/Fast$/, '') ?? null,
    modelType: await readModelType(folder),
    lowercase: config.do_lower_case ?? null,
    stripAccents: config.strip_accents ?? null,
    splitChinese: config.tokenize_chinese_chars ?? null,
    addPrefixSpace: config.add_prefix_space ?? null,
    keepAccents: config.keep_accents ?? null,
    splitPunctuation: config.split_by_punct ?? null,
    extraIds: config.extra_ids ?? null,
    // 1e30 stands for no limit.
    modelMaxTokens: longest > 10_000_000 ? null : Math.floor(longest),
    cleanUp: config.clean_up_tokenization_spaces ?? false,
    listsAll: Boolean(decoder),
    added: added.sort((a, b) => a.id - b.id),
    roles,
    extra
  }
}

async function readModelType(folder: string): Promise<string | null> {
  const file = join(folder, 'config.json')
  if (!existsSync(file)) return null
  return (await readJson(file, z.looseObject({ model_type: z.string().nullish() }))).model_type ?? null
}

export function contentOf(token: NamedToken): string {
  return typeof token === 'string' ? token : token.content
}

async function readSpecialMap(folder: string, notes: Notes): Promise<z.output<typeof specialMapSchema>> {
  const file = join(folder, 'special_tokens_map.json')
  if (!existsSync(file)) return {}
  return readClosedJson(file, specialMapSchema, { followed: Object.keys(specialMapSchema.shape), harmless: [] }, notes)
}

async function readAddedTokens(folder: string, special: ReadonlySet<string>): Promise<AddedToken[]> {
  const file = join(folder, 'added_tokens.json')
  if (!existsSync(file)) return []
  const tokens = await readJson(
    file,
    z.union([
      z
        .object({})
        .strict()
        .transform(() => new Map<string, number>()),
      vocabularySchema
    ])
  )
  return [...tokens].map(([content, id]) => {
    const isSpecial = special.has(content)
    return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: !isSpecial, special: isSpecial }
  })
}
