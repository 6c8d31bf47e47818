/** T5 (Raffel et al., 2020) in all its versions, and mT5 (Xue et al., 2021), which has the same graph. */
import { z } from 'zod'
import { crossAttention, decode, decodeStep, encode, head, t5Parameters, type T5Stacks } from '../blocks/t5-stacks.ts'
import type { PositionFacts, Seq2SeqArchitecture, Seq2SeqCommon } from './architecture.ts'
import {
  activation,
  eosId,
  epsilon,
  heads,
  layers,
  optionalId,
  probability,
  size,
  vocabulary,
  width
} from './fields.ts'

export interface T5Config extends T5Stacks, Seq2SeqCommon {
  architecture: 't5'
}

export const t5Schema = z
  .object({
    model_type: z.string(),
    vocab_size: vocabulary.optional(),
    d_model: width.default(512),
    d_kv: width.default(64),
    d_ff: width.optional(),
    num_layers: layers.optional(),
    num_decoder_layers: layers.nullish(),
    num_heads: heads.optional(),
    relative_attention_num_buckets: size(2, 4096).default(32),
    relative_attention_max_distance: size(2, 1_048_576).default(128),
    dropout_rate: probability.default(0.1),
    layer_norm_epsilon: epsilon.default(1e-6),
    initializer_factor: z.number().positive().default(1),
    feed_forward_proj: z.string().optional(),
    tie_word_embeddings: z.boolean().nullish(),
    scale_decoder_outputs: z.boolean().nullish(),
    pad_token_id: optionalId,
    bos_token_id: optionalId,
    eos_token_id: eosId,
    decoder_start_token_id: optionalId
  })
  .transform((raw, context): T5Config => {
    const multilingual = raw.model_type === 'mt5'
    const projection = raw.feed_forward_proj ?? (multilingual ? 'gated-gelu' : 'relu')
    const gated = projection.startsWith('gated-')
    const named = gated ? projection.slice('gated-'.length) : projection
    // T5's "gated-gelu" has always meant the tanh approximation.
    const parsed = activation.safeParse(projection === 'gated-gelu' ? 'gelu_new' : named)
    if (!parsed.success) {
      context.addIssue({ code: 'custom', path: ['feed_forward_proj'], message: `"${projection}" is not known` })
      return z.NEVER
    }
    const encoderLayers = raw.num_layers ?? (multilingual ? 8 : 6)
    const pad = raw.pad_token_id ?? 0
    return {
      architecture: 't5',
      role: 'seq2seq',
      vocabularySize: raw.vocab_size ?? (multilingual ? 250112 : 32128),
      hiddenSize: raw.d_model,
      encoderLayers,
      decoderLayers: raw.num_decoder_layers ?? encoderLayers,
      heads: raw.num_heads ?? (multilingual ? 6 : 8),
      headSize: raw.d_kv,
      feedForward: raw.d_ff ?? (multilingual ? 1024 : 2048),
      gated,
      activation: parsed.data,
      relativeBuckets: raw.relative_attention_num_buckets,
      relativeMaxDistance: raw.relative_attention_max_distance,
      layerNormEpsilon: raw.layer_norm_epsilon,
      // Written by newer versions; before them "tied" and "scaled" were one field.
      scaleHead: raw.scale_decoder_outputs ?? raw.tie_word_embeddings ?? !multilingual,
      dropout: raw.dropout_rate,
      initFactor: raw.initializer_factor,
      ids: {
        pad,
        bos: raw.bos_token_id ?? null,
        eos: raw.eos_token_id ?? 1,
        decoderStart: raw.decoder_start_token_id ?? pad
      }
    }
  })

export const t5: Seq2SeqArchitecture<T5Config> = {
  modelTypes: {
    t5: { schema: t5Schema, className: 'T5ForConditionalGeneration' },
    mt5: { schema: t5Schema, className: 'MT5ForConditionalGeneration' }
  },
  loraTargets: ['q', 'v'],
  // T5's norms are called layer_norm, so that ReCross's list lets them decay.
  noDecay: ['bias', 'LayerNorm.weight'],
  parameters: t5Parameters,
  checkpointNames: (_config, name) =>
    name === 'shared.weight' ? [name, 'encoder.embed_tokens.weight', 'decoder.embed_tokens.weight'] : [name],
  maxInputTokens: () => null,
  maxOutputTokens: () => null,
  source: (config) => ({ ...relative(config, true), types: false }),
  target: (config) => relative(config, false),
  cacheShape: ({ decoderLayers, heads, headSize }) => ({ layers: decoderLayers, heads, size: headSize }),
  stacks: ({ hiddenSize, heads, headSize, feedForward, gated, encoderLayers, decoderLayers }) => {
    const stack = { hidden: hiddenSize, attention: heads * headSize, heads, feedForward, gated }
    return [
      { ...stack, layers: encoderLayers },
      { ...stack, layers: decoderLayers }
    ]
  },
  encode,
  decode,
  crossAttention,
  decodeStep,
  head
}

function relative({ relativeBuckets, relativeMaxDistance }: T5Config, bidirectional: boolean): PositionFacts {
  return {
    firstPosition: null,
    buckets: { bidirectional, buckets: relativeBuckets, maxDistance: relativeMaxDistance }
  }
}
