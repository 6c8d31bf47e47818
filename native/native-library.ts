import { availableParallelism } from 'node:os'
import type { Addon, AddonGraph, AddonVectorFile } from './addon.ts'
import type {
  Answers,
  Hnsw,
  HnswParameters,
  HnswSearchOptions,
  NeighbourLibrary,
  QuerySet,
  SearchOptions,
  VectorRows
} from './neighbours.ts'

/** A search this small takes well under a millisecond: handing it to another thread would take longer. */
const fewNumbers = 2048
const fewCandidates = 512

/** Search by the addon: all cores, vectors mapped into memory. */
export function nativeLibrary(addon: Addon, reason: string): NeighbourLibrary {
  const made = async (open: (graph: AddonGraph) => Promise<void>): Promise<Hnsw> => {
    const graph = new addon.Graph()
    await open(graph)
    return new NativeHnsw(graph)
  }
  return {
    name: 'native',
    description: `native addon (${reason})`,
    hnswRows: ['fp32', 'int8'],
    openVectors: (path, rows, dimension, precision) =>
      new NativeVectors(new addon.VectorFile(path, rows, dimension, precision === 'fp16'), rows, dimension),
    createHnsw: (dimension, capacity, { m, efConstruction, seed, rows }: HnswParameters) =>
      made((graph) => graph.create(dimension, capacity, m, efConstruction, seed, rows === 'int8')),
    openHnsw: (path, dimension, rows) => made((graph) => graph.open(path, dimension, rows === 'int8')),
    resumeHnsw: (path, dimension, capacity, { seed, rows }) =>
      made((graph) => graph.resume(path, dimension, capacity, seed, rows === 'int8'))
  }
}

class NativeVectors implements VectorRows {
  readonly rows: number
  readonly dimension: number
  readonly file: AddonVectorFile

  constructor(file: AddonVectorFile, rows: number, dimension: number) {
    this.rows = rows
    this.dimension = dimension
    this.file = file
  }

  async search(queries: Float32Array, k: number, options: SearchOptions = {}): Promise<Answers> {
    const [answers] = await this.searchSets([{ queries, k, allowed: options.allowed ?? null }], options)
    return answers!
  }

  async searchSets(sets: readonly QuerySet[], options: SearchOptions = {}): Promise<Answers[]> {
    const answers = await this.file.search(sets, threadsOf(options))
    return answers.map((one, at) => ({ k: Math.min(sets[at]!.k, this.rows), ...one }))
  }

  read(rows: Uint32Array): Float32Array {
    return this.file.read(rows)
  }

  close(): void {
    this.file.close()
  }
}

class NativeHnsw implements Hnsw {
  readonly #hnsw: AddonGraph

  constructor(hnsw: AddonGraph) {
    this.#hnsw = hnsw
  }

  get size(): number {
    return this.#hnsw.size
  }

  async add(vectors: VectorRows, count: number, threads: number): Promise<void> {
    if (!(vectors instanceof NativeVectors)) throw new TypeError('a native graph takes rows of a native vector file')
    await this.#hnsw.add(vectors.file, count, threads)
  }

  save(path: string): Promise<void> {
    return this.#hnsw.save(path)
  }

  async search(queries: Float32Array, k: number, ef: number, options: HnswSearchOptions = {}) {
    const most = Math.min(k, this.size)
    const allowed = options.allowed ?? null
    const vectors = options.vectors instanceof NativeVectors ? options.vectors.file : null
    const found =
      queries.length <= fewNumbers && ef <= fewCandidates
        ? this.#hnsw.searchNow(queries, most, ef, allowed, vectors)
        : await this.#hnsw.search(queries, most, ef, threadsOf(options), allowed, vectors)
    return { k: most, ...found }
  }

  close(): void {
    this.#hnsw.close()
  }
}

function threadsOf(options: SearchOptions): number {
  return options.threads ?? availableParallelism()
}
