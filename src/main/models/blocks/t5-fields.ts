/** config.json of T5 and of those that took over its field names. */
import { z } from 'zod'
import type { SequenceIds } from '../architecture.ts'
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
import type { T5Stacks } from './t5-stacks.ts'

export const t5Fields = z.object({
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
  decoder_start_token_id: optionalId,
  transformers_version: z.string().nullish()
})

/** What differs where the file says nothing. */
type Kind = 't5' | 'mt5' | 'umt5'

export const t5Schema = t5Fields.transform((raw, context): T5Stacks & { ids: SequenceIds } => {
  const kind = kindOf(raw.model_type)
  const multilingual = kind !== 't5'
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
    scaleHead: scalesHead(raw, kind),
    tied: raw.tie_word_embeddings ?? kind !== 'mt5',
    biasPerBlock: kind === 'umt5',
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

function kindOf(type: string): Kind {
  return type === 'mt5' || type === 'umt5' ? type : 't5'
}

/**
 * Whether the decoder's output is scaled before the head. Transformers 5 writes `scale_decoder_outputs` for T5 and never scales
 * mT5, but writes `tie_word_embeddings: true` for all; until version 4 "tied" and "scaled" were one field, and for UMT5 are.
 */
function scalesHead(raw: z.output<typeof t5Fields>, kind: Kind): boolean {
  if (kind === 'umt5') return raw.tie_word_embeddings ?? true
  if (typeof raw.scale_decoder_outputs === 'boolean') return raw.scale_decoder_outputs
  const major = Number.parseInt(raw.transformers_version ?? '4', 10)
  if (kind === 'mt5' && major >= 5) return false
  return raw.tie_word_embeddings ?? kind === 't5'
}

/** Relative positions of a stack. */
export function t5Buckets({ relativeBuckets, relativeMaxDistance }: T5Stacks, bidirectional: boolean) {
  return {
    firstPosition: null,
    buckets: { bidirectional, buckets: relativeBuckets, maxDistance: relativeMaxDistance }
  }
}
