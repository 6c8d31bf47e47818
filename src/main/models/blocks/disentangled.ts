/**
 * Disentangled attention (He et al., 2021): beside what two tokens say to each other, what one says to the distance of the
 * other. Rows of the position table are looked up once for each distance, not for each pair of tokens, and slid into place.
 */
import type { Dim, GraphBuilder, Value } from '../../graph/index.ts'
import { addDims, multiplyDims } from '../../graph/index.ts'
import type { Heads } from '../attention.ts'
import type { ModelContext } from '../context.ts'
import type { Packing } from '../inputs.ts'
import { rowOf, type LogBuckets } from './log-buckets.ts'
import type { SourceTable } from '../source-table.ts'

/** Rows of the position table, int64 `[2T]`: for column j that of a query T - j behind its key, or of a key behind its query. */
export function distanceTables(scheme: LogBuckets): SourceTable[] {
  const table = (name: string, sign: 1 | -1): SourceTable => ({
    name,
    dtype: 'int64',
    dims: ['2*T'],
    fill: (lengths) => {
      const length = Math.max(...lengths)
      return Array.from({ length: 2 * length }, (_, column) => rowOf(sign * (length - column), scheme))
    }
  })
  return [table(behindKey, 1), table(behindQuery, -1)]
}

export const behindKey = 'source_behind_key'
export const behindQuery = 'source_behind_query'

export interface Disentangled {
  /** `[B, heads, T, size]` */
  query: Value
  key: Value
  /** Distances as keys, in the columns of `behindKey`: `[2T, heads·size]`; null: not used. */
  positionKey: Value | null
  /** Distances as queries, in the columns of `behindQuery`. */
  positionQuery: Value | null
}

/** What distances add to the scores, `[B, heads, T, T]`; null where nothing does. */
export function distanceScores(
  { g }: ModelContext,
  { query, key, positionKey, positionQuery }: Disentangled,
  packing: Packing,
  { heads, scale }: { heads: Heads; scale: number }
): Value | null {
  const [batch, , length] = query.dims as [Dim, Dim, Dim]
  const towards = (content: Value, positions: Value): Value => {
    const columns = multiplyDims(2, length)
    const rows = g.transpose(g.reshape(positions, [columns, heads.count, heads.size]), [1, 0, 2])
    const scores = g.matMul(content, rows, { transB: true, alpha: scale })
    return slide(g, scores, [batch, heads.count], packing.length)
  }
  const fromContent = positionKey && towards(query, positionKey)
  const fromPosition = positionQuery && mirrored(g, towards(key, positionQuery))
  return fromContent && fromPosition ? g.add(fromContent, fromPosition) : (fromContent ?? fromPosition)
}

/**
 * `[B, heads, T, 2T]` by token and column to `[B, heads, T, T]` by token i and the other k, which is column T + k - i: a row
 * further is a column less, so rows that are read one number shorter stand where they should.
 */
function slide(g: GraphBuilder, x: Value, [batch, heads]: readonly [Dim, number], length: Dim): Value {
  const square = multiplyDims(length, length)
  const flat = g.reshape(x, [batch, heads, multiplyDims(2, square)])
  const rest = g.slice(flat, 2, length, multiplyDims(2, square))
  const narrower = g.reshape(rest, [batch, heads, length, addDims(multiplyDims(2, length), -1)])
  return g.slice(narrower, 3, 0, length)
}

/** By key and query to by query and key. */
function mirrored(g: GraphBuilder, x: Value): Value {
  return g.transpose(x, [0, 1, 3, 2])
}
