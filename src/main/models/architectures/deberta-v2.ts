/**
 * DeBERTa of the second and third version (He et al., 2021): BERT's blocks, where tokens also attend to distances. The sizes
 * above 512 million weights have a convolution beside their first block.
 */
import { z } from 'zod'
import type { Value } from '../../graph/index.ts'
import { attend, collectHeads, firstTokens, maskBias, spreadHeads } from '../attention.ts'
import { addNorm } from '../blocks/bert-stack.ts'
import { behindKey, behindQuery, distanceScores, distanceTables } from '../blocks/disentangled.ts'
import type { LogBuckets } from '../blocks/log-buckets.ts'
import { convolutionParameters, convolve, neighbours, type Convolution } from '../blocks/token-convolution.ts'
import type { Activation, ModelContext } from '../context.ts'
import type { SourceInputs } from '../inputs.ts'
import { linearParameters, normal, normParameters, parameter, type Parameter } from '../parameters.ts'
import type { EncoderArchitecture, EncoderCommon } from '../architecture.ts'
import * as field from '../blocks/fields.ts'
import { numberedBlocks } from '../blocks/numbered-blocks.ts'

export interface DebertaV2Config extends EncoderCommon {
  architecture: 'deberta-v2'
  layers: number
  heads: number
  feedForward: number
  embeddingSize: number
  /** Longest input, whether or not there is a table of positions. */
  maxPositions: number
  /** Learned positions are added to the words. */
  positionTable: boolean
  tokenTypes: number
  /** How distances find their rows; null where tokens attend to tokens alone. */
  distances: LogBuckets | null
  /** A norm over the table of distances. */
  normedDistances: boolean
  /** Distances are projected as tokens are, or by layers of their own. */
  sharedProjections: boolean
  /** What a token says to a distance, and a distance to a token. */
  attends: { toPosition: boolean; fromPosition: boolean }
  convolution: Convolution | null
  activation: Activation
  poolerActivation: Activation
  layerNormEpsilon: number
  dropout: number
  attentionDropout: number
  poolerDropout: number
  classifierDropout: number
  initStd: number
}

const noteOf = (what: string) => `${what} is not supported`

const fields = z.object({
  ...field.classifierFields,
  vocab_size: field.vocabulary.default(128100),
  hidden_size: field.width.default(1536),
  embedding_size: field.width.nullish(),
  num_hidden_layers: field.layers.default(24),
  num_attention_heads: field.heads.default(24),
  attention_head_size: field.width.nullish(),
  intermediate_size: field.width.default(6144),
  hidden_act: field.activation.default('gelu'),
  hidden_dropout_prob: field.probability.default(0.1),
  attention_probs_dropout_prob: field.probability.default(0.1),
  max_position_embeddings: field.positions.default(512),
  type_vocab_size: field.size(0, 1024).default(0),
  initializer_range: z.number().positive().default(0.02),
  layer_norm_eps: field.epsilon.default(1e-7),
  relative_attention: z.boolean().default(false),
  max_relative_positions: field.size(-1, 1_048_576).default(-1),
  position_buckets: field.size(-1, 1_048_576).default(-1),
  position_biased_input: z.boolean().default(true),
  pos_att_type: z.union([z.string(), z.array(z.string())]).nullish(),
  share_att_key: z.boolean().default(false),
  norm_rel_ebd: z.string().default('none'),
  conv_kernel_size: field.size(0, 101).default(0),
  conv_groups: z.literal(1, noteOf('a convolution in groups')).default(1),
  conv_act: field.activation.default('tanh'),
  pooler_hidden_size: field.width.nullish(),
  pooler_dropout: field.probability.default(0),
  pooler_hidden_act: field.activation.default('gelu'),
  cls_dropout: field.probability.nullish(),
  pad_token_id: field.optionalId
})

