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

/**
 * How a graph keeps its rows: numbers of 32 bits, or of 8, by which it finds what is then ranked by the vectors themselves: a third of
 * the memory. `auto`: by size.
 */
export const hnswRows = ['auto', 'fp32', 'int8'] as const

/** The graph by which a large index is searched (HNSW, Malkov and Yashunin 2016). */
export interface HnswSettings {
  /** How many links a row has on a level, twice as many on the lowest level. */
  m: number
  /** Candidates kept while a row is put in. */
  efConstruction: number
  /** Candidates kept while searching. */
  ef: number
  /** Missing: auto. */
  rows?: (typeof hnswRows)[number] | undefined
}

export const defaultHnsw = { m: 16, efConstruction: 200, ef: 64, rows: 'auto' } as const satisfies HnswSettings

/** A graph of up to so many bytes of 32-bit rows keeps them as they are, unless it is told otherwise. */
const largestWhole = 512e6

/** How a graph over so many vectors keeps its rows. The other builder of graphs knows whole rows alone. */
export function rowsOfHnsw(
  { rows = 'auto' }: Pick<HnswSettings, 'rows'>,
  vectors: number,
  dimension: number,
  builder: HnswBuilder
): 'fp32' | 'int8' {
  if (builder !== 'addon') return 'fp32'
  if (rows !== 'auto') return rows
  return vectors * dimension * 4 <= largestWhole ? 'fp32' : 'int8'
}

/** Who built a graph: our addon, or hnswlib-node where there is none, which makes another graph of the same rows. */
export type HnswBuilder = 'addon' | 'hnswlib-node'

/** How an index is searched, as fingerprints and jobs name it: what it finds hangs on it. */
export function searchText(
  hnsw:
    | (HnswSettings & {
        /** What measuring `ef` began with, in candidates; left out where that was not yet written down. */
        efAsked?: number | undefined
        /** Who built the graph. */
        builder: HnswBuilder
      })
    | null
): string {
  if (hnsw === null) return 'exact'
  const { m, efConstruction, ef, efAsked, builder, rows } = hnsw
  // What is measured follows from the vectors and from where the measuring begins, which is known before anything is built.
  const from = efAsked === undefined ? ef : `from ${efAsked}`
  return `graph ${m} ${efConstruction} ${from}${rows === 'int8' ? ' in 8 bits' : ''}${builder === 'addon' ? '' : ` by ${builder}`}`
}
