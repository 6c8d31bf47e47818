/** BERT (Devlin et al., 2019), and MiniLM, which is a small BERT. */
import { bertSchema, bertStackOf } from '../blocks/bert-fields.ts'
import { bertNames, bertRelative, type BertStack } from '../blocks/bert-stack.ts'

export interface BertConfig extends BertStack {
  architecture: 'bert'
}

export const bert = bertRelative<BertConfig>({
  modelTypes: {
    bert: {
      schema: bertSchema.transform((raw) => ({ ...bertStackOf(raw, 0), architecture: 'bert' as const })),
      fields: Object.keys(bertSchema.shape),
      className: 'BertModel'
    }
  },
  prefix: 'bert',
  blockName: (layer) => `encoder.layer.${layer}`,
  block: bertNames,
  classifier: { dense: 'pooler.dense', out: 'classifier', activation: 'tanh', dropsFirst: false }
})