const schema = fields
  .superRefine((raw, context) => {
    field.divides(context, 'num_attention_heads', raw.hidden_size, raw.num_attention_heads)
    const expect = (path: string, found: number | null | undefined, wanted: number): void => {
      if ((found ?? wanted) === wanted) return
      context.addIssue({ code: 'custom', path: [path], message: `expected ${wanted}; ${noteOf('another width')}` })
    }
    expect('attention_head_size', raw.attention_head_size, raw.hidden_size / raw.num_attention_heads)
    expect('pooler_hidden_size', raw.pooler_hidden_size, raw.hidden_size)
    for (const kind of kindsOf(raw.pos_att_type)) {
      if (kind === 'c2p' || kind === 'p2c') continue
      const message = `attention of the kind "${kind}" is not known; expected c2p and p2c`
      context.addIssue({ code: 'custom', path: ['pos_att_type'], message })
    }
    if (raw.conv_kernel_size > 0 && raw.conv_kernel_size % 2 === 0) {
      context.addIssue({ code: 'custom', path: ['conv_kernel_size'], message: 'expected an odd number' })
    }
  })
  .transform((raw): DebertaV2Config => {
    const kinds = kindsOf(raw.pos_att_type)
    const maxDistance = raw.max_relative_positions < 1 ? raw.max_position_embeddings : raw.max_relative_positions
    const buckets = raw.position_buckets > 0 ? raw.position_buckets : null
    return {
      architecture: 'deberta-v2',
      ...field.roleOf(raw),
      vocabularySize: raw.vocab_size,
      hiddenSize: raw.hidden_size,
      embeddingSize: raw.embedding_size ?? raw.hidden_size,
      layers: raw.num_hidden_layers,
      heads: raw.num_attention_heads,
      feedForward: raw.intermediate_size,
      maxPositions: raw.max_position_embeddings,
      positionTable: raw.position_biased_input,
      tokenTypes: raw.type_vocab_size,
      distances: raw.relative_attention ? { span: buckets ?? maxDistance, buckets, maxDistance } : null,
      normedDistances: raw.relative_attention && kindsOf(raw.norm_rel_ebd).includes('layer_norm'),
      sharedProjections: raw.share_att_key,
      attends: { toPosition: kinds.includes('c2p'), fromPosition: kinds.includes('p2c') },
      convolution: raw.conv_kernel_size > 0 ? { width: raw.conv_kernel_size, activation: raw.conv_act } : null,
      activation: raw.hidden_act,
      poolerActivation: raw.pooler_hidden_act,
      layerNormEpsilon: raw.layer_norm_eps,
      dropout: raw.hidden_dropout_prob,
      attentionDropout: raw.attention_probs_dropout_prob,
      poolerDropout: raw.pooler_dropout,
      classifierDropout: raw.cls_dropout ?? raw.hidden_dropout_prob,
      initStd: raw.initializer_range,
      padId: raw.pad_token_id ?? 0
    }
  })

/** A list, or one text with strokes between. */
function kindsOf(given: string | string[] | null | undefined): string[] {
  const list = typeof given === 'string' ? given.toLowerCase().split('|') : (given ?? [])
  return list.map((kind) => kind.trim()).filter((kind) => kind !== '')
}

const isHead = (name: string): boolean => name.startsWith('pooler.') || name.startsWith('classifier.')

export const debertaV2: EncoderArchitecture<DebertaV2Config> = {
  modelTypes: {
    'deberta-v2': {
      schema,
      // `legacy` chooses the head that fills gaps; the steps of `z_steps` are always 0 in Transformers.
      fields: [...Object.keys(fields.shape), 'legacy', 'z_steps', 'tie_word_embeddings'],
      className: 'DebertaV2Model'
    }
  },
  prefix: 'deberta',
  loraTargets: ['query_proj', 'value_proj'],
  noDecay: ['bias', 'LayerNorm.weight'],
  tied: () => true,
  parameters: parametersOf,
  checkpointNames: (_config, name) => [name, `deberta.${name}`],
  maxInputTokens: ({ maxPositions }) => maxPositions,
  source: ({ positionTable, tokenTypes, distances, convolution }) => ({
    firstPosition: positionTable ? 0 : null,
    buckets: null,
    types: tokenTypes > 1,
    uncountedId: null,
    tables: [...(distances ? distanceTables(distances) : []), ...(convolution ? [neighbours(convolution.width)] : [])]
  }),
  stacks: ({ layers, hiddenSize, heads, feedForward }) => [
    { layers, hidden: hiddenSize, attention: hiddenSize, heads, feedForward, gated: false },
    null
  ],
  blockNames: ({ layers }) => [numberedBlocks('encoder.layer', layers)],
  encode,
  isHead,
  hasPrefix: (name) => !isHead(name),
  classify(context, config, source) {
    const hidden = encode(context, config, source)
    const first = context.dropout(firstTokens(context, hidden, source), config.poolerDropout)
    const pooled = context.activation(context.linear(first, 'pooler.dense'), config.poolerActivation)
    return context.linear(context.dropout(pooled, config.classifierDropout), 'classifier')
  }
}

const distanceEmbeddings = 'encoder.rel_embeddings.weight'

