/** The graphs of losses and encoders. Those of answers are in `decoding-graphs.ts`. */
import { GraphBuilder, type Adapter, type Graph, type Value } from '../graph/index.ts'
import {
  architectureOf,
  encoderOf,
  seq2seqOf,
  type EncoderConfig,
  type ModelConfig,
  type Seq2SeqConfig
} from './architectures/index.ts'
import { ModelContext, wrongRole, type ContextOptions } from './context.ts'
import { labelInputs, sourceInputs, targetInputs } from './inputs.ts'
import type { Parameter } from './parameters.ts'
import { pool, type Pooled, type PoolingMode } from './pooling.ts'

export interface LossOptions extends ContextOptions {
  smoothing?: number
}

/** A graph that ends in a loss, still open for the backward pass. */
export interface LossGraph {
  g: GraphBuilder
  /** Scalar: the weighted sum of the row losses. */
  loss: Value
  /** Cross-entropy of each label, `[M]` (of each sequence, `[B]`, for a classifier). */
  rowLosses: Value
  /** Values between the blocks, in the order of the forward pass: where activation recomputation may cut. */
  boundaries: readonly Value[]
}

/**
 * Teacher-forced cross-entropy. Inputs as `trainingBatch` makes them.
 */
export function trainingLoss(
  config: Seq2SeqConfig,
  parameters: readonly Parameter[],
  options: LossOptions = {}
): LossGraph {
  const g = graphBuilder('training', options.adapter)
  const context = new ModelContext(g, parameters, options)
  const architecture = seq2seqOf(config)
  const source = sourceInputs(g, architecture.source(config))
  const target = targetInputs(g, architecture.target(config))
  const labels = labelInputs(g)
  const memory = architecture.encode(context, config, source)
  const hidden = architecture.decode(context, config, target, { memory, source })
  const { weight, bias, scale } = architecture.head(context, config)
  const { loss, rowLosses } = g.headLoss(
    [scale === 1 ? hidden : g.mul(hidden, scale), weight],
    labels.ids,
    labels.weights,
    {
      smoothing: options.smoothing ?? 0,
      ...(bias ? { bias } : {})
    }
  )
  return { g, loss, rowLosses, boundaries: context.boundaries }
}

/**
 * Cross-entropy of a pair classifier against class labels. Inputs: those of `sourceBatch`, `label_ids` int64 `[B]`,
 * `label_weights` `[B]`. A classifier with one output is read as the log-odds of class 1.
 */
export function classifierLoss(
  config: EncoderConfig,
  parameters: readonly Parameter[],
  options: LossOptions = {}
): LossGraph {
  const g = graphBuilder('classifier-training', options.adapter)
  const context = new ModelContext(g, parameters, options)
  const architecture = encoderOf(config)
  const source = sourceInputs(g, architecture.source(config))
  const ids = g.input('label_ids', ['B'], 'int64')
  const weights = g.input('label_weights', ['B'])
  const logits = architecture.classify(context, config, source)
  // As scores of two classes, [0, x] gives class 1 the probability sigmoid(x).
  const scores = config.labels === 1 ? g.concat([g.mul(logits, 0), logits], 1) : logits
  const classes = Math.max(2, config.labels)
  const identity = g.constant(identityMatrix(classes), [classes, classes], 'float32')
  const { loss, rowLosses } = g.headLoss([scores, identity], ids, weights, { smoothing: options.smoothing ?? 0 })
  return { g, loss, rowLosses, boundaries: context.boundaries }
}

export interface ContrastiveOptions extends LossOptions {
  pooling: PoolingMode
  normalize: boolean
  /** Similarities are divided by it. */
  temperature: number
}

/**
 * InfoNCE (van den Oord et al., 2018): each anchor is to find its own candidate among all candidates of the batch. Inputs: those
 * of `sourceBatch` for anchors and candidates together; `anchor_rows` int64 `[M]` and `candidate_rows` int64 `[C]`, their places
 * in the batch; `label_ids` int64 `[M]`, the candidate that belongs to each anchor; `label_weights` `[M]`.
 */
