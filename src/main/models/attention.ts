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
function splitHeads(g: GraphBuilder, x: Value, [batch, length]: readonly [Dim, Dim], heads: Heads): Value {
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

/** What one attention reads, and which places it may not. */
export interface Attention {
  from: Side
  to: Side
  /** Broadcasts over `[B, heads, queries, keys]`. */
  bias: Value
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
 * New positions attend to a cache and to each other: query, key, value `[B, heads, W, size]`, cached keys and values
 * `[B, heads, C, size]`, bias `[.., .., W, C+W]` with -1e9 at places that are not read. The cache itself is never copied.
 */
export function attendCached(
  g: GraphBuilder,
  now: { query: Value; key: Value; value: Value },
  past: { key: Value; value: Value },
  { bias, scale }: { bias: Value; scale: number }
): Value {
  const capacity = past.key.dims[2]!
  const before = g.matMul(now.query, past.key, { transB: true, alpha: scale })
  const itself = g.matMul(now.query, now.key, { transB: true, alpha: scale })
  const weights = g.softmax(g.add(g.concat([before, itself], 3), bias))
  const fromPast = g.matMul(g.slice(weights, 3, 0, capacity), past.value)
  const ofNew = g.slice(weights, 3, capacity, weights.dims[3]!)
  // One key: its weight times its value is a product with broadcasting.
  return g.add(fromPast, now.key.dims[2] === 1 ? g.mul(ofNew, now.value) : g.matMul(ofNew, now.value))
}

/**
 * Attention of new positions to the encoder. Several answers (beams) of one input, or several ids of one answer, lie together and
 * share its keys and values: they are read as several queries.
 * @param query `[B·beams, width]`
 * @returns `[B·beams, width]`
 */
export function attendCross(
  g: GraphBuilder,
  query: Value,
  step: Pick<DecoderStep, 'cross' | 'crossBias' | 'beams'>,
  { layer, heads, scale }: { layer: number; heads: Heads; scale: number }
): Value {
  const { key, value } = step.cross[layer]!
  const queries = splitHeads(g, query, [key.dims[0]!, step.beams], heads)
  const scores = g.matMul(queries, key, { transB: true, alpha: scale })
  return mergeHeads(g, g.matMul(g.softmax(g.add(scores, step.crossBias)), value), query.dims[0]!, heads)
}

/** Ids of a decoding step, `[answers·W, heads·size]`, as `[answers, heads, W, size]` and back. */
export function stepHeads(
  g: GraphBuilder,
  { ids, past, width }: Pick<DecoderStep, 'ids' | 'past' | 'width'>,
  heads: Heads
): { split: (x: Value) => Value; merge: (x: Value) => Value } {
  const [all, answers] = [ids.dims[0]!, past[0]!.key.dims[0]!]
  if (width !== 1)
    return { split: (x) => splitHeads(g, x, [answers, width], heads), merge: (x) => mergeHeads(g, x, all, heads) }
  return {
    split: (x) => g.reshape(x, [all, heads.count, 1, heads.size]),
    merge: (x) => g.reshape(x, [all, heads.count * heads.size])
  }
}

/** `[B, T]` of 1 and 0 as an additive bias `[B, 1, 1, T]`. */
export function maskBias(g: GraphBuilder, mask: Value): Value {
  const [batch, length] = mask.dims as [Dim, Dim]
  return g.reshape(g.mul(g.sub(mask, 1), 1e9), [batch, 1, 1, length])
}

/** Which rows of a bucket table a bias is made of. */
export interface Buckets {
  /** Rows of the table, `[masks·queries·keys]`. */
  rows: Value
  queries: Dim
  keys: Dim
  /** Left out: one for all sequences. */
  masks?: Dim | undefined
}

/** Rows of a bucket table `[buckets, heads]` as an attention bias `[masks, heads, queries, keys]`. */
export function bucketBias(
  g: GraphBuilder,
  table: Value,
  { rows, queries, keys, masks = 1 }: Buckets,
  heads: number
): Value {
  const biases = g.reshape(g.gather(table, rows), [masks, queries, keys, heads])
  return g.transpose(biases, [0, 3, 1, 2])
}

/** `[N, hidden]` to the hidden states of the first tokens, `[B, hidden]`. */
export function firstTokens({ g }: ModelContext, hidden: Value, { packing }: SourceInputs): Value {
  return g.gather(hidden, g.input(startsName, [packing.sequences], 'int64'))
}
