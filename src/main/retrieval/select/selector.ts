import type { RankedList } from '../candidates/candidates.ts'

/** One retrieved example and the query that brought it. */
export interface Chosen {
  readonly id: number
  readonly score: number | null
  readonly query: number | null
  /** 1 is that query's nearest. */
  readonly rank: number
}

/** A query's list as far as it was looked at. */
export interface CandidateList extends RankedList {
  /** True where the list ends here: looking deeper finds no more. */
  readonly complete: boolean
}

/** Makes one set out of the queries' lists. A new one is a file here and a row in registry.ts. */
export interface Selector {
  /** How many places of each list it wants to see. */
  depth(budget: number, lists: number): number
  /** False: its definition fixes the depth, also where the union then is smaller than the budget. */
  readonly deepens: boolean
  /** At most `budget` examples. With `deduplicate`, an example comes at most once. */
  select(lists: readonly CandidateList[], budget: number, deduplicate: boolean): Chosen[]
}

export function chosenAt(list: RankedList, place: number): Chosen {
  return { id: list.ids[place]!, score: list.scores[place]!, query: list.query, rank: place + 1 }
}

/** Larger scores first; equal ones in the order of their ids, so that the result does not depend on the lists' order. */
export function byScore(a: { score: number | null; id: number }, b: { score: number | null; id: number }): number {
  return (b.score ?? 0) - (a.score ?? 0) || a.id - b.id
}