export function contrastiveLoss(
  config: ModelConfig,
  parameters: readonly Parameter[],
  options: ContrastiveOptions
): LossGraph {
  const g = graphBuilder('contrastive-training', options.adapter)
  const context = new ModelContext(g, parameters, options)
  const vectors = pooledVectors(context, config, options)
  const anchors = g.gather(vectors, g.input('anchor_rows', ['M'], 'int64'))
  const candidates = g.gather(vectors, g.input('candidate_rows', ['C'], 'int64'))
  const { loss, rowLosses } = g.headLoss(
    [g.div(anchors, options.temperature), candidates],
    g.input('label_ids', ['M'], 'int64'),
    g.input('label_weights', ['M'])
  )
  return { g, loss, rowLosses, boundaries: context.boundaries }
}

export type EmbeddingOptions = ContextOptions & Pooled

/** One vector per sequence; output `vectors` `[B, width]`. For an encoder-decoder, of its encoder's last hidden states. */
export function embeddingGraph(
  config: ModelConfig,
  parameters: readonly Parameter[],
  options: EmbeddingOptions
): Graph {
  const g = graphBuilder('embedding', options.adapter)
  g.output('vectors', pooledVectors(new ModelContext(g, parameters, options), config, options))
  return g.build()
}

/**
 * The same with the decoder's state at the first token of each answer behind the pooled one; output `vectors` `[B, width + hidden]`.
 * Inputs those of `sourceBatch`, `poolingBatch` and `firstTokenBatch`.
 */
export function answeredEmbeddingGraph(
  config: Seq2SeqConfig,
  parameters: readonly Parameter[],
  options: EmbeddingOptions
): Graph {
  const g = graphBuilder('answered-embedding', options.adapter)
  const context = new ModelContext(g, parameters, options)
  const architecture = seq2seqOf(config)
  const source = sourceInputs(g, architecture.source(config))
  const target = targetInputs(g, architecture.target(config))
  const memory = architecture.encode(context, config, source)
  const pooled = pool(context, memory, source, options)
  const decoded = architecture.decode(context, config, target, { memory, source })
  g.output('vectors', g.concat([pooled, g.gather(decoded, g.input('target_firsts', ['B'], 'int64'))], 1))
  return g.build()
}

/** One vector per sequence, `[B, width]`. */
function pooledVectors(context: ModelContext, config: ModelConfig, how: Pooled): Value {
  const architecture = architectureOf(config)
  const source = sourceInputs(context.g, architecture.source(config))
  return pool(context, architecture.encode(context, config, source), source, how)
}

/** Last hidden states of all tokens, output `hidden` `[N, hidden]`. */
export function hiddenStatesGraph(config: ModelConfig, parameters: readonly Parameter[]): Graph {
  const g = graphBuilder('hidden-states')
  const context = new ModelContext(g, parameters)
  const architecture = architectureOf(config)
  const source = sourceInputs(g, architecture.source(config))
  g.output('hidden', architecture.encode(context, config, source))
  return g.build()
}

/** Scores of a classifier, output `logits` `[B, labels]`. */
export function classifierGraph(
  config: ModelConfig,
  parameters: readonly Parameter[],
  options: ContextOptions = {}
): Graph {
  if (config.role !== 'pair-classifier') throw wrongRole(config.role, 'pair classifier')
  const g = graphBuilder('classifier', options.adapter)
  const context = new ModelContext(g, parameters, options)
  const architecture = encoderOf(config)
  const source = sourceInputs(g, architecture.source(config))
  g.output('logits', architecture.classify(context, config, source))
  return g.build()
}

export function graphBuilder(name: string, adapter?: Adapter): GraphBuilder {
  return new GraphBuilder(adapter ? { name, adapter } : { name })
}

function identityMatrix(size: number): Float32Array {
  const data = new Float32Array(size * size)
  for (let index = 0; index < size; index++) data[index * size + index] = 1
  return data
}
