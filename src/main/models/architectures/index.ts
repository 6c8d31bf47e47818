/** The architectures by name. One that is missing here, or that lacks a fact, does not compile. */
import type { Parameter } from '../parameters.ts'
import type { Architecture, EncoderArchitecture, ModelType, Seq2SeqArchitecture } from './architecture.ts'
import { bart, type BartConfig } from './bart.ts'
import { bert, type BertConfig } from './bert.ts'
import { distilbert, type DistilbertConfig } from './distilbert.ts'
import { mpnet, type MpnetConfig } from './mpnet.ts'
import { roberta, type RobertaConfig } from './roberta.ts'
import { t5, type T5Config } from './t5.ts'

export type Seq2SeqConfig = BartConfig | T5Config
export type EncoderConfig = BertConfig | RobertaConfig | MpnetConfig | DistilbertConfig
export type ModelConfig = Seq2SeqConfig | EncoderConfig
export type ArchitectureName = ModelConfig['architecture']

const seq2seq: {
  [A in Seq2SeqConfig['architecture']]: Seq2SeqArchitecture<Extract<Seq2SeqConfig, { architecture: A }>>
} = {
  bart,
  t5
}

const encoders: {
  [A in EncoderConfig['architecture']]: EncoderArchitecture<Extract<EncoderConfig, { architecture: A }>>
} = {
  bert,
  roberta,
  mpnet,
  distilbert
}

/** The facts of an encoder-decoder. */
export function seq2seqOf(config: Seq2SeqConfig): Seq2SeqArchitecture<Seq2SeqConfig> {
  return seq2seq[config.architecture] as Seq2SeqArchitecture<Seq2SeqConfig>
}

/** The facts of an encoder. */
export function encoderOf(config: EncoderConfig): EncoderArchitecture<EncoderConfig> {
  return encoders[config.architecture] as EncoderArchitecture<EncoderConfig>
}

/** The facts of a model's architecture. */
export function architectureOf(config: ModelConfig): Architecture<ModelConfig> {
  return (config.role === 'seq2seq' ? seq2seqOf(config) : encoderOf(config)) as Architecture<ModelConfig>
}

/** Every weight of a model. */
export function parametersOf(config: ModelConfig): Parameter[] {
  return architectureOf(config).parameters(config)
}

/** How config.json is read and what class Transformers saves, by `model_type`. */
export const modelTypes: Readonly<Record<string, ModelType<ModelConfig>>> = Object.assign(
  {},
  ...Object.values({ ...seq2seq, ...encoders }).map((architecture) => architecture.modelTypes)
) as Record<string, ModelType<ModelConfig>>
