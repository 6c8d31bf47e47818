import type { RankedList } from '../candidates/candidates.ts'
import { byScore, chosenAt, type Chosen, type Selector } from './selector.ts'

/**
 * Each query brings ceil(1.5 · budget / queries); the union is ranked by its mean score over the queries that brought it (the
 * paper's code: `aggregate_scores`, mean distance). What no query brought is not considered, so the union may be too small.
 */
export const aggregateScores: Selector = {
  depth: (budget, lists) => Math.ceil((budget / lists) * 1.5),
  deepens: false,
  select: (lists, budget) =>
    ranked(lists, budget, (scores) => scores.reduce((sum, score) => sum + score, 0) / scores.length)
}

/** The union is ranked by the largest score that any query gives. */
export const maxScore: Selector = {
  depth: (budget) => budget,
  deepens: true,
  select: (lists, budget) => ranked(lists, budget, (scores) => Math.max(...scores))
}

function ranked(
  lists: readonly RankedList[],
  budget: number,
  combine: (scores: readonly number[]) => number
): Chosen[] {
  const found = new Map<number, { best: Chosen; scores: number[] }>()
  for (const list of lists) {
    for (let place = 0; place < list.ids.length; place++) {
      const chosen = chosenAt(list, place)
      const entry = found.get(chosen.id)
      if (entry === undefined) found.set(chosen.id, { best: chosen, scores: [chosen.score ?? 0] })
      else {
        entry.scores.push(chosen.score ?? 0)
        if ((chosen.score ?? 0) > (entry.best.score ?? 0)) entry.best = chosen
      }
    }
  }
  return [...found.values()]
    .map(({ best, scores }) => ({ ...best, score: best.score === null ? null : combine(scores) }))
    .sort(byScore)
    .slice(0, budget)
}
