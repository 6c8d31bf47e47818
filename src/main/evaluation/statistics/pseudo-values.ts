import type { Metric, RowStatistics } from '../metrics/metrics.ts'

/**
 * A run's score on a target together with what every source item contributed to it: Tukey's jackknife pseudo-values
 * `P_i = I·score − (I − 1)·score without item i`. Their mean is the score (up to the jackknife's correction of its bias) and
 * their variance over I is the variance of the score, for a mean of rows as for a figure of the whole set (macro-F1, BLEU).
 * Prompt variants leave together with their item, so they never count as independent evidence.
 */
export interface ScoredItems {
  /** 0…100 (correlations: −100…100). */
  score: number
  /** `[clusters]`, in points. */
  values: Float64Array
}

/** `clusterOf` names the source item (0…clusters − 1) of every row. Null where the metric is undefined for these rows. */
export function scoreItems(
  metric: Metric,
  { width, values: rows }: RowStatistics,
  clusterOf: Int32Array,
  clusters: number
): ScoredItems | null {
  const sums = new Float64Array(clusters * width)
  const total = new Float64Array(width)
  for (let row = 0, from = 0; row < clusterOf.length; row++) {
    let to = clusterOf[row]! * width
    for (let at = 0; at < width; at++, from++, to++) {
      sums[to]! += rows[from]!
      total[at]! += rows[from]!
    }
  }
  const score = metric.score(total)
  if (score === null || clusterOf.length === 0) return null
  const values = new Float64Array(clusters)
  const rest = new Float64Array(width)
  for (let cluster = 0; cluster < clusters; cluster++) {
    for (let at = 0, from = cluster * width; at < width; at++, from++) rest[at] = total[at]! - sums[from]!
    // A score that only this item makes possible (the last one of its kind) is taken as unchanged without it.
    const without = clusters === 1 ? score : (metric.score(rest) ?? score)
    values[cluster] = clusters * score - (clusters - 1) * without
  }
  return { score, values }
}

/** Consecutive numbers 0… for the source items, in order of appearance, and how many rows each has. */
export function numberItems(sourceItems: readonly number[]): { clusterOf: Int32Array; sizes: Int32Array } {
  const numbers = new Map<number, number>()
  const clusterOf = Int32Array.from(sourceItems, (item) => {
    const known = numbers.get(item)
    if (known !== undefined) return known
    numbers.set(item, numbers.size)
    return numbers.size - 1
  })
  const sizes = new Int32Array(numbers.size)
  for (const cluster of clusterOf) sizes[cluster]!++
  return { clusterOf, sizes }
}