function parametersOf(config: DebertaV2Config): Parameter[] {
  const { hiddenSize, embeddingSize, feedForward, distances, attends, convolution, initStd } = config
  const linear = (name: string, output: number, input: number): Parameter[] =>
    linearParameters(name, output, input, initStd)
  const table = (name: string, rows: number): Parameter =>
    parameter(`embeddings.${name}.weight`, [rows, embeddingSize], normal(initStd))
  const list = [table('word_embeddings', config.vocabularySize)]
  if (config.positionTable) list.push(table('position_embeddings', config.maxPositions))
  if (config.tokenTypes > 0) list.push(table('token_type_embeddings', config.tokenTypes))
  if (embeddingSize !== hiddenSize) list.push(...linear('embeddings.embed_proj', hiddenSize, embeddingSize).slice(0, 1))
  list.push(...normParameters('embeddings.LayerNorm', hiddenSize))
  for (let layer = 0; layer < config.layers; layer++) {
    const base = `encoder.layer.${layer}`
    const own = distances && !config.sharedProjections
    const projections = [
      ...['query_proj', 'key_proj', 'value_proj'],
      ...(own && attends.toPosition ? ['pos_key_proj'] : []),
      ...(own && attends.fromPosition ? ['pos_query_proj'] : [])
    ]
    for (const name of projections) list.push(...linear(`${base}.attention.self.${name}`, hiddenSize, hiddenSize))
    list.push(...linear(`${base}.attention.output.dense`, hiddenSize, hiddenSize))
    list.push(...normParameters(`${base}.attention.output.LayerNorm`, hiddenSize))
    list.push(...linear(`${base}.intermediate.dense`, feedForward, hiddenSize))
    list.push(...linear(`${base}.output.dense`, hiddenSize, feedForward))
    list.push(...normParameters(`${base}.output.LayerNorm`, hiddenSize))
  }
  if (distances) list.push(parameter(distanceEmbeddings, [2 * distances.span, hiddenSize], normal(initStd)))
  if (config.normedDistances) list.push(...normParameters('encoder.LayerNorm', hiddenSize))
  if (convolution) {
    list.push(...convolutionParameters('encoder.conv', hiddenSize, convolution.width, initStd))
  }
  if (config.role === 'pair-classifier') {
    list.push(...linear('pooler.dense', hiddenSize, hiddenSize), ...linear('classifier', config.labels, hiddenSize))
  }
  return list
}

function encode(context: ModelContext, config: DebertaV2Config, source: SourceInputs): Value {
  const { g } = context
  const bias = maskBias(g, source.mask)
  const embedded = embed(context, config, source)
  const positions = config.distances ? distanceRows(context, config) : null
  let x = context.boundary(embedded)
  for (let layer = 0; layer < config.layers; layer++) {
    x = context.block(() => {
      const base = `encoder.layer.${layer}`
      const mixed = attention(context, config, `${base}.attention.self`, { x, source, bias, positions })
      const own = context.linear(mixed, `${base}.attention.output.dense`)
      const y = addNorm(context, config, [x, own], `${base}.attention.output.LayerNorm`)
      const inner = context.activation(context.linear(y, `${base}.intermediate.dense`), config.activation)
      const outer = context.linear(inner, `${base}.output.dense`)
      const block = addNorm(context, config, [y, outer], `${base}.output.LayerNorm`)
      return layer === 0 && config.convolution
        ? convolve(context, 'encoder.conv', { ...config, ...config.convolution }, { embedded, block, source })
        : block
    })
  }
  return x
}

function embed(context: ModelContext, config: DebertaV2Config, source: SourceInputs): Value {
  const { g } = context
  const table = (name: string): Value => context.weight(`embeddings.${name}.weight`)
  let x = g.gather(table('word_embeddings'), source.ids)
  if (source.positions) x = g.add(x, g.gather(table('position_embeddings'), source.positions))
  if (source.tokenTypes) x = g.add(x, g.gather(table('token_type_embeddings'), source.tokenTypes))
  else if (config.tokenTypes === 1) x = g.add(x, table('token_type_embeddings'))
  if (config.embeddingSize !== config.hiddenSize) x = context.linear(x, 'embeddings.embed_proj')
  return context.dropout(context.layerNorm(x, 'embeddings.LayerNorm', config.layerNormEpsilon), config.dropout)
}

/** The table of distances, `[2·span, hidden]`. */
function distanceRows(context: ModelContext, config: DebertaV2Config): Value {
  const rows = context.weight(distanceEmbeddings)
  return config.normedDistances ? context.layerNorm(rows, 'encoder.LayerNorm', config.layerNormEpsilon) : rows
}

/** @param positions the table of distances; null: tokens attend to tokens alone */
function attention(
  context: ModelContext,
  config: DebertaV2Config,
  base: string,
  { x, source, bias, positions }: { x: Value; source: SourceInputs; bias: Value; positions: Value | null }
): Value {
  const { g } = context
  const { packing } = source
  const { toPosition, fromPosition } = config.attends
  const heads = { count: config.heads, size: config.hiddenSize / config.heads }
  // Each kind of attention is a part of the sum, and the scale keeps the sum as wide as one.
  const scale = (heads.size * (1 + Number(toPosition) + Number(fromPosition))) ** -0.5
  const project = (name: string): Value => spreadHeads(g, context.linear(x, `${base}.${name}`), packing, heads)
  const parts = { query: project('query_proj'), key: project('key_proj'), value: project('value_proj'), bias }
  if (positions) {
    const table = context.dropout(positions, config.dropout)
    const rows = (shared: string, own: string, distances: string): Value => {
      const projected = context.linear(table, `${base}.${config.sharedProjections ? shared : own}`)
      return g.gather(projected, source.table(distances))
    }
    const position = {
      query: parts.query,
      key: parts.key,
      positionKey: toPosition ? rows('key_proj', 'pos_key_proj', behindKey) : null,
      positionQuery: fromPosition ? rows('query_proj', 'pos_query_proj', behindQuery) : null
    }
    const scores = distanceScores(context, position, packing, { heads, scale })
    if (scores) parts.bias = g.add(scores, bias)
  }
  return collectHeads(g, attend(context, parts, scale, config.attentionDropout), packing, heads)
}
