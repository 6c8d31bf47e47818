/** mBART (Liu et al., 2020): BART with norms before the parts of a block; an answer begins with the sign of its language. */
import { bartFields, bartSchemaOf } from '../blocks/bart-fields.ts'
import { bartRelative } from '../blocks/bart-like.ts'
import type { BartStacks } from '../blocks/bart-stacks.ts'
import type { Seq2SeqCommon } from '../architecture.ts'

export interface MbartConfig extends BartStacks, Seq2SeqCommon {
  architecture: 'mbart'
}

const layout = { preNorm: true, embeddingNorm: true, positionOffset: 2, sinusoidal: false }

export const mbart = bartRelative<MbartConfig>({
  modelTypes: {
    mbart: {
      schema: bartSchemaOf(layout, { pad: 1, bos: 0, eos: 2 }).transform((stacks) => ({
        ...stacks,
        architecture: 'mbart' as const
      })),
      fields: Object.keys(bartFields.shape),
      className: 'MBartForConditionalGeneration',
      generation: { forced_eos_token_id: 2 }
    }
  },
  target: ({ layout }) => ({ firstPosition: layout.positionOffset, buckets: null, startsWithLast: true })
})
