import { defaultHnsw, rowsOfHnsw, type HnswSettings } from '../contract/index-settings.ts'

/**
 * What an index will cost, before it is built. Measured with the native addon on vectors of 384 numbers; graph sizes follow
 * from hnswlib's layout.
 */

/** Up to this many bytes of vectors, looking at every row answers a typed query well within 100 ms on two threads. */
const exactBytes = 400e6

/** Exact search where it is fast enough: it needs no graph and misses nothing. */
export function chooseSearch(vectors: number, dimension: number): 'exact' | 'hnsw' {
  return vectors * dimension * 4 <= exactBytes ? 'exact' : 'hnsw'
}

export interface IndexCost {
  search: 'exact' | 'hnsw'
  seconds: number
  /** Peak memory beside the encoder itself. */
  bytesMemory: number
  bytesDisk: number
}

export function estimateIndex(options: {
  vectors: number
  dimension: number
  vectorPrecision: 'fp32' | 'fp16'
  search: 'auto' | 'exact' | 'hnsw'
  hnsw?: HnswSettings | null
  threads: number
  embedSecondsPerExample: number
}): IndexCost {
  const { vectors, dimension, threads, embedSecondsPerExample } = options
  const hnsw = options.hnsw ?? defaultHnsw
  const search = options.search === 'auto' ? chooseSearch(vectors, dimension) : options.search
  const vectorBytes = vectors * dimension * (options.vectorPrecision === 'fp16' ? 2 : 4)
  const rows = rowsOfHnsw(hnsw, vectors, dimension, 'addon')
  const hnswBytes = search === 'hnsw' ? hnswFileBytes(vectors, dimension, { m: hnsw.m, rows }) : 0
  return {
    search,
    seconds:
      vectors * embedSecondsPerExample + (search === 'hnsw' ? hnswSeconds(vectors, dimension, hnsw, threads) : 0),
    bytesMemory: hnswBytes + vectors * 40 + 64e6,
    bytesDisk: vectorBytes + hnswBytes
  }
}

/** One row of the lowest level: count, 2·m links, the vector, a label of 8 bytes; upper levels add about 1/m of m links. */
export function hnswFileBytes(
  vectors: number,
  dimension: number,
  { m, rows }: Pick<HnswSettings, 'm'> & { rows: 'fp32' | 'int8' }
): number {
  const row = rows === 'int8' ? dimension + 8 : 4 * dimension
  return vectors * (4 + 8 * m + row + 8 + 4 + 8)
}

/** A row costs about efConstruction distances, each of them a read from memory; more of them miss the caches as it grows. */
function hnswSeconds(vectors: number, dimension: number, hnsw: HnswSettings, threads: number): number {
  const growth = Math.max(1, Math.log2(vectors / 10_000) * 0.5 + 1)
  const perRow = 100e-6 * (hnsw.efConstruction / 200) * (dimension / 384) * (hnsw.m / 16) * growth
  return (vectors * perRow * 2) / Math.max(1, threads)
}
