/** config.json of BERT and of those that took over its field names. */
import { z } from 'zod'
import type { BertStack } from './bert-stack.ts'
import * as field from './fields.ts'

const fields = {
  ...field.classifierFields,
  vocab_size: field.vocabulary.default(30522),
  hidden_size: field.width.default(768),
  embedding_size: field.width.optional(),
  num_hidden_layers: field.layers.default(12),
  num_attention_heads: field.heads.default(12),
  intermediate_size: field.width.default(3072),
  hidden_act: field.activation.default('gelu'),
  hidden_dropout_prob: field.probability.default(0.1),
  attention_probs_dropout_prob: field.probability.default(0.1),
  max_position_embeddings: field.positions.default(512),
  type_vocab_size: field.size(0, 1024).default(2),
  initializer_range: z.number().positive().default(0.02),
  layer_norm_eps: field.epsilon.default(1e-12),
  pad_token_id: field.optionalId,
  classifier_dropout: field.probability.nullish(),
  relative_attention_num_buckets: field.size(2, 4096).default(32),
  position_embedding_type: z
    .literal('absolute', 'relative key positions are not supported; expected "absolute"')
    .nullish(),
  is_decoder: z.literal(false, 'a decoder of the BERT family is not supported').nullish()
}

export const bertSchema = z.object(fields).superRefine((raw, context) => {
  field.divides(context, 'num_attention_heads', raw.hidden_size, raw.num_attention_heads)
})

/** Everything but the architecture's name and what it does with positions. */
export function bertStackOf(raw: z.output<typeof bertSchema>, usualPad: number): BertStack {
  return {
    architecture: '',
    ...field.roleOf(raw),
    vocabularySize: raw.vocab_size,
    hiddenSize: raw.hidden_size,
    embeddingSize: raw.hidden_size,
    layers: raw.num_hidden_layers,
    heads: raw.num_attention_heads,
    feedForward: raw.intermediate_size,
    positionRows: raw.max_position_embeddings,
    firstPosition: 0,
    tokenTypes: raw.type_vocab_size,
    relativeBuckets: null,
    activation: raw.hidden_act,
    layerNormEpsilon: raw.layer_norm_eps,
    dropout: raw.hidden_dropout_prob,
    attentionDropout: raw.attention_probs_dropout_prob,
    classifierDropout: raw.classifier_dropout ?? raw.hidden_dropout_prob,
    initStd: raw.initializer_range,
    padId: raw.pad_token_id ?? usualPad
  }
}
