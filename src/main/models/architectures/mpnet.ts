/** MPNet (Song et al., 2020): RoBERTa's positions, and relative ones beside them. */
import { bertSchema, bertStackOf } from '../blocks/bert-fields.ts'
import { bertNames, bertRelative, type BertStack } from '../blocks/bert-stack.ts'

export interface MpnetConfig extends BertStack {
  architecture: 'mpnet'
}

const schema = bertSchema.transform((raw): MpnetConfig => {
  const stack = bertStackOf(raw, 1)
  return {
    ...stack,
    architecture: 'mpnet',
    firstPosition: stack.padId + 1,
    tokenTypes: 0,
    relativeBuckets: raw.relative_attention_num_buckets
  }
})

export const mpnet = bertRelative<MpnetConfig>({
  modelTypes: { mpnet: { schema, fields: Object.keys(bertSchema.shape), className: 'MPNetModel' } },
  prefix: 'mpnet',
  blockName: (layer) => `encoder.layer.${layer}`,
  block: {
    ...bertNames,
    query: 'attention.attn.q',
    key: 'attention.attn.k',
    value: 'attention.attn.v',
    output: 'attention.attn.o',
    attentionNorm: 'attention.LayerNorm'
  },
  classifier: { dense: 'classifier.dense', out: 'classifier.out_proj', activation: 'tanh', dropsFirst: true },
  relativeDistance: 128
})
