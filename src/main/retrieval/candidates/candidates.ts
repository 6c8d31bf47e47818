import type { DatasetFile } from '../../contract/dataset-file.ts'
import type { Representation } from '../../contract/strategies.ts'
import type { Encoder } from '../encoder.ts'
import type { Manifest } from '../manifest.ts'
import type { OpenIndex } from '../open-index.ts'

/** Upstream examples in the order of their nearness to one query; ids and scores run in step. Larger scores are nearer. */
export interface RankedList {
  /** The query's place in the query set; null where the list does not depend on any. */
  readonly query: number | null
  readonly ids: readonly number[]
  readonly scores: readonly (number | null)[]
}

/** What a source of candidates may use. `openIndex` and `encoder` are called only by those that search vectors. */
export interface RankingContext {
  readonly dataset: DatasetFile
  /** One byte an example, by id − 1: zero leaves it out. Null: all are allowed. */
  readonly allowed: Uint8Array | null
  readonly seed: number
  readonly balanced: boolean
  readonly signal?: AbortSignal
  readonly log: (text: string, level?: 'info' | 'warn') => void
  openIndex(representation: Representation): Promise<OpenIndex>
  /** An answer of each query, for indices over inputs and answers. */
  readonly answers?: readonly (string | null)[] | null
  /** The encoder that made an index. */
  encoder(wanted: Manifest['encoder']): Promise<Encoder>
}

/** Ranks upstream examples for queries. A new one is a file here, and a row in `contract/strategies.ts` and registry.ts. */
export interface CandidateSource {
  /** Called once before ranking: what is costly and does not depend on the depth, such as embedding the queries. */
  prepare(context: RankingContext, queries: readonly string[]): Promise<Ranker>
}

export interface Ranker {
  /** Lists of up to `depth` examples, one a query (or one in all). A shorter list has nothing more to give. */
  rank(depth: number): Promise<RankedList[]>
  /** How near each of these examples is to each query, row-major by query; larger is nearer. Missing where nothing is known. */
  nearness?(ids: readonly number[]): Promise<Float64Array>
}
