/** The graphs of answers: the steps of writing one, and how likely a given one is. */
import { multiplyDims, type Dim, type Graph, type GraphBuilder, type Value } from '../graph/index.ts'
import { seq2seqOf, type Seq2SeqConfig } from './architectures/index.ts'
import { maskBias } from './attention.ts'
import { ModelContext, type ContextOptions } from './context.ts'
import { graphBuilder } from './graphs.ts'
import { sourceInputs, targetInputs, type Head, type KeyValue } from './inputs.ts'
import type { Parameter } from './parameters.ts'

/** Encoder for decoding; outputs `cross_key_N` and `cross_value_N`, `[B, heads, T, size]`, for each decoder layer N. */
export function crossAttentionGraph(
  config: Seq2SeqConfig,
  parameters: readonly Parameter[],
  options: ContextOptions = {}
): Graph {
  const g = graphBuilder('cross-attention', options.adapter)
  const context = new ModelContext(g, parameters, options)
  const architecture = seq2seqOf(config)
  const source = sourceInputs(g, architecture.source(config))
  const values = architecture.crossAttention(context, config, architecture.encode(context, config, source), source)
  values.forEach((value, index) => g.output(`cross_${index % 2 === 0 ? 'key' : 'value'}_${index >> 1}`, value))
  return g.build()
}

export interface StepOptions extends ContextOptions {
  /** 1: greedy, output `next` int64 `[B]`. More: beam search, outputs `scores` and `candidates`, `[B, 2·beams]`. */
  beams: number
  /** How many candidates beam search keeps per input. */
  candidates?: number
  /** Take `banned`, int64 `[N]`: places in the flattened `[B·beams·vocabulary]` that must not be chosen. */
  bans: boolean
  /**
   * Take `repeated`, int64 `[R]`: places as above, each once, whose scores are divided by this (multiplied where they are
   * negative). Null: no such input.
   */
  repetitionPenalty?: number | null
  /**
   * The cache stays on a device: instead of `fresh` the outputs `present_key_N` and `present_value_N` are the cache with the new
   * position in it, where the input `place` `[B·beams, 1, C, 1]` is 1.
   */
  resident?: boolean
  /**
   * Greedy only: each answer has W ids in a step, its last one and drafts of those that follow; every id reads those before it. Then
   * `ids`, `position`, `next` and `sums` have B·W rows, `past_bias` is `[B, 1, W, C+W]`, `past_buckets` int64 `[B·W·(C+W)]` and
   * `fresh` `[2·layers, B·W, heads·size]`; bans and repetitions are places in `[B·W·vocabulary]`.
   */
  drafts?: boolean
  /** Greedy only: the step ends before the head. Output `hidden` `[B, hidden size]` instead of `next` and `sums`: see `headGraph`. */
  headless?: boolean
}

/**
 * One step of decoding; answers may be of different lengths. Inputs: `ids` int64 `[B·beams]`; `position` int64 `[B·beams]` or
 * `past_buckets` int64 `[B·beams·(C+1)]`; `past_bias` `[B·beams, 1, 1, C+1]`; `source_mask` `[B, T]`; `past_key_N`, `past_value_N`, `cross_key_N`, `cross_value_N`; for beam search
 * `beam_scores` `[B, beams]`. Output `fresh` `[2·layers, B·beams, heads·size]`: the new keys and values. In beam search
 * candidates are places in `[beams·vocabulary]`, best first, and their scores are those of whole answers.
 */
