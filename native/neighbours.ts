/** Nearest-neighbour search over rows of numbers, whoever does it. Distances are squared Euclidean ones. */

export type Precision = 'fp32' | 'fp16'

/** Answers to a batch of queries: `k` places each, nearest first; of query q the places from `counts[q]` on are unused. */
export interface Answers {
  readonly k: number
  readonly rows: Uint32Array
  readonly distances: Float32Array
  readonly counts: Uint32Array
}

export interface SearchOptions {
  threads?: number
  /** One byte a row, zero for rows to leave out. */
  allowed?: Uint8Array
}

/** A file of `rows * dimension` numbers without a header, open for exact search. */
export interface VectorRows {
  readonly rows: number
  readonly dimension: number
  /** `queries` is row-major `[n, dimension]`. */
  search(queries: Float32Array, k: number, options?: SearchOptions): Promise<Answers>
  /** The rows as floats, row-major, in the order asked for. */
  read(rows: Uint32Array): Float32Array
  close(): void
}

export interface HnswParameters {
  /** Links of a row and level (twice as many on the lowest). */
  m: number
  /** Candidates that are kept while a row is put in. */
  efConstruction: number
  seed: number
}

/** A navigable small-world graph in hnswlib's file format. Row numbers are the labels. */
export interface Hnsw {
  readonly size: number
  /**
   * Adds the next rows of `vectors`, those from `size` on: `count`, or a few more, to the end of a batch. The addon's
   * graph of the same rows is the same, however many threads build it and in however many calls.
   */
  add(vectors: VectorRows, count: number, threads: number): Promise<void>
  save(path: string): Promise<void>
  /** `ef` candidates are kept: larger is slower and finds more. */
  search(queries: Float32Array, k: number, ef: number, options?: SearchOptions): Promise<Answers>
  close(): void
}

export interface NeighbourLibrary {
  readonly name: 'native' | 'plain'
  /** For people: what is used and why. */
  readonly description: string
  openVectors(path: string, rows: number, dimension: number, precision: Precision): VectorRows
  /** False where no graph can be built or read. */
  readonly hasHnsw: boolean
  createHnsw(dimension: number, capacity: number, settings: HnswParameters): Promise<Hnsw>
  openHnsw(path: string, dimension: number): Promise<Hnsw>
  /** Opens an unfinished graph, to go on adding. */
  resumeHnsw(path: string, dimension: number, capacity: number, seed: number): Promise<Hnsw>
}
