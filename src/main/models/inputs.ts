/**
 * The inputs of the models' graphs, by name. Tokens lie packed, one sequence behind the other, and nothing is computed for what
 * is not there; only attention lays sequences side by side. Sizes are symbols: N source tokens in B sequences of at most T, M
 * target tokens, each with a label, in sequences of at most S, C places in the cache. `batch.ts` makes the tensors.
 */
import type { Dim, GraphBuilder, Value } from '../graph/index.ts'
import type { SourceTable } from './source-table.ts'

/** How packed tokens make sequences. */
export interface Packing {
  tokens: Dim
  sequences: Dim
  /** Of the longest. */
  length: Dim
  /** The tables of `graph/ops/packed.ts` for so many heads. */
  slots(heads: number): Value
  rows(heads: number): Value
}

export interface SourceInputs {
  /** int64 `[N]` */
  ids: Value
  packing: Packing
  /** 1 where a sequence has a token, 0 behind its end; `[B, T]`. */
  mask: Value
  /** Rows of the position table, int64 `[N]`; null without a table. */
  positions: Value | null
  /** Relative position buckets, int64 `[T·T]`, query by query; null without relative positions. */
  buckets: Value | null
  /** int64 `[N]`; null where there are no two types. */
  tokenTypes: Value | null
  /** An input of the architecture's own, by its name. */
  table(name: string): Value
}

export interface TargetInputs {
  /** Decoder input, the labels shifted right; int64 `[M]`. */
  ids: Value
  packing: Packing
  positions: Value | null
  /** Relative position buckets, int64 `[masks·S·S]`. */
  buckets: Value | null
  /** 0 where a token reads another, which stands before it, or itself; -1e9 elsewhere; `[masks, 1, S, S]`. */
  causal: Value
  /** 1 where all sequences are read alike, B where each is a tree of its own. */
  masks: Dim
}

export interface LabelInputs {
  /** int64 `[M]` */
  ids: Value
  /** Share of each label in the loss, `[M]`. */
  weights: Value
}

export function sourceInputs(
  g: GraphBuilder,
  facts: { firstPosition: number | null; buckets: object | null; types: boolean; tables?: readonly SourceTable[] }
): SourceInputs {
  const tables = new Map<string, Value>()
  return {
    ids: g.input('source_ids', ['N'], 'int64'),
    packing: packingInputs(g, 'source', { tokens: 'N', sequences: 'B', length: 'T' }),
    mask: g.input('source_mask', ['B', 'T']),
    positions: facts.firstPosition === null ? null : g.input('source_positions', ['N'], 'int64'),
    buckets: facts.buckets ? g.input('source_buckets', ['T*T'], 'int64') : null,
    tokenTypes: facts.types ? g.input('source_types', ['N'], 'int64') : null,
    table: (name) => {
      const { dims, dtype } = facts.tables!.find((table) => table.name === name)!
      const value = tables.get(name) ?? g.input(name, dims, dtype)
      tables.set(name, value)
      return value
    }
  }
}

/** @param trees each source has several targets, which share what they begin with: `treeBatch` */
export function targetInputs(
  g: GraphBuilder,
  facts: { firstPosition: number | null; buckets: object | null },
  trees = false
): TargetInputs {
  const masks = trees ? 'B' : 1
  return {
    ids: g.input('target_ids', ['M'], 'int64'),
    packing: packingInputs(g, 'target', { tokens: 'M', sequences: 'B', length: 'S' }),
    positions: facts.firstPosition === null ? null : g.input('target_positions', ['M'], 'int64'),
    buckets: facts.buckets ? g.input('target_buckets', [trees ? 'B*S*S' : 'S*S'], 'int64') : null,
    causal: g.input('causal_bias', [masks, 1, 'S', 'S']),
    masks
  }
}

export function labelInputs(g: GraphBuilder): LabelInputs {
  return {
    ids: g.input('label_ids', ['M'], 'int64'),
    weights: g.input('label_weights', ['M'])
  }
}

export const slotsName = (side: 'source' | 'target', heads: number): string => `${side}_slots_${heads}`
export const rowsName = (side: 'source' | 'target', heads: number): string => `${side}_rows_${heads}`

/** The tables become inputs when they are first asked for. */
function packingInputs(
  g: GraphBuilder,
  side: 'source' | 'target',
  sizes: { tokens: Dim; sequences: Dim; length: Dim }
): Packing {
  const known = new Map<string, Value>()
  const input = (name: string, dims: readonly Dim[]): Value => {
    const value = known.get(name) ?? g.input(name, dims, 'int64')
    known.set(name, value)
    return value
  }
  return {
    ...sizes,
    slots: (heads) => input(slotsName(side, heads), [sizes.sequences, heads, sizes.length]),
    rows: (heads) => input(rowsName(side, heads), [sizes.tokens, heads])
  }
}

/** Keys and values, `[.., heads, places, size]`. */
export interface KeyValue {
  key: Value
  value: Value
}

export interface DecoderStep {
  /**
   * The last id of each answer, int64 `[B·beams]`; the beams of one input lie together. With drafts `[B·W]`: the last id and those
   * that may follow it.
   */
  ids: Value
  /** Row of the position table for each id, int64; null without a table. */
  position: Value | null
  /** Relative buckets of the C cached places and of the new ones for each id, int64 `[B·beams·(C+1)]`, `[B·W·(C+W)]`; null without. */
  buckets: Value | null
  /** Per layer, `[B·beams, heads, C, size]`. */
  past: readonly KeyValue[]
  /** 0 at places that an id reads, -1e9 at others; `[B·beams, 1, 1, C+1]`, with drafts `[B, 1, W, C+W]`. */
  pastBias: Value
  /** Per layer, `[B, heads, T, size]`. */
  cross: readonly KeyValue[]
  /** `[B, 1, 1, T]` */
  crossBias: Value
  /** Ids of one input that are read side by side: its beams, or W with drafts. */
  beams: Dim
  /** Ids of one answer: 1, or W with drafts. */
  width: Dim
}

export interface DecoderStepResult {
  /** `[B·beams, hidden]`, or `[B·W, hidden]` */
  hidden: Value
  /** The new keys and values, each with as many rows and heads·size columns: key 0, value 0, key 1, … */
  fresh: readonly Value[]
}

/** Output projection: logits = scale · hidden · weightᵀ + bias. */
export interface Head {
  /** `[vocabulary, hidden]` */
  weight: Value
  /** `[vocabulary]` */
  bias: Value | null
  scale: number
}
