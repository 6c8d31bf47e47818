/** The architectures by name. One that is missing here, or that lacks a fact, does not compile. */
import type { Parameter } from '../parameters.ts'
import type { Architecture, EncoderArchitecture, ModelType, Seq2SeqArchitecture } from '../architecture.ts'
import { bart, type BartConfig } from './bart.ts'
import { albert, type AlbertConfig } from './albert.ts'
import { bert, type BertConfig } from './bert.ts'
import { debertaV2, type DebertaV2Config } from './deberta-v2.ts'
import { distilbert, type DistilbertConfig } from './distilbert.ts'
import { electra, type ElectraConfig } from './electra.ts'
import { mbart, type MbartConfig } from './mbart.ts'
import { modernbert, type ModernbertConfig } from './modernbert.ts'
import { mpnet, type MpnetConfig } from './mpnet.ts'
import { pegasus, type PegasusConfig } from './pegasus.ts'
import { roberta, type RobertaConfig } from './roberta.ts'
import { t5Encoder, type T5EncoderConfig } from './t5-encoder.ts'
import { t5, type T5Config } from './t5.ts'
import { umt5, type Umt5Config } from './umt5.ts'

export type Seq2SeqConfig = BartConfig | MbartConfig | PegasusConfig | T5Config | Umt5Config
export type EncoderConfig =
  | (BertConfig | RobertaConfig | MpnetConfig | DistilbertConfig | ElectraConfig | AlbertConfig | T5EncoderConfig)
  | (DebertaV2Config | ModernbertConfig)
export type ModelConfig = Seq2SeqConfig | EncoderConfig
export type ArchitectureName = ModelConfig['architecture']

const seq2seq: {
  [A in Seq2SeqConfig['architecture']]: Seq2SeqArchitecture<Extract<Seq2SeqConfig, { architecture: A }>>
} = {
  bart,
  mbart,
  pegasus,
  t5,
  umt5
}

const encoders: {
  [A in EncoderConfig['architecture']]: EncoderArchitecture<Extract<EncoderConfig, { architecture: A }>>
} = {
  bert,
  roberta,
  mpnet,
  distilbert,
  electra,
  albert,
  't5-encoder': t5Encoder,
  'deberta-v2': debertaV2,
  modernbert
}

/** The facts of an encoder-decoder. */
export function seq2seqOf(config: Seq2SeqConfig): Seq2SeqArchitecture<Seq2SeqConfig> {
  return seq2seq[config.architecture]
}

/** The facts of an encoder. */
export function encoderOf(config: EncoderConfig): EncoderArchitecture<EncoderConfig> {
  return encoders[config.architecture]
}

/** The facts of a model's architecture. */
export function architectureOf(config: ModelConfig): Architecture<ModelConfig> {
  return config.role === 'seq2seq' ? seq2seqOf(config) : encoderOf(config)
}

/** Every weight of a model; of tables that its configuration ties only the one. */
export function parametersOf(config: ModelConfig): Parameter[] {
  const architecture = architectureOf(config)
  const tied = architecture.tied(config)
  return architecture.parameters(config).filter(({ insteadOf }) => insteadOf === null || !tied)
}

const rows = Object.values({ ...seq2seq, ...encoders }).flatMap((architecture) =>
  Object.entries(architecture.modelTypes as Record<string, ModelType<ModelConfig>>)
)

/** The names that config.json may give in `model_type`. */
export const modelTypeNames: readonly string[] = [...new Set(rows.map(([name]) => name))]

/** Those of models that can be tuned and answer; the others are encoders alone. */
export const baseModelTypes: readonly string[] = Object.values(seq2seq).flatMap(({ modelTypes }) =>
  Object.keys(modelTypes)
)

/**
 * How config.json is read and what class Transformers saves.
 * @param className the first of `architectures` in config.json
 * @returns null for a `model_type` that is not known
 */
export function modelTypeOf(name: string, className = ''): ModelType<ModelConfig> | null {
  const own = rows.filter(([type]) => type === name).map(([, type]) => type)
  return own.find(({ only }) => only?.test(className)) ?? own.find(({ only }) => !only) ?? null
}

/** The `model_type` whose classes begin as this one does; files of 2019 and 2020 say no more. */
export function typeOfClass(className: string): string | null {
  const family = (name: string): string =>
    name.replace(/(Model|EncoderModel|For[A-Z]\w*|LMHeadModel|PreTrainedModel)$/, '')
  return rows.find(([, { className: own }]) => family(own) === family(className))?.[0] ?? null
}
