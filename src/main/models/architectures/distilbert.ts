/** DistilBERT (Sanh et al., 2019): half of BERT's blocks, no token types, names of its own. */
import { z } from 'zod'
import { bertRelative, type BertStack } from '../blocks/bert-stack.ts'
import * as field from '../blocks/fields.ts'

export interface DistilbertConfig extends BertStack {
  architecture: 'distilbert'
}

const fields = z.object({
  ...field.classifierFields,
  vocab_size: field.vocabulary.default(30522),
  max_position_embeddings: field.positions.default(512),
  n_layers: field.layers.default(6),
  n_heads: field.heads.default(12),
  dim: field.width.default(768),
  hidden_dim: field.width.default(3072),
  dropout: field.probability.default(0.1),
  attention_dropout: field.probability.default(0.1),
  activation: field.activation.default('gelu'),
  initializer_range: z.number().positive().default(0.02),
  seq_classif_dropout: field.probability.default(0.2),
  pad_token_id: field.optionalId
})

const schema = fields
  .superRefine((raw, context) => field.divides(context, 'n_heads', raw.dim, raw.n_heads))
  .transform((raw): DistilbertConfig => ({
    architecture: 'distilbert',
    ...field.roleOf(raw),
    vocabularySize: raw.vocab_size,
    hiddenSize: raw.dim,
    embeddingSize: raw.dim,
    layers: raw.n_layers,
    heads: raw.n_heads,
    feedForward: raw.hidden_dim,
    positionRows: raw.max_position_embeddings,
    firstPosition: 0,
    tokenTypes: 0,
    relativeBuckets: null,
    activation: raw.activation,
    layerNormEpsilon: 1e-12,
    dropout: raw.dropout,
    attentionDropout: raw.attention_dropout,
    classifierDropout: raw.seq_classif_dropout,
    initStd: raw.initializer_range,
    padId: raw.pad_token_id ?? 0
  }))

export const distilbert = bertRelative<DistilbertConfig>({
  modelTypes: { distilbert: { schema, fields: Object.keys(fields.shape), className: 'DistilBertModel' } },
  prefix: 'distilbert',
  blockName: (layer) => `transformer.layer.${layer}`,
  block: {
    query: 'attention.q_lin',
    key: 'attention.k_lin',
    value: 'attention.v_lin',
    output: 'attention.out_lin',
    attentionNorm: 'sa_layer_norm',
    inner: 'ffn.lin1',
    outer: 'ffn.lin2',
    outputNorm: 'output_layer_norm'
  },
  classifier: { dense: 'pre_classifier', out: 'classifier', activation: 'relu', dropsFirst: false }
})
