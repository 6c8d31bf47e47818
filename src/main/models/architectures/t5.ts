/** T5 (Raffel et al., 2020) in all its versions, and mT5 (Xue et al., 2021), which has the same graph. */
import { t5Fields, t5Schema } from '../blocks/t5-fields.ts'
import { t5Relative } from '../blocks/t5-like.ts'
import type { T5Stacks } from '../blocks/t5-stacks.ts'
import type { Seq2SeqCommon } from '../architecture.ts'

export interface T5Config extends T5Stacks, Seq2SeqCommon {
  architecture: 't5'
}

const schema = t5Schema.transform((stacks): T5Config => ({ ...stacks, architecture: 't5', role: 'seq2seq' }))
const fields = Object.keys(t5Fields.shape)

export const t5 = t5Relative<T5Config>({
  modelTypes: {
    t5: { schema, fields, className: 'T5ForConditionalGeneration' },
    mt5: { schema, fields, className: 'MT5ForConditionalGeneration' }
  }
})
