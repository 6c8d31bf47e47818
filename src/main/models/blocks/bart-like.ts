/** What BART and its relatives have in common as architectures. */
import type { Seq2SeqArchitecture, Seq2SeqCommon } from '../architecture.ts'
import { bartParameters, crossAttention, decode, decodeStep, encode, head, type BartStacks } from './bart-stacks.ts'
import { numberedBlocks } from './numbered-blocks.ts'

/** A relative of BART as an architecture. */
export function bartRelative<C extends BartStacks & Seq2SeqCommon>(
  own: Pick<Seq2SeqArchitecture<C>, 'modelTypes'> & Partial<Seq2SeqArchitecture<C>>
): Seq2SeqArchitecture<C> {
  return {
    loraTargets: ['q_proj', 'v_proj'],
    // BART's norms are called layer_norm, so that ReCross's list lets them decay.
    noDecay: ['bias', 'LayerNorm.weight'],
    tied: ({ tied }) => tied,
    parameters: bartParameters,
    checkpointNames: (_config, name) => {
      if (name !== 'model.shared.weight') return [name, name.replace(/^model\./, '')]
      const tables = ['shared', 'encoder.embed_tokens', 'decoder.embed_tokens']
      return [...tables.flatMap((table) => [`model.${table}.weight`, `${table}.weight`]), 'lm_head.weight']
    },
    maxInputTokens: ({ maxPositions }) => maxPositions,
    maxOutputTokens: ({ maxPositions }) => maxPositions,
    source: ({ layout }) => ({ firstPosition: layout.positionOffset, buckets: null, types: false, uncountedId: null }),
    target: ({ layout }) => ({ firstPosition: layout.positionOffset, buckets: null, startsWithLast: false }),
    cacheShape: ({ decoderLayers, decoderHeads, hiddenSize }) => ({
      layers: decoderLayers,
      heads: decoderHeads,
      size: hiddenSize / decoderHeads
    }),
    stacks: (config) => {
      const shared = { hidden: config.hiddenSize, attention: config.hiddenSize, gated: false }
      const { encoderHeads, encoderFeedForward, decoderHeads, decoderFeedForward } = config
      return [
        { ...shared, layers: config.encoderLayers, heads: encoderHeads, feedForward: encoderFeedForward },
        { ...shared, layers: config.decoderLayers, heads: decoderHeads, feedForward: decoderFeedForward }
      ]
    },
    blockNames: ({ encoderLayers, decoderLayers }) => [
      numberedBlocks('model.encoder.layers', encoderLayers),
      numberedBlocks('model.decoder.layers', decoderLayers)
    ],
    encode,
    decode,
    crossAttention,
    decodeStep,
    head,
    ...own
  }
}
