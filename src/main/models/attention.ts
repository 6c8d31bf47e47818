/** Scaled dot-product attention over packed tokens, `[N, width]`. */
import type { Dim, GraphBuilder, Value } from '../graph/index.ts'
import type { ModelContext } from './context.ts'
import type { DecoderStep, Packing, SourceInputs } from './inputs.ts'

/** Rows of the sequences' first tokens, int64 `[B]`. */
export const startsName = 'source_starts'

export interface Heads {
  count: number
  /** Width of one head. */
  size: number
}

/** `[B·T, heads·size]` to `[B, heads, T, size]`. */
function splitHeads(g: GraphBuilder, x: Value, batch: Dim, length: Dim, heads: Heads): Value {
  return g.transpose(g.reshape(x, [batch, length, heads.count, heads.size]), [0, 2, 1, 3])
}

/** Packed tokens `[N, heads·size]` to `[B, heads, T, size]`. */
export function spreadHeads(g: GraphBuilder, x: Value, packing: Packing, heads: Heads): Value {
  return g.spread(x, packing.slots(heads.count), packing.rows(heads.count))
}

/** `[B, heads, T, size]` to packed tokens `[N, heads·size]`. */
export function collectHeads(g: GraphBuilder, x: Value, packing: Packing, heads: Heads): Value {
  return g.collect(x, packing.slots(heads.count), packing.rows(heads.count))
}

/** `[B, heads, T, size]` to `[B·T, heads·size]`. */
function mergeHeads(g: GraphBuilder, x: Value, rows: Dim, heads: Heads): Value {
  return g.reshape(g.transpose(x, [0, 2, 1, 3]), [rows, heads.count * heads.size])
}

/** One side of an attention: hidden states of packed tokens and how they make sequences. */
export interface Side {
  /** `[N, width]` */
  x: Value
  packing: Packing
}

/**
 * Queries, keys and values as `[B, heads, length, size]`; bias broadcasts over `[B, heads, queries, keys]`.
 * @returns `[B, heads, queries, size]`
 */
export function attend(
  context: ModelContext,
  parts: { query: Value; key: Value; value: Value; bias: Value | null },
  scale: number,
  dropout: number
): Value {
  const { g } = context
  const scores = g.matMul(parts.query, parts.key, { transB: true, alpha: scale })
  const weights = g.softmax(parts.bias ? g.add(scores, parts.bias) : scores)
  return g.matMul(context.dropout(weights, dropout), parts.value)
}

/**
 * One new position attends to a cache and to itself: query, key, value `[B, heads, 1, size]`, cached keys and values
 * `[B, heads, C, size]`, bias `[.., .., 1, C+1]` with -1e9 at unused places of the cache. The cache itself is never copied.
 */
export function attendCached(
  g: GraphBuilder,
  now: { query: Value; key: Value; value: Value },
  past: { key: Value; value: Value },
  bias: Value,
  scale: number
): Value {
  const capacity = past.key.dims[2]!
  const before = g.matMul(now.query, past.key, { transB: true, alpha: scale })
  const itself = g.matMul(now.query, now.key, { transB: true, alpha: scale })
  const weights = g.softmax(g.add(g.concat([before, itself], 3), bias))
  const fromPast = g.matMul(g.slice(weights, 3, 0, capacity), past.value)
  // One key: its weight times its value is a product with broadcasting.
  const length = weights.dims[3]!
  return g.add(fromPast, g.mul(g.slice(weights, 3, capacity, length), now.value))
}

/**
 * Attention of one new position per answer to the encoder. Several answers (beams) of one input lie together and share its
 * keys and values: they are read as several queries.
 * @param query `[B·beams, width]`
 * @returns `[B·beams, width]`
 */
export function attendCross(
  g: GraphBuilder,
  query: Value,
  step: Pick<DecoderStep, 'cross' | 'crossBias' | 'beams'>,
  layer: number,
  heads: Heads,
  scale: number
): Value {
  const { key, value } = step.cross[layer]!
  const queries = splitHeads(g, query, key.dims[0]!, step.beams, heads)
  const scores = g.matMul(queries, key, { transB: true, alpha: scale })
  return mergeHeads(g, g.matMul(g.softmax(g.add(scores, step.crossBias)), value), query.dims[0]!, heads)
}

/** `[B, T]` of 1 and 0 as an additive bias `[B, 1, 1, T]`. */
export function maskBias(g: GraphBuilder, mask: Value): Value {
  const [batch, length] = mask.dims as [Dim, Dim]
  return g.reshape(g.mul(g.sub(mask, 1), 1e9), [batch, 1, 1, length])
}

/** Rows of a bucket table `[buckets, heads]` as an attention bias `[masks, heads, queries, keys]`. */
export function bucketBias(
  g: GraphBuilder,
  table: Value,
  buckets: Value,
  queries: Dim,
  keys: Dim,
  heads: number,
  masks: Dim = 1
): Value {
  const rows = g.reshape(g.gather(table, buckets), [masks, queries, keys, heads])
  return g.transpose(rows, [0, 3, 1, 2])
}

/** `[N, hidden]` to the hidden states of the first tokens, `[B, hidden]`. */
export function firstTokens({ g }: ModelContext, hidden: Value, { packing }: SourceInputs): Value {
  return g.gather(hidden, g.input(startsName, [packing.sequences], 'int64'))
}
