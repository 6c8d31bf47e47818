import { Random } from '../random/random.ts'
import type { Hnsw, VectorRows } from '../../../native/index.ts'

export interface MeasuredRecall {
  /** Share of the true nearest that the graph finds. */
  recall: number
  /** The smallest tried `ef` with enough recall; the largest where none has. */
  ef: number
  sample: number
}

/** What is searched exactly and through the graph, to be compared. */
export interface Searched {
  vectors: VectorRows
  hnsw: Hnsw
  threads?: number | undefined
  /** One byte a row, zero for rows to leave out; null: all. */
  allowed?: Uint8Array | null
}

/** So much of the true nearest must be found. */
export const enoughRecall = 0.99
export const largestEf = 4096

/** Depths that retrieval uses. */
const depths = [10, 64]

/**
 * Compares graph search with exact search for texts that are not in the index, and raises `ef` until 99 % of the nearest are
 * found at every depth that retrieval uses. Rows themselves would not do as queries: each is its own nearest and lies where the
 * graph was built for. Points half way between two rows stand for texts of other tasks, which lie between what is known;
 * every search measures again with the queries at hand (`settleEf`).
 */
export async function estimateRecall(
  searched: Searched,
  ef: number,
  { sample = 100, normalized = false, seed = 1 } = {}
): Promise<MeasuredRecall> {
  const { vectors } = searched
  const random = new Random(seed)
  const draw = () => Uint32Array.from({ length: Math.min(sample, vectors.rows) }, () => random.below(vectors.rows))
  const first = draw()
  const queries = between(vectors.read(first), vectors.read(draw()), first.length, normalized)
  let worst: MeasuredRecall = { recall: 1, ef, sample: first.length }
  for (const k of depths.filter((depth) => depth <= vectors.rows)) {
    const settled = await settleEf(searched, queries, k, Math.max(worst.ef, k))
    worst = { recall: Math.min(worst.recall, settled.recall), ef: settled.ef, sample: first.length }
  }
  return worst
}

/** Raises `ef` until the graph finds enough of the `k` true nearest of these queries, or can be raised no further. */
export async function settleEf(
  { vectors, hnsw, threads, allowed = null }: Searched,
  queries: Float32Array,
  k: number,
  ef: number
): Promise<MeasuredRecall> {
  const options = { ...(threads === undefined ? {} : { threads }), ...(allowed === null ? {} : { allowed }) }
  const exact = await vectors.search(queries, k, options)
  const through = { ...options, vectors }
  for (let tried = ef; ; tried = Math.min(largestEf, tried * 2)) {
    const found = await hnsw.search(queries, k, tried, through)
    const recall = overlap(exact, found)
    if (recall >= enoughRecall || tried >= largestEf) return { recall, ef: tried, sample: exact.counts.length }
  }
}

/** Half way between rows of `a` and of `b`, of length 1 where the rows are. */
function between(a: Float32Array, b: Float32Array, rows: number, normalized: boolean): Float32Array {
  const middle = a.map((value, at) => (value + b[at]!) / 2)
  if (!normalized || rows === 0) return middle
  const dimension = a.length / rows
  for (let start = 0; start < middle.length; start += dimension) {
    const row = middle.subarray(start, start + dimension)
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))
    if (length > 0) row.forEach((value, at) => (row[at] = value / length))
  }
  return middle
}

/** Share of the places of `exact` whose row `found` has as well. */
export function overlap(
  exact: { k: number; rows: Uint32Array; counts: Uint32Array },
  found: { k: number; rows: Uint32Array; counts: Uint32Array }
): number {
  let hits = 0
  let all = 0
  exact.counts.forEach((count, query) => {
    const have = new Set(found.rows.subarray(query * found.k, query * found.k + found.counts[query]!))
    for (let place = 0; place < count; place++) if (have.has(exact.rows[query * exact.k + place]!)) hits++
    all += count
  })
  return all === 0 ? 1 : hits / all
}
