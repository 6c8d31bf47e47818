import type { DatasetKind, Example, Histogram, TaskSummary } from './data.ts'
import type { RejectedLine } from './import.ts'

/**
 * A sealed dataset: `<home>/datasets/<id>/examples.db`, one SQLite file, never changed after it was sealed.
 *
 * Tables are described in data/dataset-tables.ts; nobody else reads them.
 */
export interface DatasetFile {
  /** Absolute path of the file. */
  readonly path: string
  /** Upstream data or a target. */
  readonly kind: DatasetKind
  /** SHA-256 over the examples in order. */
  readonly contentHash: string
  /** How many examples there are. */
  readonly count: number
  /** The example of this number, from 1. */
  get(id: number): Example
  /** Examples by their numbers, in the order asked for. */
  getMany(ids: readonly number[]): Example[]
  /** Examples with `from` ≤ id < `to`, in order of id, read in bounded memory. */
  iterate(from?: number, to?: number): IterableIterator<Example>
  /** The tasks with their counts and lengths. */
  tasks(): TaskSummary[]
  /** Task and group of every example by id; index 0 is unused. Names are in `tasks` and `groups`. */
  labels(): {
    /** Names of the tasks. */
    tasks: string[]
    /** Names of the groups. */
    groups: string[]
    /** Place in `tasks` of every example's task, from 0. */
    taskOf: Uint16Array
    /** Place in `groups` of every example's group, from 0. */
    groupOf: Uint16Array
  }
  /** Full-text search for people: any of their words, best first. */
  search(
    text: string,
    options: {
      /** Only this task; left out: all. */
      task?: string | undefined
      /** Only this group; left out: all. */
      group?: string | undefined
      /** How many examples at most. */
      limit: number
      /** Examples that are skipped, counted from 0. */
      offset: number
    }
  ): {
    /** How many examples were found in all. */
    total: number
    /** The examples of this page. */
    examples: Example[]
  }
  /**
   * BM25 ranking for the lexical retriever: larger score is better. `allowed` has one byte an example, by id − 1: zero
   * leaves it out. Fewer than `limit` only where no more rows share a word with the text.
   */
  bm25(
    text: string,
    limit: number,
    allowed?: Uint8Array | null
  ): {
    /** Number of the example, from 1. */
    id: number
    /** Score of BM25, in no unit; larger is better. */
    score: number
  }[]
  /** Lengths of a text in characters, over all examples or those of a task. */
  lengths(field: 'input' | 'output', task?: string): Histogram
  /** Lines that were set aside when the file was made. */
  rejected(): RejectedLine[]
  /** Closes the file; nothing can be asked after that. */
  close(): void
}
