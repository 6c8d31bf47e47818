/**
 * The inputs of the models' graphs, by name. Sizes are symbols: B sequences, T source and S target positions, M labels,
 * C places in the cache. `batch.ts` makes the tensors.
 */
import type { GraphBuilder, Value } from '../graph/index.ts'

export interface SourceInputs {
  /** int64 `[B, T]` */
  ids: Value
  /** 1 for a token, 0 for padding; `[B, T]`. */
  mask: Value
  /** Rows of the position table, int64 `[T]`; null without a table. */
  positions: Value | null
  /** Relative position buckets, int64 `[T·T]`, query by query; null without relative positions. */
  buckets: Value | null
  /** int64 `[B, T]`; null where there are no two types. */
  tokenTypes: Value | null
}

export interface TargetInputs {
  /** Decoder input, the labels shifted right; int64 `[B, S]`. */
  ids: Value
  positions: Value | null
  buckets: Value | null
  /** 0 on and below the diagonal, -1e9 above; `[1, 1, S, S]`. */
  causal: Value
  /** The source that each target belongs to, int64 `[P]`; null where there is one target for each source. */
  owners: Value | null
}

export interface LabelInputs {
  /** Positions in the flattened target that have a label, int64 `[M]`. */
  rows: Value
  /** int64 `[M]` */
  ids: Value
  /** Share of each label in the loss, `[M]`. */
  weights: Value
}

export function sourceInputs(
  g: GraphBuilder,
  facts: { firstPosition: number | null; buckets: object | null; types: boolean }
): SourceInputs {
  return {
    ids: g.input('source_ids', ['B', 'T'], 'int64'),
    mask: g.input('source_mask', ['B', 'T']),
    positions: facts.firstPosition === null ? null : g.input('source_positions', ['T'], 'int64'),
    buckets: facts.buckets ? g.input('source_buckets', ['T*T'], 'int64') : null,
    tokenTypes: facts.types ? g.input('source_types', ['B', 'T'], 'int64') : null
  }
}

/** @param several the sources may have any number of targets, P in all; otherwise one each */
export function targetInputs(
  g: GraphBuilder,
  facts: { firstPosition: number | null; buckets: object | null },
  several = false
): TargetInputs {
  return {
    ids: g.input('target_ids', [several ? 'P' : 'B', 'S'], 'int64'),
    positions: facts.firstPosition === null ? null : g.input('target_positions', ['S'], 'int64'),
    buckets: facts.buckets ? g.input('target_buckets', ['S*S'], 'int64') : null,
    causal: g.input('causal_bias', [1, 1, 'S', 'S']),
    owners: several ? g.input('target_owners', ['P'], 'int64') : null
  }
}

export function labelInputs(g: GraphBuilder): LabelInputs {
  return {
    rows: g.input('label_rows', ['M'], 'int64'),
    ids: g.input('label_ids', ['M'], 'int64'),
    weights: g.input('label_weights', ['M'])
  }
}

/** Keys and values, `[.., heads, places, size]`. */
export interface KeyValue {
  key: Value
  value: Value
}

export interface DecoderStep {
  /** The last id of each answer, int64 `[B·beams]`; the beams of one input lie together. */
  ids: Value
  /** Row of the position table, int64 `[1]`; null without a table. */
  position: Value | null
  /** Relative buckets of the C cached places and of the new one, int64 `[C+1]`; null without. */
  buckets: Value | null
  /** Per layer, `[B·beams, heads, C, size]`. */
  past: readonly KeyValue[]
  /** 0 at used places and for the new one, -1e9 at unused places; `[1, 1, 1, C+1]`. */
  pastBias: Value
  /** Per layer, `[B, heads, T, size]`. */
  cross: readonly KeyValue[]
  /** `[B, 1, 1, T]` */
  crossBias: Value
  beams: number
}

export interface DecoderStepResult {
  /** `[B·beams, hidden]` */
  hidden: Value
  /** The new keys and values, each `[B·beams, heads·size]`: key 0, value 0, key 1, … */
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
