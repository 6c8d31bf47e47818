/** ELECTRA (Clark et al., 2020), its discriminator: BERT with narrower embeddings and a head of its own. */
import { z } from 'zod'
import { bertSchema, bertStackOf } from '../blocks/bert-fields.ts'
import { bertNames, bertRelative, type BertStack } from '../blocks/bert-stack.ts'

export interface ElectraConfig extends BertStack {
  architecture: 'electra'
}

const usual = { embedding_size: 128, hidden_size: 256, num_attention_heads: 4, intermediate_size: 1024 }

const schema = z
  .preprocess((given) => Object.assign({}, usual, given), bertSchema)
  .transform((raw): ElectraConfig => ({
    ...bertStackOf(raw, 0),
    architecture: 'electra',
    embeddingSize: raw.embedding_size ?? usual.embedding_size
  }))

export const electra = bertRelative<ElectraConfig>({
  modelTypes: { electra: { schema, fields: Object.keys(bertSchema.shape), className: 'ElectraModel' } },
  prefix: 'electra',
  blockName: (layer) => `encoder.layer.${layer}`,
  block: bertNames,
  projection: { name: 'embeddings_project', always: false },
  classifier: { dense: 'classifier.dense', out: 'classifier.out_proj', activation: 'gelu', dropsFirst: true }
})
