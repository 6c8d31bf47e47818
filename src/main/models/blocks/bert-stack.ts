/**
 * The encoder of BERT (Devlin et al., 2019) and its relatives as Transformers computes it: post-norm blocks over learned
 * positions. The relatives differ in names, positions, token types, embedding width and classifier heads; each says in its own
 * file how.
 */
import type { GraphBuilder, Value } from '../../graph/index.ts'
import { attend, bucketBias, collectHeads, firstTokens, maskBias, spreadHeads } from '../attention.ts'
import type { EncoderArchitecture, EncoderCommon, ModelType } from '../architecture.ts'
import type { Activation, ModelContext } from '../context.ts'
import type { SourceInputs } from '../inputs.ts'
import { linearParameters, normal, normParameters, parameter, type Parameter } from '../parameters.ts'

export interface BertStack extends EncoderCommon {
  layers: number
  heads: number
  feedForward: number
  /** Width of the embedding tables; where it is not `hiddenSize`, a linear layer lies between. */
  embeddingSize: number
  /** Rows of the position table. */
  positionRows: number
  /** Row of the first token: 0 for BERT and DistilBERT, pad id + 1 for RoBERTa and MPNet. */
  firstPosition: number
  /** Rows of the token type table; 0 where there is none. */
  tokenTypes: number
  /** MPNet's relative position buckets; null for the others. */
  relativeBuckets: number | null
  activation: Activation
  layerNormEpsilon: number
  dropout: number
  attentionDropout: number
  classifierDropout: number
  initStd: number
}

/** What a block calls its parts. */
export interface BlockNames {
  query: string
  key: string
  value: string
  output: string
  attentionNorm: string
  inner: string
  outer: string
  outputNorm: string
}

/** BERT's own names, which most relatives share. */
export const bertNames: BlockNames = {
  query: 'attention.self.query',
  key: 'attention.self.key',
  value: 'attention.self.value',
  output: 'attention.output.dense',
  attentionNorm: 'attention.output.LayerNorm',
  inner: 'intermediate.dense',
  outer: 'output.dense',
  outputNorm: 'output.LayerNorm'
}

/** How a relative of BERT differs from the others. */
export interface BertRelative<C extends BertStack> {
  modelTypes: Readonly<Record<string, ModelType<C>>>
  /** Before the encoder's weights in a classifier's checkpoint. */
  prefix: string
  /** Before the names of the parts of a block. */
  blockName: (layer: number) => string
  block: BlockNames
  /** The linear layer from the embeddings' width to the hidden one. */
  projection?: Projection
  classifier: ClassifierNames
  /** MPNet's biases always reach this far. */
  relativeDistance?: number
}

interface Projection {
  name: string
  /** Also where both widths are equal. */
  always: boolean
}

/** The two linear layers between the first token and the scores. */
interface ClassifierNames {
  dense: string
  out: string
  activation: Activation
  /** Drop before the first layer too. */
  dropsFirst: boolean
}

const relativeTable = 'encoder.relative_attention_bias.weight'

