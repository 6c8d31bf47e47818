/** config.json of BART and of those that took over its field names. */
import { z } from 'zod'
import type { SequenceIds } from '../architecture.ts'
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
import type { BartLayout, BartStacks } from './bart-stacks.ts'

export const bartFields = z.object({
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
  normalize_before: z.boolean().nullish(),
  normalize_embedding: z.boolean().nullish(),
  add_final_layer_norm: z.boolean().nullish(),
  add_bias_logits: z.boolean().nullish(),
  pad_token_id: optionalId,
  bos_token_id: optionalId,
  eos_token_id: eosId,
  decoder_start_token_id: optionalId,
  tie_word_embeddings: z.boolean().nullish()
})

/**
 * The schema of one of them. Flags of older files that contradict its layout are refused.
 * @param usual ids where the file has none
 */
export function bartSchemaOf(layout: BartLayout, usual: Pick<SequenceIds, 'pad' | 'bos' | 'eos'>, start?: number) {
  return bartFields
    .superRefine((raw, context) => {
      divides(context, 'encoder_attention_heads', raw.d_model, raw.encoder_attention_heads)
      divides(context, 'decoder_attention_heads', raw.d_model, raw.decoder_attention_heads)
      const flags = [
        ['normalize_before', layout.preNorm],
        ['add_final_layer_norm', layout.preNorm],
        ['normalize_embedding', layout.embeddingNorm]
      ] as const
      for (const [field, value] of flags) {
        if (typeof raw[field] !== 'boolean' || raw[field] === value) continue
        const message = `expected ${value} for this architecture; with ${raw[field]} it is another one (mBART, Pegasus or BART)`
        context.addIssue({ code: 'custom', path: [field], message })
      }
    })
    .transform((raw): BartStacks & { role: 'seq2seq'; ids: SequenceIds } => {
      const eos = raw.eos_token_id ?? usual.eos
      return {
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
        tied: raw.tie_word_embeddings ?? true,
        layout,
        ids: {
          pad: raw.pad_token_id ?? usual.pad,
          bos: raw.bos_token_id ?? usual.bos,
          eos,
          decoderStart: raw.decoder_start_token_id ?? start ?? eos
        }
      }
    })
}
