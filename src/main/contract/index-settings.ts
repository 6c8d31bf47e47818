/** Inputs are cut at so many tokens when nothing else is asked for. */
export const defaultIndexTokens = 512

/** How vectors lie on the disk. */
export const vectorPrecisions = ['fp32', 'fp16'] as const

/** How an index is searched; `auto`: exactly while it is small, then by a graph. */
export const indexSearches = ['auto', 'exact', 'hnsw'] as const

/** Rows of a chunk: what a kill can lose, and the least that a share of an index has. */
export const chunkRows = 1024

/** The folder, below that of an index, in which shares of it that were computed elsewhere lie by their numbers. */
export const sharesName = 'shards'

/**
 * The one rule for where an index cuts its inputs, in experiments, on the command line and in the wizard: where it was asked to,
 * but never beyond what the encoder reads.
 * @param limit of the encoder: positions, max_seq_length, model_max_length, whichever is the shortest; null: none
 */
export function indexTokens(asked: number, limit: number | null): number {
  return limit === null ? asked : Math.min(asked, limit)
}

/** The graph by which a large index is searched (HNSW, Malkov and Yashunin 2016). */
export interface HnswSettings {
  /** Links of a row and level, twice as many on the lowest level. */
  m: number
  /** Candidates kept while a row is put in. */
  efConstruction: number
  /** Candidates kept while searching. */
  ef: number
}

export const defaultHnsw: HnswSettings = { m: 16, efConstruction: 200, ef: 64 }

/** Who built a graph: our addon, or hnswlib-node where there is none, which makes another graph of the same rows. */
export type HnswBuilder = 'addon' | 'hnswlib-node'

/** How an index is searched, as fingerprints and jobs name it: what it finds hangs on it. */
export function searchText(
  hnsw: (HnswSettings & { efAsked?: number | undefined; builder: HnswBuilder }) | null
): string {
  if (hnsw === null) return 'exact'
  const { m, efConstruction, ef, efAsked, builder } = hnsw
  // What is measured follows from the vectors and from where the measuring begins, which is known before anything is built.
  const from = efAsked === undefined ? ef : `from ${efAsked}`
  return `graph ${m} ${efConstruction} ${from}${builder === 'addon' ? '' : ` by ${builder}`}`
}
