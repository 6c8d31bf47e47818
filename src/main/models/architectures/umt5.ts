/** UMT5 (Chung et al., 2023): mT5 with relative biases in every block. */
import { t5Fields, t5Schema } from '../blocks/t5-fields.ts'
import { t5Relative } from '../blocks/t5-like.ts'
import type { T5Stacks } from '../blocks/t5-stacks.ts'
import type { Seq2SeqCommon } from '../architecture.ts'

export interface Umt5Config extends T5Stacks, Seq2SeqCommon {
  architecture: 'umt5'
}

export const umt5 = t5Relative<Umt5Config>({
  modelTypes: {
    umt5: {
      schema: t5Schema.transform((stacks): Umt5Config => ({ ...stacks, architecture: 'umt5', role: 'seq2seq' })),
      fields: Object.keys(t5Fields.shape),
      className: 'UMT5ForConditionalGeneration'
    }
  }
})
