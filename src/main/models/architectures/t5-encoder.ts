/** The encoder of a T5 alone, as in Sentence-T5 (Ni et al., 2021), GTR and Instructor. */
import { t5Buckets, t5Fields, t5Schema } from '../blocks/t5-fields.ts'
import { encode, t5EncoderParameters, t5ExactInHalf, type T5Stacks } from '../blocks/t5-stacks.ts'
import { wrongRole } from '../context.ts'
import type { EncoderArchitecture, EncoderCommon } from '../architecture.ts'
import { numberedBlocks } from '../blocks/numbered-blocks.ts'

export interface T5EncoderConfig extends T5Stacks, EncoderCommon {
  architecture: 't5-encoder'
}

const type = {
  schema: t5Schema.transform((stacks): T5EncoderConfig => ({
    ...stacks,
    architecture: 't5-encoder',
    role: 'encoder',
    padId: stacks.ids.pad,
    labels: 0
  })),
  fields: Object.keys(t5Fields.shape),
  className: 'T5EncoderModel',
  only: /EncoderModel$/
}

export const t5Encoder: EncoderArchitecture<T5EncoderConfig> = {
  modelTypes: { t5: type, mt5: { ...type, className: 'MT5EncoderModel' } },
  prefix: 'encoder',
  loraTargets: ['q', 'v'],
  noDecay: ['bias', 'LayerNorm.weight'],
  exactInHalf: t5ExactInHalf,
  tied: () => true,
  parameters: t5EncoderParameters,
  checkpointNames: (_config, name) => (name === 'shared.weight' ? [name, 'encoder.embed_tokens.weight'] : [name]),
  maxInputTokens: () => null,
  source: (config) => ({ ...t5Buckets(config, true), types: false, uncountedId: null }),
  stacks: ({ hiddenSize, heads, headSize, feedForward, gated, encoderLayers }) => [
    { hidden: hiddenSize, attention: heads * headSize, heads, feedForward, gated, layers: encoderLayers },
    null
  ],
  blockNames: ({ encoderLayers }) => [numberedBlocks('encoder.block', encoderLayers)],
  encode,
  isHead: () => false,
  hasPrefix: () => true,
  classify: () => {
    throw wrongRole('encoder', 'pair classifier')
  }
}