/** A relative of BERT as an architecture. */
export function bertRelative<C extends BertStack>(relative: BertRelative<C>): EncoderArchitecture<C> {
  const { modelTypes, prefix, classifier, relativeDistance = 128 } = relative
  const owners = [classifier.dense, classifier.out]
  const prefixes = ['', `${prefix}.`]
  return {
    modelTypes,
    prefix,
    loraTargets: [relative.block.query, relative.block.value].map((name) => name.split('.').at(-1)!),
    noDecay: ['bias', 'LayerNorm.weight'],
    tied: () => true,
    parameters: (config) => parametersOf(relative, config),
    checkpointNames: (_config, name) => {
      const names = prefixes.map((before) => before + name)
      if (!name.includes('LayerNorm')) return names
      // Checkpoints converted from TensorFlow keep its names for scale and shift.
      const old = name.replace(/LayerNorm\.weight$/, 'LayerNorm.gamma').replace(/LayerNorm\.bias$/, 'LayerNorm.beta')
      return [...names, ...prefixes.map((before) => before + old)]
    },
    maxInputTokens: (config) => config.positionRows - config.firstPosition,
    source: (config) => ({
      firstPosition: config.firstPosition,
      buckets:
        config.relativeBuckets === null
          ? null
          : { bidirectional: true, buckets: config.relativeBuckets, maxDistance: relativeDistance },
      types: config.tokenTypes > 1,
      // Where positions stand behind the padding id, a "<pad>" that someone has written is not counted (RoBERTa, MPNet).
      uncountedId: config.firstPosition === config.padId + 1 ? config.padId : null
    }),
    stacks: ({ layers, hiddenSize, heads, feedForward }) => [
      { layers, hidden: hiddenSize, attention: hiddenSize, heads, feedForward, gated: false },
      null
    ],
    blockNames: ({ layers }) => [[...new Set(Array.from({ length: layers }, (_, layer) => relative.blockName(layer)))]],
    encode: (context, config, source) => encode({ relative }, context, config, source),
    isHead: (name) => owners.some((owner) => name.startsWith(`${owner}.`)),
    // BERT's pooler lies in the encoder, though only the classifier needs it.
    hasPrefix: (name) => name.startsWith('pooler.') || !owners.some((owner) => name.startsWith(`${owner}.`)),
    classify: (context, config, source) =>
      classify(classifier, context, config, encode({ relative, tokens: 'first' }, context, config, source))
  }
}

function parametersOf<C extends BertStack>(
  { blockName, block, projection, classifier }: BertRelative<C>,
  config: C
): Parameter[] {
  const { hiddenSize, embeddingSize, initStd, feedForward } = config
  const table = (name: string, rows: number): Parameter =>
    parameter(`embeddings.${name}.weight`, [rows, embeddingSize], normal(initStd))
  const list = [table('word_embeddings', config.vocabularySize), table('position_embeddings', config.positionRows)]
  if (config.tokenTypes > 0) list.push(table('token_type_embeddings', config.tokenTypes))
  list.push(...normParameters('embeddings.LayerNorm', embeddingSize))
  if (projection && (projection.always || embeddingSize !== hiddenSize)) {
    list.push(...linearParameters(projection.name, hiddenSize, embeddingSize, initStd))
  }
  // Blocks of one name are one block that is passed several times.
  const bases = new Set(Array.from({ length: config.layers }, (_, layer) => blockName(layer)))
  for (const base of bases) {
    for (const name of [block.query, block.key, block.value, block.output]) {
      list.push(...linearParameters(`${base}.${name}`, hiddenSize, hiddenSize, initStd))
    }
    list.push(...normParameters(`${base}.${block.attentionNorm}`, hiddenSize))
    list.push(...linearParameters(`${base}.${block.inner}`, feedForward, hiddenSize, initStd))
    list.push(...linearParameters(`${base}.${block.outer}`, hiddenSize, feedForward, initStd))
    list.push(...normParameters(`${base}.${block.outputNorm}`, hiddenSize))
  }
  if (config.relativeBuckets !== null) {
    list.push(parameter(relativeTable, [config.relativeBuckets, config.heads], normal(initStd)))
  }
  if (config.role === 'pair-classifier') {
    list.push(...linearParameters(classifier.dense, hiddenSize, hiddenSize, initStd))
    list.push(...linearParameters(classifier.out, config.labels, hiddenSize, initStd))
  }
  return list
}

/**
 * Last hidden states, `[N, hidden]`; where only the `first` token of each sequence is asked for, `[B, hidden]`: keys and values of the
 * last block are then of all tokens, and all else in it of these alone, a sixth of which it takes of six blocks.
 */
