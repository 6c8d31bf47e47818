import type * as HnswlibNode from 'hnswlib-node'
import { createRequire } from 'node:module'
import { setImmediate as turn } from 'node:timers/promises'
import type {
  Answers,
  Hnsw,
  HnswParameters,
  HnswRows,
  NeighbourLibrary,
  SearchOptions,
  VectorRows
} from './neighbours.ts'
import { answersOf, PlainVectors } from './plain-vectors.ts'

type Hnswlib = typeof HnswlibNode

const rowsPerTurn = 128

/** Search without our addon: graphs by the hnswlib-node package where it is installed, exact search in JavaScript. */
export function plainLibrary(reason: string): NeighbourLibrary {
  const hnswlib = loadHnswlib()
  const needed = (): Hnswlib => {
    if (hnswlib === null)
      throw new Error('there is no library for graphs: neither the native addon nor hnswlib-node can be loaded')
    return hnswlib
  }
  const read = async (path: string, dimension: number): Promise<HnswlibNode.HierarchicalNSW> => {
    const hnsw = new (needed().HierarchicalNSW)('l2', dimension)
    await hnsw.readIndex(path)
    return hnsw
  }
  return {
    name: 'plain',
    description: `plain path: exact search in JavaScript${hnswlib === null ? '' : ', graphs by hnswlib-node'} (native addon: ${reason})`,
    hnswRows: hnswlib === null ? [] : ['fp32'],
    openVectors: (path, rows, dimension, precision) => new PlainVectors(path, rows, dimension, precision),
    async createHnsw(dimension, capacity, { m, efConstruction, seed, rows }: HnswParameters) {
      wholeRows(rows)
      const hnsw = new (needed().HierarchicalNSW)('l2', dimension)
      hnsw.initIndex(capacity, m, efConstruction, seed)
      return new PlainHnsw(hnsw)
    },
    async openHnsw(path, dimension, rows) {
      wholeRows(rows)
      return new PlainHnsw(await read(path, dimension))
    },
    async resumeHnsw(path, dimension, capacity, { rows }) {
      wholeRows(rows)
      const hnsw = await read(path, dimension)
      hnsw.resizeIndex(capacity)
      return new PlainHnsw(hnsw)
    }
  }
}

function wholeRows(rows: HnswRows | undefined): void {
  if (rows === 'int8') throw new Error('graphs of 8-bit rows are built and read by the native addon alone')
}

class PlainHnsw implements Hnsw {
  readonly #hnsw: HnswlibNode.HierarchicalNSW

  constructor(hnsw: HnswlibNode.HierarchicalNSW) {
    this.#hnsw = hnsw
  }

  get size(): number {
    return this.#hnsw.getCurrentCount()
  }

  async add(vectors: VectorRows, count: number): Promise<void> {
    const end = this.size + count
    for (let first = this.size; first < end; first += rowsPerTurn) {
      const last = Math.min(end, first + rowsPerTurn)
      const numbers = vectors.read(Uint32Array.from({ length: last - first }, (_, i) => first + i))
      for (let row = first; row < last; row++) {
        const from = (row - first) * vectors.dimension
        this.#hnsw.addPoint(Array.from(numbers.subarray(from, from + vectors.dimension)), row)
      }
      await turn()
    }
  }

  async save(path: string): Promise<void> {
    await this.#hnsw.writeIndex(path)
  }

  async search(queries: Float32Array, k: number, ef: number, { allowed }: SearchOptions = {}): Promise<Answers> {
    const dimension = this.#hnsw.getNumDimensions()
    const most = Math.min(k, this.size)
    this.#hnsw.setEf(Math.max(ef, most))
    const lists = []
    for (let from = 0; from < queries.length; from += dimension) {
      const query = Array.from(queries.subarray(from, from + dimension))
      const found = this.#hnsw.searchKnn(query, most, allowed && ((row) => allowed[row] !== 0))
      lists.push({ rows: found.neighbors, distances: found.distances })
      await turn()
    }
    return answersOf(lists, most)
  }

  close(): void {
    // hnswlib-node frees a graph when it is no longer referred to.
  }
}

function loadHnswlib(): Hnswlib | null {
  try {
    return createRequire(import.meta.url)('hnswlib-node') as Hnswlib
  } catch {
    return null
  }
}
