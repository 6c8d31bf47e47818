import { createRequire } from 'node:module'
import type * as HnswlibNode from 'hnswlib-node'
import type * as Usearch from 'usearch'
import { neighbourLibrary, type VectorRows } from '../native/index.ts'

/** One way to build a graph over the first `rows` vectors and to search it. */
export interface Peer {
  name: string
  /** Threads it builds with; searching always takes one. */
  threads: number
  build(): Promise<BuiltPeer>
}

export interface BuiltPeer {
  /** Rows of the `k` nearest of one query. */
  search(query: Float32Array, k: number, ef: number): Promise<ArrayLike<number | bigint>>
  close(): void
}

const settings = { m: 16, efConstruction: 200, seed: 100 }
const step = 4096

/** The same parameters for all: M 16, 200 candidates while building, squared Euclidean distance, 32-bit numbers. */
export async function peersOf(vectors: VectorRows, all: Float32Array, rows: number): Promise<Peer[]> {
  const { dimension } = vectors
  const row = (index: number): Float32Array => all.subarray(index * dimension, (index + 1) * dimension)
  return [ours(vectors, rows), await usearch(all, dimension, rows), hnswlibNode(row, dimension, rows)]
}

function ours(vectors: VectorRows, rows: number): Peer {
  const library = neighbourLibrary()
  return {
    name: `ReCross Lab (${library.name})`,
    threads: 2,
    async build() {
      const hnsw = await library.createHnsw(vectors.dimension, rows, settings)
      while (hnsw.size < rows) await hnsw.add(vectors, Math.min(step, rows - hnsw.size), 2)
      return {
        search: async (query, k, ef) => (await hnsw.search(query, k, ef, { threads: 1 })).rows,
        close: () => hnsw.close()
      }
    }
  }
}

async function usearch(all: Float32Array, dimension: number, rows: number): Promise<Peer> {
  const { Index } = await import('usearch')
  const config = (expansion: number): Usearch.IndexConfig => ({
    dimensions: dimension,
    metric: 'l2sq' as Usearch.MetricKind,
    quantization: 'f32' as Usearch.ScalarKind,
    connectivity: settings.m,
    expansion_add: settings.efConstruction,
    expansion_search: expansion,
    multi: false
  })
  return {
    name: 'usearch',
    threads: 2,
    async build() {
      const index = new Index(config(64))
      for (let first = 0; first < rows; first += step) {
        const count = Math.min(step, rows - first)
        const keys = BigUint64Array.from({ length: count }, (_, i) => BigInt(first + i))
        index.add(keys, all.subarray(first * dimension, (first + count) * dimension), 2)
      }
      // It takes the number of candidates while searching at construction only: one loaded copy a number.
      const copies = new Map<number, Usearch.Index>([[64, index]])
      const path = `${process.env['TMPDIR'] ?? '/tmp'}/usearch-${process.pid}`
      return {
        async search(query, k, ef) {
          let copy = copies.get(ef)
          if (copy === undefined) {
            index.save(path)
            copy = new Index(config(ef))
            copy.load(path)
            copies.set(ef, copy)
          }
          return copy.search(query, k, 1).keys
        },
        close: () => copies.clear()
      }
    }
  }
}

function hnswlibNode(row: (index: number) => Float32Array, dimension: number, rows: number): Peer {
  const { HierarchicalNSW } = createRequire(import.meta.url)('hnswlib-node') as typeof HnswlibNode
  return {
    name: 'hnswlib-node',
    threads: 1,
    async build() {
      const hnsw = new HierarchicalNSW('l2', dimension)
      hnsw.initIndex(rows, settings.m, settings.efConstruction, settings.seed)
      for (let index = 0; index < rows; index++) hnsw.addPoint(Array.from(row(index)), index)
      return {
        async search(query, k, ef) {
          hnsw.setEf(ef)
          return hnsw.searchKnn(Array.from(query), k).neighbors
        },
        close: () => undefined
      }
    }
  }
}
