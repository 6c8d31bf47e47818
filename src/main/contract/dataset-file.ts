import type { DatasetKind, Example, Histogram, RejectedLine, TaskSummary } from './data.ts'

/**
 * A sealed dataset: `<home>/datasets/<id>/examples.db`, one SQLite file, never changed after it was sealed.
 *
 * Tables are described in data/dataset-tables.ts; nobody else reads them.
 */
export interface DatasetFile {
  readonly path: string
  readonly kind: DatasetKind
  readonly contentHash: string
  readonly count: number
  get(id: number): Example
  getMany(ids: readonly number[]): Example[]
  /** Examples with `from` ≤ id < `to`, in order of id, read in bounded memory. */
  iterate(from?: number, to?: number): IterableIterator<Example>
  tasks(): TaskSummary[]
  /** Task and group of every example by id; index 0 is unused. Names are in `tasks` and `groups`. */
  labels(): { tasks: string[]; groups: string[]; taskOf: Uint16Array; groupOf: Uint16Array }
  /** Full-text search for people: any of their words, best first. */
  search(
    text: string,
    options: { task?: string | undefined; group?: string | undefined; limit: number; offset: number }
  ): { total: number; examples: Example[] }
  /**
   * BM25 ranking for the lexical retriever: larger score is better. `allowed` has one byte an example, by id − 1: zero
   * leaves it out. Fewer than `limit` only where no more rows share a word with the text.
   */
  bm25(text: string, limit: number, allowed?: Uint8Array | null): { id: number; score: number }[]
  lengths(field: 'input' | 'output', task?: string): Histogram
  rejected(): RejectedLine[]
  close(): void
}