function encode<C extends BertStack>(
  { relative, tokens = 'all' }: { relative: BertRelative<C>; tokens?: 'all' | 'first' },
  context: ModelContext,
  config: C,
  source: SourceInputs
): Value {
  const { g } = context
  const { blockName, block } = relative
  const { packing } = source
  const { length } = packing
  const heads = { count: config.heads, size: config.hiddenSize / config.heads }
  let bias = maskBias(g, source.mask)
  if (source.buckets) {
    bias = g.add(
      bucketBias(
        g,
        context.weight(relativeTable),
        { rows: source.buckets, queries: length, keys: length },
        config.heads
      ),
      bias
    )
  }
  let x = context.boundary(embed(relative.projection, context, config, source))
  for (let layer = 0; layer < config.layers; layer++) {
    const base = blockName(layer)
    const narrow = tokens === 'first' && layer === config.layers - 1
    x = context.block(() => {
      const project = (name: string): Value => spreadHeads(g, context.linear(x, `${base}.${name}`), packing, heads)
      const [key, value] = [project(block.key), project(block.value)]
      const asking = narrow ? firstTokens(context, x, source) : x
      const rows = context.linear(asking, `${base}.${block.query}`)
      const query = narrow ? firstHeads(g, rows, heads) : spreadHeads(g, rows, packing, heads)
      const parts = { query, key, value, bias: narrow ? ofFirst(g, bias) : bias }
      const attended = attend(context, parts, heads.size ** -0.5, config.attentionDropout)
      const mixed = narrow ? g.reshape(attended, rows.dims) : collectHeads(g, attended, packing, heads)
      const own = context.linear(mixed, `${base}.${block.output}`)
      const y = addNorm(context, config, [asking, own], `${base}.${block.attentionNorm}`)
      const inner = context.activation(context.linear(y, `${base}.${block.inner}`), config.activation)
      const outer = context.linear(inner, `${base}.${block.outer}`)
      return addNorm(context, config, [y, outer], `${base}.${block.outputNorm}`)
    })
  }
  return x
}

/** A row a sequence, `[B, heads·size]`, as the only query of each: `[B, heads, 1, size]`. */
function firstHeads(g: GraphBuilder, rows: Value, heads: { count: number; size: number }): Value {
  return g.reshape(rows, [rows.dims[0]!, heads.count, 1, heads.size])
}

/** Of a bias over all queries that of the first; one that all share stays. */
function ofFirst(g: GraphBuilder, bias: Value): Value {
  return bias.dims[2] === 1 ? bias : g.slice(bias, 2, 0, 1)
}

/** Scores of each sequence from its first token `[B, hidden]`: `[B, labels]`. */
function classify<C extends BertStack>(
  { dense, out, activation, dropsFirst }: ClassifierNames,
  context: ModelContext,
  config: C,
  first: Value
): Value {
  let x = first
  if (dropsFirst) x = context.dropout(x, config.classifierDropout)
  x = context.activation(context.linear(x, dense), activation)
  return context.linear(context.dropout(x, config.classifierDropout), out)
}

function embed(
  projection: Projection | undefined,
  context: ModelContext,
  config: BertStack,
  source: SourceInputs
): Value {
  const { g } = context
  const table = (name: string): Value => context.weight(`embeddings.${name}.weight`)
  let sum = g.add(
    g.gather(table('word_embeddings'), source.ids),
    g.gather(table('position_embeddings'), source.positions!)
  )
  if (source.tokenTypes) sum = g.add(sum, g.gather(table('token_type_embeddings'), source.tokenTypes))
  else if (config.tokenTypes === 1) sum = g.add(sum, table('token_type_embeddings'))
  const x = context.dropout(context.layerNorm(sum, 'embeddings.LayerNorm', config.layerNormEpsilon), config.dropout)
  return projection && context.has(`${projection.name}.weight`) ? context.linear(x, projection.name) : x
}

/** LayerNorm of what comes in and what a layer adds to it. */
export function addNorm(
  context: ModelContext,
  config: Pick<BertStack, 'dropout' | 'layerNormEpsilon'>,
  [x, y]: readonly [Value, Value],
  norm: string
): Value {
  return context.layerNorm(context.g.add(x, context.dropout(y, config.dropout)), norm, config.layerNormEpsilon)
}
