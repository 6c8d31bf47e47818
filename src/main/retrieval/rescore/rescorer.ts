import type { DatasetFile } from '../../contract/dataset-file.ts'
import type { RerankSettings } from '../../contract/run-settings.ts'
import type { Representation } from '../../contract/strategies.ts'
import type { Encoder } from '../encoder.ts'
import type { Manifest } from '../manifest.ts'
import type { OpenIndex } from '../open-index.ts'

/** A query by its place in the query set, and an upstream example by its id. */
export interface Pair {
  readonly query: number
  readonly id: number
}

/** Says how well candidates fit queries. A new one is a file here, and a row in `contract/strategies.ts` and registry.ts. */
export interface Rescorer {
  /** One score a pair, in the order given; larger is better. */
  score(pairs: readonly Pair[]): Promise<ArrayLike<number>>
}

/** Reads query and candidate together: the part of the engine that a reranker needs. */
export interface PairScorer {
  scorePairs(
    pairs: readonly (readonly [string, string])[],
    options: { maxTokens: number; score: RerankSettings['score']; signal?: AbortSignal }
  ): Promise<number[]>
}

/** What a stage may use; each is called only by those that need it. */
export interface RescoringContext {
  readonly dataset: DatasetFile
  readonly queries: readonly string[]
  /** An answer of each query, for indices over inputs and answers. */
  readonly answers?: readonly (string | null)[] | null
  readonly settings: RerankSettings
  readonly signal?: AbortSignal
  openIndex(representation: Representation): Promise<OpenIndex>
  encoder(wanted: Manifest['encoder']): Promise<Encoder>
  reranker(): Promise<PairScorer>
}

export type OpenRescorer = (context: RescoringContext) => Promise<Rescorer>
