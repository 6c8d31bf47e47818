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

/** Queries that have what they look for in common: row-major `[n, dimension]`, with `k` neighbours each. */
export interface QuerySet {
  queries: Float32Array
  k: number
  /** One byte a row, zero for rows to leave out; null: none is. */
  allowed: Uint8Array | null
}

/** A file of `rows * dimension` numbers without a header, open for exact search. */
export interface VectorRows {
  readonly rows: number
  readonly dimension: number
  /** `queries` is row-major `[n, dimension]`. */
  search(queries: Float32Array, k: number, options?: SearchOptions): Promise<Answers>
  /** The answers of each set, the same as by `search`, bit for bit; the file is read once for all of them. */
  searchSets(sets: readonly QuerySet[], options?: Pick<SearchOptions, 'threads'>): Promise<Answers[]>
  /** The rows as floats, row-major, in the order asked for. */
  read(rows: Uint32Array): Float32Array
  close(): void
}

/** How a graph keeps its rows: as they are, or with a byte a number, a quarter of the memory; those only the addon reads. */
export type HnswRows = 'fp32' | 'int8'

export interface HnswParameters {
  /** Links of a row and level (twice as many on the lowest). */
  m: number
  /** Candidates that are kept while a row is put in. */
  efConstruction: number
  seed: number
  /** Default: fp32. */
  rows?: HnswRows
}

export interface HnswSearchOptions extends SearchOptions {
  /** What the graph was made of: by these a graph of 8-bit rows ranks what it finds, and gives exact distances. Others need none. */
  vectors?: VectorRows
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
  search(queries: Float32Array, k: number, ef: number, options?: HnswSearchOptions): Promise<Answers>
  close(): void
}

export interface NeighbourLibrary {
  readonly name: 'native' | 'plain'
  /** For people: what is used and why. */
  readonly description: string
  openVectors(path: string, rows: number, dimension: number, precision: Precision): VectorRows
  /** The kinds of rows of which graphs can be built and read here; none: search is exact. */
  readonly hnswRows: readonly HnswRows[]
  createHnsw(dimension: number, capacity: number, settings: HnswParameters): Promise<Hnsw>
  openHnsw(path: string, dimension: number, rows?: HnswRows): Promise<Hnsw>
  /** Opens an unfinished graph, to go on adding. */
  resumeHnsw(
    path: string,
    dimension: number,
    capacity: number,
    how: Pick<HnswParameters, 'seed' | 'rows'>
  ): Promise<Hnsw>
}
