/**
 * RoBERTa (Liu et al., 2019): BERT with positions behind the padding id and a head of its own. DistilRoBERTa, XLM-RoBERTa and
 * CamemBERT are the same graph over other vocabularies.
 */
import { bertSchema, bertStackOf } from '../blocks/bert-fields.ts'
import { bertNames, bertRelative, type BertStack } from '../blocks/bert-stack.ts'

export interface RobertaConfig extends BertStack {
  architecture: 'roberta'
}

const schema = bertSchema.transform((raw): RobertaConfig => {
  const stack = bertStackOf(raw, 1)
  return { ...stack, architecture: 'roberta', firstPosition: stack.padId + 1 }
})

export const roberta = bertRelative<RobertaConfig>({
  modelTypes: {
    roberta: { schema, fields: Object.keys(bertSchema.shape), className: 'RobertaModel' },
    'xlm-roberta': { schema, fields: Object.keys(bertSchema.shape), className: 'XLMRobertaModel' },
    camembert: { schema, fields: Object.keys(bertSchema.shape), className: 'CamembertModel' }
  },
  prefix: 'roberta',
  blockName: (layer) => `encoder.layer.${layer}`,
  block: bertNames,
  classifier: { dense: 'classifier.dense', out: 'classifier.out_proj', activation: 'tanh', dropsFirst: true }
})