export function stepGraph(config: Seq2SeqConfig, parameters: readonly Parameter[], options: StepOptions): Graph {
  const g = graphBuilder('decoder-step', options.adapter)
  const context = new ModelContext(g, parameters, options)
  const architecture = seq2seqOf(config)
  const { layers, heads, size } = architecture.cacheShape(config)
  const { beams, drafts = false } = options
  const rows: Dim = beams === 1 ? 'B' : `${beams}*B`
  const ids: Dim = drafts ? 'B*W' : rows
  const width: Dim = drafts ? 'W' : 1
  const places: Dim = drafts ? 'C+W' : 'C+1'
  const pairs = (prefix: string, dims: readonly Dim[]): KeyValue[] =>
    Array.from({ length: layers }, (_, layer) => ({
      key: g.input(`${prefix}_key_${layer}`, dims),
      value: g.input(`${prefix}_value_${layer}`, dims)
    }))
  const { firstPosition, buckets } = architecture.target(config)
  const past = pairs('past', [rows, heads, 'C', size])
  const { hidden, fresh } = architecture.decodeStep(context, config, {
    ids: g.input('ids', [ids], 'int64'),
    position: firstPosition === null ? null : g.input('position', [ids], 'int64'),
    buckets: buckets ? g.input('past_buckets', [multiplyDims(ids, places)], 'int64') : null,
    past,
    pastBias: g.input('past_bias', [rows, 1, width, places]),
    cross: pairs('cross', ['B', heads, 'T', size]),
    crossBias: maskBias(g, g.input('source_mask', ['B', 'T'])),
    beams: drafts ? width : beams,
    width
  })
  if (options.resident) outputPresent(g, past, fresh)
  else {
    const rowsOfLayers = fresh.map((value) => g.unsqueeze(value, 0))
    g.output('fresh', g.concat(rowsOfLayers, 0))
  }
  const head = architecture.head(context, config)
  if (options.headless) {
    g.output('hidden', scaled(g, hidden, head))
    return g.build()
  }
  const logits = project(g, hidden, head)
  outputSums(g, logits)
  if (beams === 1) outputNext(g, logits, config.vocabularySize, options)
  else outputCandidates(g, logits, config.vocabularySize, options)
  return g.build()
}

/** The head of a headless step: input `hidden` `[B, hidden size]`, outputs `next` int64 `[B]` and `sums` `[B]`. */
export function headGraph(
  config: Seq2SeqConfig,
  parameters: readonly Parameter[],
  options: Pick<StepOptions, 'bans'>
): Graph {
  const g = graphBuilder('head')
  const { weight, bias } = seq2seqOf(config).head(new ModelContext(g, parameters), config)
  const hidden = g.input('hidden', ['B', weight.dims[1]!])
  const logits = project(g, hidden, { weight, bias, scale: 1 })
  outputSums(g, logits)
  outputNext(g, logits, config.vocabularySize, options)
  return g.build()
}

/** Chosen rows of several arrays of one shape: inputs `array_N` `[A, .., .., ..]` and `rows` int64 `[R]`, outputs `chosen_N`. */
export function selectRowsGraph(count: number): Graph {
  const g = graphBuilder('select-rows')
  const rows = g.input('rows', ['R'], 'int64')
  for (let index = 0; index < count; index++) {
    g.output(`chosen_${index}`, g.gather(g.input(`array_${index}`, ['A', 'H', 'L', 'D']), rows))
  }
  return g.build()
}

/**
 * Log-probability of each label; output `log_likelihoods` `[L]`. Inputs those of `sourceBatch` and `treeBatch`: answers to one
 * input that begin alike are read once that far, and the encoder reads an input once.
 */
export function likelihoodGraph(
  config: Seq2SeqConfig,
  parameters: readonly Parameter[],
  options: ContextOptions = {}
): Graph {
  const g = graphBuilder('likelihood', options.adapter)
  const context = new ModelContext(g, parameters, options)
  const architecture = seq2seqOf(config)
  const source = sourceInputs(g, architecture.source(config))
  const target = targetInputs(g, architecture.target(config), true)
  const memory = architecture.encode(context, config, source)
  const hidden = architecture.decode(context, config, target, { memory, source })
  const logProbabilities = g.logSoftmax(project(g, hidden, architecture.head(context, config)))
  const flat = g.reshape(logProbabilities, [`M*${config.vocabularySize}`])
  g.output('log_likelihoods', g.gather(flat, g.input('label_places', ['L'], 'int64')))
  return g.build()
}

