/**
 * Pegasus (Zhang et al., 2020): norms before the parts of a block, positions as sines. Answers start with the padding id;
 * Transformers gives its row of the table no gradient when it is looked up, here it has one like every other.
 */
import { bartFields, bartSchemaOf } from '../blocks/bart-fields.ts'
import { bartRelative } from '../blocks/bart-like.ts'
import type { BartStacks } from '../blocks/bart-stacks.ts'
import type { Seq2SeqCommon } from '../architecture.ts'

export interface PegasusConfig extends BartStacks, Seq2SeqCommon {
  architecture: 'pegasus'
}

const layout = { preNorm: true, embeddingNorm: false, positionOffset: 0, sinusoidal: true }

export const pegasus = bartRelative<PegasusConfig>({
  modelTypes: {
    pegasus: {
      schema: bartSchemaOf(layout, { pad: 0, bos: null, eos: 1 }, 0).transform((stacks) => ({
        ...stacks,
        architecture: 'pegasus' as const
      })),
      fields: [...Object.keys(bartFields.shape), 'static_position_embeddings', 'extra_pos_embeddings'],
      className: 'PegasusForConditionalGeneration',
      generation: { forced_eos_token_id: 1 }
    }
  }
})
