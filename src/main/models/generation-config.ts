import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { modelTypeOf } from './architectures/index.ts'
import { checkFields, type Notes } from './closed.ts'
import { generationFields } from './generation-fields.ts'
import { readClosedJson, readJson } from './read-json.ts'

/** How a model wants its answers to be searched; every field has the value that Transformers' `generate` would use. */
export interface GenerationConfig {
  /** Longest output in ids, the decoder's start counted; null where the model says nothing. */
  maxLength: number | null
  /** Longest output in new ids; wins over `maxLength` where it is not null. */
  maxNewTokens: number | null
  /** Shortest output in ids, the decoder's start counted. */
  minLength: number
  /** 1 is greedy. */
  beams: number
  earlyStopping: boolean | 'never'
  lengthPenalty: number
  /** Scores of ids that came already are divided by it (multiplied where negative); 1: as they are. */
  repetitionPenalty: number
  /** 0: any n-gram may come again. */
  noRepeatNgramSize: number
  /** 0: any n-gram of the input may come. */
  encoderNoRepeatNgramSize: number
  /** Sequences of ids that must not come. */
  badWords: readonly (readonly number[])[]
  /** Ids that must never come, or not as the first. */
  suppressed: readonly number[]
  suppressedFirst: readonly number[]
  /** Id that must come first, or last at the longest length. */
  forcedBos: number | null
  forcedEos: number | null
  decoderStart: number | null
  eos: readonly number[]
  pad: number | null
}

const id = z.number().int().min(0)
const ids = z.union([id, z.array(id)]).nullish()
const count = z.number().int().min(0).nullish()

const fields = z.object({
  max_length: z.number().int().min(1).nullish(),
  max_new_tokens: z.number().int().min(1).nullish(),
  min_length: count,
  min_new_tokens: count,
  num_beams: z.number().int().min(1).max(1024).nullish(),
  early_stopping: z.union([z.boolean(), z.literal('never')]).nullish(),
  length_penalty: z.number().nullish(),
  repetition_penalty: z.number().positive().nullish(),
  no_repeat_ngram_size: count,
  encoder_no_repeat_ngram_size: count,
  bad_words_ids: z.array(z.array(id).min(1)).nullish(),
  suppress_tokens: z.array(id).nullish(),
  begin_suppress_tokens: z.array(id).nullish(),
  forced_bos_token_id: id.nullish(),
  forced_eos_token_id: ids,
  decoder_start_token_id: ids,
  bos_token_id: id.nullish(),
  eos_token_id: ids,
  pad_token_id: id.nullish(),
  do_sample: z.boolean().nullish()
})

const modelFields = fields.extend({
  model_type: z.string().optional(),
  /** How BARTs of 2020 and 2021 say that the first id is the start token. */
  force_bos_token_to_be_generated: z.boolean().nullish()
})

type Fields = z.output<typeof fields>

/**
 * Reads generation_config.json; where there is none, the generation fields of config.json, as older models have them.
 * @throws LabError `model-file-missing`, `model-file-invalid`, `model-setting-unsupported`
 */
export async function readGenerationConfig(folder: string, notes: Notes = []): Promise<GenerationConfig> {
  const modelFile = join(folder, 'config.json')
  const model = await readJson(modelFile, modelFields)
  const file = join(folder, 'generation_config.json')
  const known = { ...generationFields, followed: Object.keys(fields.shape) }
  const alone = !existsSync(file)
  if (alone) {
    const { refused } = generationFields
    const raw = await readJson(modelFile, z.record(z.string(), z.unknown()))
    const relevant = Object.fromEntries(refused.flatMap(({ field }) => (field in raw ? [[field, raw[field]]] : [])))
    checkFields(modelFile, relevant, known, notes)
  }
  const own: Fields = alone ? withClassDefaults(model) : await readClosedJson(file, fields, known, notes)
  if (own.do_sample) {
    notes.push(
      `${alone ? 'config.json' : 'generation_config.json'}: the model asks for answers drawn at random (do_sample). ` +
        'The lab always takes the likeliest, so that a run can be repeated.'
    )
  }
  return {
    maxLength: own.max_length ?? null,
    maxNewTokens: own.max_new_tokens ?? null,
    minLength: Math.max(own.min_length ?? 0, own.min_new_tokens ? own.min_new_tokens + 1 : 0),
    beams: own.num_beams ?? 1,
    earlyStopping: own.early_stopping ?? false,
    lengthPenalty: own.length_penalty ?? 1,
    repetitionPenalty: own.repetition_penalty ?? 1,
    noRepeatNgramSize: own.no_repeat_ngram_size ?? 0,
    encoderNoRepeatNgramSize: own.encoder_no_repeat_ngram_size ?? 0,
    badWords: own.bad_words_ids ?? [],
    suppressed: own.suppress_tokens ?? [],
    suppressedFirst: own.begin_suppress_tokens ?? [],
    forcedBos: own.forced_bos_token_id ?? null,
    forcedEos: list(own.forced_eos_token_id)[0] ?? null,
    decoderStart: list(own.decoder_start_token_id ?? model.decoder_start_token_id)[0] ?? null,
    eos: list(own.eos_token_id ?? model.eos_token_id),
    pad: own.pad_token_id ?? model.pad_token_id ?? null
  }
}

/** What an architecture's configuration class sets where config.json does not say so, and BART's old flag. */
function withClassDefaults(model: z.output<typeof modelFields>): Fields {
  const defaults = modelTypeOf(model.model_type ?? '')?.generation ?? {}
  const forced = model.force_bos_token_to_be_generated ? { forced_bos_token_id: model.bos_token_id ?? 0 } : {}
  return { ...defaults, ...forced, ...given(model) }
}

/** The fields that are there, null included: a null takes a default back. */
function given<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>
}

function list(value: number | number[] | null | undefined): number[] {
  if (value === null || value === undefined) return []
  return Array.isArray(value) ? value : [value]
}
