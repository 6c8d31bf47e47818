/** The one home of what a few numbers come to. Statistics with a distribution behind them are in evaluation/statistics/. */

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** NaN of no values. */
export function mean(values: readonly number[]): number {
  return sum(values) / values.length
}

/** 0 of no values. */
export function meanOrZero(values: readonly number[]): number {
  return values.length === 0 ? 0 : mean(values)
}

/** The middle one, or the mean of the two in the middle; NaN of no values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** Σ aᵢbᵢ of two lists of one length. */
export function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, at) => total + value * b[at]!, 0)
}