/** Scores of the vocabulary from hidden states `[n, hidden]`. */
export function project(g: GraphBuilder, hidden: Value, head: Head): Value {
  return g.gemm(scaled(g, hidden, head), head.weight, head.bias ?? undefined, { transB: true })
}

function scaled(g: GraphBuilder, hidden: Value, { scale }: Head): Value {
  return scale === 1 ? hidden : g.mul(hidden, scale)
}

/** NaN and infinity spread through a sum: one number a row tells whether the scores are numbers at all. */
function outputSums(g: GraphBuilder, logits: Value): void {
  g.output('sums', g.reduceSum(logits, [1], false))
}

function outputNext(g: GraphBuilder, logits: Value, vocabulary: number, options: Constraining): void {
  g.output('next', g.argMax(constrained(g, logits, vocabulary, options), 1))
}

/** The cache with the new keys and values at their place; a device has no way to write into a part of a tensor. */
function outputPresent(g: GraphBuilder, past: readonly KeyValue[], fresh: readonly Value[]): void {
  const place = g.input('place', [past[0]!.key.dims[0]!, 1, 'C', 1])
  const elsewhere = g.sub(1, place)
  past
    .flatMap(({ key, value }) => [key, value])
    .forEach((array, index) => {
      const [rows, heads, , size] = array.dims as [Dim, Dim, Dim, Dim]
      const now = g.reshape(fresh[index]!, [rows, heads, 1, size])
      const present = g.add(g.mul(array, elsewhere), g.mul(now, place))
      g.output(`present_${index % 2 === 0 ? 'key' : 'value'}_${index >> 1}`, present)
    })
}

function outputCandidates(g: GraphBuilder, logits: Value, vocabulary: number, options: StepOptions): void {
  const { beams, candidates = 2 * beams } = options
  const allowed = constrained(g, g.logSoftmax(logits), vocabulary, options)
  const scores = g.reshape(g.input('beam_scores', ['B', beams]), ['B', beams, 1])
  const total = g.add(g.reshape(allowed, ['B', beams, vocabulary]), scores)
  const [values, places] = g.topK(g.reshape(total, ['B', beams * vocabulary]), candidates, 1)
  g.output('scores', values)
  g.output('candidates', places)
}

type Constraining = Pick<StepOptions, 'bans' | 'repetitionPenalty'>

/** Scores as the generation settings want them: what came already made less likely, what must not come impossible. */
function constrained(
  g: GraphBuilder,
  scores: Value,
  vocabulary: number,
  { bans, repetitionPenalty = null }: Constraining
): Value {
  const penalized = repetitionPenalty === null ? scores : lessOften(g, scores, vocabulary, repetitionPenalty)
  return bans ? banned(g, penalized, vocabulary) : penalized
}

function lessOften(g: GraphBuilder, scores: Value, vocabulary: number, penalty: number): Value {
  const places = g.input('repeated', ['R'], 'int64')
  const flat = g.reshape(scores, [`${scores.dims[0]}*${vocabulary}`])
  const own = g.gather(flat, places)
  const changed = g.where(g.less(own, 0), g.mul(own, penalty), g.div(own, penalty))
  return g.reshape(g.scatterElements(flat, places, changed, { axis: 0 }), scores.dims)
}

/** The same with minus infinity at the banned places. */
function banned(g: GraphBuilder, scores: Value, vocabulary: number): Value {
  const places = g.input('banned', ['N'], 'int64')
  const flat = g.reshape(scores, [`${scores.dims[0]}*${vocabulary}`])
  const never = g.expand(g.scalar(-Infinity), ['N'])
  return g.reshape(g.scatterElements(flat, places, never, { axis: 0 }), scores.dims)
}
