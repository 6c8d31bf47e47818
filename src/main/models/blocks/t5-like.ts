/** What T5 and its relatives have in common as architectures. */
import type { Seq2SeqArchitecture, Seq2SeqCommon } from '../architecture.ts'
import { t5Buckets } from './t5-fields.ts'
import {
  crossAttention,
  decode,
  decodeStep,
  encode,
  head,
  t5ExactInHalf,
  t5Parameters,
  type T5Stacks
} from './t5-stacks.ts'
import { numberedBlocks } from './numbered-blocks.ts'

/** A relative of T5 as an architecture. */
export function t5Relative<C extends T5Stacks & Seq2SeqCommon>(
  own: Pick<Seq2SeqArchitecture<C>, 'modelTypes'>
): Seq2SeqArchitecture<C> {
  return {
    ...own,
    loraTargets: ['q', 'v'],
    // T5's norms are called layer_norm, so that ReCross's list lets them decay.
    noDecay: ['bias', 'LayerNorm.weight'],
    exactInHalf: t5ExactInHalf,
    tied: ({ tied }) => tied,
    parameters: t5Parameters,
    checkpointNames: (_config, name) =>
      name === 'shared.weight' ? [name, 'encoder.embed_tokens.weight', 'decoder.embed_tokens.weight'] : [name],
    maxInputTokens: () => null,
    maxOutputTokens: () => null,
    source: (config) => ({ ...t5Buckets(config, true), types: false, uncountedId: null }),
    target: (config) => ({ ...t5Buckets(config, false), startsWithLast: false }),
    cacheShape: ({ decoderLayers, heads, headSize }) => ({ layers: decoderLayers, heads, size: headSize }),
    stacks: ({ hiddenSize, heads, headSize, feedForward, gated, encoderLayers, decoderLayers }) => {
      const stack = { hidden: hiddenSize, attention: heads * headSize, heads, feedForward, gated }
      return [
        { ...stack, layers: encoderLayers },
        { ...stack, layers: decoderLayers }
      ]
    },
    blockNames: ({ encoderLayers, decoderLayers }) => [
      numberedBlocks('encoder.block', encoderLayers),
      numberedBlocks('decoder.block', decoderLayers)
    ],
    encode,
    decode,
    crossAttention,
    decodeStep,
    head
  }
}
