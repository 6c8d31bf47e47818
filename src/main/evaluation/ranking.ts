import { studentCdf } from './statistics/distributions.ts'
import { meanOrZero } from '../sums/sums.ts'

/** Measures of orders. Larger scores come first; equal ones share their places. */

/** Probability that a positive scores above a negative, ties counting half (Mann and Whitney); null without both. */
export function areaUnderCurve(scores: readonly number[], labels: readonly (0 | 1)[]): number | null {
  const ranks = ranksOf(scores)
  let positives = 0
  let sum = 0
  labels.forEach((label, index) => {
    if (label === 0) return
    positives++
    sum += ranks[index]!
  })
  const negatives = labels.length - positives
  if (positives === 0 || negatives === 0) return null
  return (sum - (positives * (positives + 1)) / 2) / (positives * negatives)
}

/** Share of labels on the right side of the middle score. */
export function accuracyAtMiddle(scores: readonly number[], labels: readonly (0 | 1)[]): number {
  const sorted = [...scores].sort((a, b) => a - b)
  const half = sorted.length / 2
  const middle = (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2
  return labels.filter((label, index) => scores[index]! > middle === (label === 1)).length / labels.length
}

/** Discounted cumulative gain over that of the best order (Järvelin and Kekäläinen, log₂ discount); null without any gain. */
export function ndcg(scores: readonly number[], gains: readonly number[], at = scores.length): number | null {
  const order = scores.map((_, index) => index).sort((a, b) => scores[b]! - scores[a]! || a - b)
  const dcg = (values: readonly number[]): number =>
    values.slice(0, at).reduce((sum, gain, place) => sum + gain / Math.log2(place + 2), 0)
  const best = dcg([...gains].sort((a, b) => b - a))
  return best > 0 ? dcg(order.map((index) => gains[index]!)) / best : null
}

/** Kendall's τ-b of two scorings of the same things: 1 the same order, −1 the reverse; null where one of them is constant. */
export function kendallTau(a: readonly number[], b: readonly number[]): number | null {
  let both = 0
  let untiedA = 0
  let untiedB = 0
  for (let i = 0; i < a.length; i++)
    for (let j = i + 1; j < a.length; j++) {
      const x = Math.sign(a[i]! - a[j]!)
      const y = Math.sign(b[i]! - b[j]!)
      both += x * y
      untiedA += x * x
      untiedB += y * y
    }
  return untiedA === 0 || untiedB === 0 ? null : both / Math.sqrt(untiedA * untiedB)
}

/** Spearman's ρ; null where one of them is constant. */
export function spearman(a: readonly number[], b: readonly number[]): number | null {
  return pearson(ranksOf(a), ranksOf(b))
}

/** Pearson's r; null where one of them is constant. */
function pearson(a: readonly number[], b: readonly number[]): number | null {
  const [meanA, meanB] = [meanOrZero(a), meanOrZero(b)]
  let [product, squaresA, squaresB] = [0, 0, 0]
  a.forEach((value, index) => {
    const [x, y] = [value - meanA, b[index]! - meanB]
    product += x * y
    squaresA += x * x
    squaresB += y * y
  })
  return squaresA > 0 && squaresB > 0 ? product / Math.sqrt(squaresA * squaresB) : null
}

/** Ranks from 1 for the smallest; equal values share the mean of their ranks. */
export function ranksOf(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) => values[a]! - values[b]!)
  const ranks = new Array<number>(values.length)
  for (let start = 0; start < order.length;) {
    let end = start
    while (end + 1 < order.length && values[order[end + 1]!] === values[order[start]!]) end++
    for (let place = start; place <= end; place++) ranks[order[place]!] = (start + end) / 2 + 1
    start = end + 1
  }
  return ranks
}

/** One-sided p-value of Student's t test that the mean is below zero; null with fewer than two values. */
export function belowZero(values: readonly number[]): number | null {
  if (values.length < 2) return null
  const average = meanOrZero(values)
  const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (values.length - 1)
  if (variance === 0) return average < 0 ? 0 : 1
  return studentCdf(average / Math.sqrt(variance / values.length), values.length - 1)
}
