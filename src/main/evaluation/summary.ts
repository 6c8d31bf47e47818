import type { Summary } from '../contract/comparison.ts'
import { mean, median } from '../sums/sums.ts'

/** Mean, standard deviation (n − 1), median, least and largest of the scores of several rounds; null of none. */
export function summarise(scores: readonly number[]): Summary | null {
  if (scores.length === 0) return null
  const sorted = [...scores].sort((a, b) => a - b)
  const middle = mean(scores)
  const squares = scores.reduce((sum, score) => sum + (score - middle) ** 2, 0)
  return {
    mean: middle,
    sd: scores.length === 1 ? 0 : Math.sqrt(squares / (scores.length - 1)),
    median: median(sorted),
    min: sorted[0]!,
    max: sorted.at(-1)!,
    rounds: scores.length
  }
}
