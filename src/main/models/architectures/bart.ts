/** BART (Lewis et al., 2020): post-norm stacks, learned positions from row 2 on. */
import { z } from 'zod'
import {
  bartParameters,
  crossAttention,
  decode,
  decodeStep,
  encode,
  head,
  positionOffset,
  type BartStacks
} from '../blocks/bart-stacks.ts'
import type { Seq2SeqArchitecture, Seq2SeqCommon } from './architecture.ts'
import {
  activation,
  divides,
  eosId,
  heads,
  layers,
  optionalId,
  positions,
  probability,
  vocabulary,
  width
} from './fields.ts'

export interface BartConfig extends BartStacks, Seq2SeqCommon {
  architecture: 'bart'
}

export const bartSchema = z
  .object({
    vocab_size: vocabulary.default(50265),
    max_position_embeddings: positions.default(1024),
    encoder_layers: layers.default(12),
    encoder_ffn_dim: width.default(4096),
    encoder_attention_heads: heads.default(16),
    decoder_layers: layers.default(12),
    decoder_ffn_dim: width.default(4096),
    decoder_attention_heads: heads.default(16),
    activation_function: activation.default('gelu'),
    d_model: width.default(1024),
    dropout: probability.default(0.1),
    attention_dropout: probability.default(0),
    activation_dropout: probability.default(0),
    init_std: z.number().positive().default(0.02),
    scale_embedding: z.boolean().nullish(),
    normalize_before: z.literal(false, 'layer norm before the blocks (mBART) is not supported').nullish(),
    add_final_layer_norm: z.literal(false, 'a final layer norm (mBART) is not supported').nullish(),
    pad_token_id: optionalId,
    bos_token_id: optionalId,
    eos_token_id: eosId,
    decoder_start_token_id: optionalId
  })
  .superRefine((raw, context) => {
    divides(context, 'encoder_attention_heads', raw.d_model, raw.encoder_attention_heads)
    divides(context, 'decoder_attention_heads', raw.d_model, raw.decoder_attention_heads)
  })
  .transform((raw): BartConfig => {
    const eos = raw.eos_token_id ?? 2
    return {
      architecture: 'bart',
      role: 'seq2seq',
      vocabularySize: raw.vocab_size,
      hiddenSize: raw.d_model,
      encoderLayers: raw.encoder_layers,
      decoderLayers: raw.decoder_layers,
      encoderHeads: raw.encoder_attention_heads,
      decoderHeads: raw.decoder_attention_heads,
      encoderFeedForward: raw.encoder_ffn_dim,
      decoderFeedForward: raw.decoder_ffn_dim,
      maxPositions: raw.max_position_embeddings,
      activation: raw.activation_function,
      scaleEmbedding: raw.scale_embedding ?? false,
      dropout: raw.dropout,
      attentionDropout: raw.attention_dropout,
      activationDropout: raw.activation_dropout,
      initStd: raw.init_std,
      ids: {
        pad: raw.pad_token_id ?? 1,
        bos: raw.bos_token_id ?? 0,
        eos,
        decoderStart: raw.decoder_start_token_id ?? eos
      }
    }
  })

export const bart: Seq2SeqArchitecture<BartConfig> = {
  modelTypes: { bart: { schema: bartSchema, className: 'BartForConditionalGeneration' } },
  loraTargets: ['q_proj', 'v_proj'],
  // BART's norms are called layer_norm, so that ReCross's list lets them decay.
  noDecay: ['bias', 'LayerNorm.weight'],
  parameters: bartParameters,
  checkpointNames: (_config, name) => {
    if (name !== 'model.shared.weight') return [name, name.replace(/^model\./, '')]
    const tables = ['shared', 'encoder.embed_tokens', 'decoder.embed_tokens']
    return [...tables.flatMap((table) => [`model.${table}.weight`, `${table}.weight`]), 'lm_head.weight']
  },
  maxInputTokens: ({ maxPositions }) => maxPositions,
  maxOutputTokens: ({ maxPositions }) => maxPositions,
  source: () => ({ firstPosition: positionOffset, buckets: null, types: false }),
  target: () => ({ firstPosition: positionOffset, buckets: null }),
  cacheShape: ({ decoderLayers, decoderHeads, hiddenSize }) => ({
    layers: decoderLayers,
    heads: decoderHeads,
    size: hiddenSize / decoderHeads
  }),
  stacks: (config) => {
    const shared = { hidden: config.hiddenSize, attention: config.hiddenSize, gated: false }
    const { encoderHeads, encoderFeedForward, decoderHeads, decoderFeedForward } = config
    return [
      { ...shared, layers: config.encoderLayers, heads: encoderHeads, feedForward: encoderFeedForward },
      { ...shared, layers: config.decoderLayers, heads: decoderHeads, feedForward: decoderFeedForward }
    ]
  },
  encode,
  decode,
  crossAttention,
  decodeStep,
  head
}
