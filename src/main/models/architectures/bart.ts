/** BART (Lewis et al., 2020): norms behind the parts of a block, learned positions from row 2 on. */
import { bartFields, bartSchemaOf } from '../blocks/bart-fields.ts'
import { bartRelative } from '../blocks/bart-like.ts'
import type { BartStacks } from '../blocks/bart-stacks.ts'
import type { Seq2SeqCommon } from '../architecture.ts'

export interface BartConfig extends BartStacks, Seq2SeqCommon {
  architecture: 'bart'
}

const layout = { preNorm: false, embeddingNorm: true, positionOffset: 2, sinusoidal: false }

export const bart = bartRelative<BartConfig>({
  modelTypes: {
    bart: {
      schema: bartSchemaOf(layout, { pad: 1, bos: 0, eos: 2 }).transform((stacks) => ({
        ...stacks,
        architecture: 'bart' as const
      })),
      fields: Object.keys(bartFields.shape),
      className: 'BartForConditionalGeneration',
      generation: { forced_eos_token_id: 2 }
    }
  }
})
