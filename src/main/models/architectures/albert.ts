/** ALBERT (Lan et al., 2020): one block that is passed again and again, over narrower embeddings. */
import { z } from 'zod'
import { bertSchema, bertStackOf } from '../blocks/bert-fields.ts'
import { bertRelative, type BertStack } from '../blocks/bert-stack.ts'
import { probability } from '../blocks/fields.ts'

export interface AlbertConfig extends BertStack {
  architecture: 'albert'
}

const usual = {
  ...{ vocab_size: 30000, embedding_size: 128, hidden_size: 4096, num_attention_heads: 64, intermediate_size: 16384 },
  ...{ hidden_act: 'gelu_new', hidden_dropout_prob: 0, attention_probs_dropout_prob: 0 }
}

const fields = z.object({
  num_hidden_groups: z.literal(1, 'blocks in several groups are not supported').default(1),
  inner_group_num: z.literal(1, 'several blocks in a group are not supported').default(1),
  classifier_dropout_prob: probability.default(0.1)
})

const schema = z
  .preprocess((given) => Object.assign({}, usual, given), bertSchema.and(fields))
  .transform((raw): AlbertConfig => ({
    ...bertStackOf(raw, 0),
    architecture: 'albert',
    embeddingSize: raw.embedding_size ?? usual.embedding_size,
    classifierDropout: raw.classifier_dropout_prob
  }))

export const albert = bertRelative<AlbertConfig>({
  modelTypes: {
    albert: {
      schema,
      fields: [
        ...Object.keys(bertSchema.shape),
        ...Object.keys(fields.shape),
        'down_scale_factor',
        'gap_size',
        'net_structure_type',
        'num_memory_blocks'
      ],
      className: 'AlbertModel'
    }
  },
  prefix: 'albert',
  blockName: () => 'encoder.albert_layer_groups.0.albert_layers.0',
  block: {
    query: 'attention.query',
    key: 'attention.key',
    value: 'attention.value',
    output: 'attention.dense',
    attentionNorm: 'attention.LayerNorm',
    inner: 'ffn',
    outer: 'ffn_output',
    outputNorm: 'full_layer_layer_norm'
  },
  projection: { name: 'encoder.embedding_hidden_mapping_in', always: true },
  classifier: { dense: 'pooler', out: 'classifier', activation: 'tanh', dropsFirst: false }
})
