import { Random } from '../../random/random.ts'
import { normalQuantile, studentTail } from './distributions.ts'
import { mean, variance } from './contrast.ts'

/**
 * All tests of a family are judged together: what counts is how large the largest of their statistics becomes when nothing
 * is true. Their joint distribution is drawn, with the correlations that they have because columns, items and query sets come
 * up in several of them (P. Westfall and S. Young, "Resampling-Based Multiple Testing", 1993: single-step max-T; here on
 * the scale of p-values, so that tests with different degrees of freedom can stand side by side).
 */

/** How the columns' scores on one target vary together when nothing is true: `[columns, columns]`, in squared points. */
export type ColumnCovariance = readonly Float64Array[]

/** A test as the draws need to know it. `targets` are places of the list of covariances; several: their mean. */
export interface DrawnTest {
  column: number
  against: number
  targets: readonly number[]
  /** Targets are a sample too: the spread between them is the error. */
  randomTargets: boolean
}

export const familyDraws = 10_000

/** The largest statistics (as absolute z-values) of every draw, sorted from large to small. */
export function drawLargest(
  covariances: readonly ColumnCovariance[],
  tests: readonly DrawnTest[],
  seed: number,
  draws = familyDraws
): Float64Array {
  const random = new Random(seed)
  const roots = covariances.map(cholesky)
  const columns = covariances[0]?.length ?? 0
  // One score a column and target, flat: this is the innermost loop of every comparison.
  const scores = new Float64Array(covariances.length * columns)
  const noise = new Float64Array(columns)
  const largest = new Float64Array(draws)
  const fixed = tests.filter((test) => !test.randomTargets).map((test) => fixedTest(test, covariances, columns))
  const sampled = tests.filter((test) => test.randomTargets)
  const scales = new Map(sampled.map(({ targets }) => [targets.length, normalScale(targets.length - 1)]))
  for (let draw = 0; draw < draws; draw++) {
    for (let target = 0; target < roots.length; target++) {
      for (let at = 0; at < columns; at++) noise[at] = random.normal()
      multiply(roots[target]!, noise, scores, target * columns)
    }
    let most = 0
    for (const { plus, minus, deviation } of fixed) {
      let sum = 0
      for (let at = 0; at < plus.length; at++) sum += scores[plus[at]!]! - scores[minus[at]!]!
      const size = Math.abs(sum) / deviation
      if (size > most) most = size
    }
    for (const { column, against, targets } of sampled) {
      const differences = targets.map((at) => scores[at * columns + column]! - scores[at * columns + against]!)
      const deviation = Math.sqrt(variance(differences) / targets.length)
      if (deviation > 1e-9) most = Math.max(most, scales.get(targets.length)!(Math.abs(mean(differences)) / deviation))
    }
    largest[draw] = most
  }
  return largest.sort().reverse()
}

/** Places of the scores whose differences a test adds up, and the sum's standard deviation. */
function fixedTest({ column, against, targets }: DrawnTest, covariances: readonly ColumnCovariance[], columns: number) {
  const variances = targets.map((target) => differenceVariance(covariances[target]!, column, against))
  const deviation = Math.sqrt(variances.reduce((sum, value) => sum + value, 0))
  return {
    plus: Int32Array.from(targets, (target) => target * columns + column),
    minus: Int32Array.from(targets, (target) => target * columns + against),
    // Columns that never differ have nothing to say.
    deviation: deviation / targets.length < 1e-9 ? Infinity : deviation
  }
}

/** The p below which a test of the family counts as beyond chance, so that all of them together err in `level` of tables. */
export function criticalP(largest: Float64Array, level: number): number {
  const place = Math.floor(level * (largest.length + 1)) - 1
  return pOfZ(largest[Math.max(0, place)]!)
}

/** How often the largest of the family's statistics is at least as extreme by chance as one with this p. */
export function correctedP(largest: Float64Array, p: number): number {
  let low = 0
  let high = largest.length
  // Draws are sorted from large to small; p-values of theirs from small to large.
  while (low < high) {
    const middle = (low + high) >> 1
    if (pOfZ(largest[middle]!) <= p) low = middle + 1
    else high = middle
  }
  return Math.min(1, Math.max(p, (low + 1) / (largest.length + 1)))
}

function pOfZ(z: number): number {
  return 2 * studentTail(z, Infinity)
}

/** Turns |t| with `df` degrees of freedom into the |z| with the same p, by a table. */
function normalScale(df: number): (t: number) => number {
  const steps = 400
  const zOf = Float64Array.from({ length: steps + 1 }, (_, at) => {
    const t = Math.tan((at / (steps + 1)) * (Math.PI / 2))
    const p = studentTail(t, df)
    return p < 1e-12 ? 7 : Math.max(0, normalQuantile(1 - p))
  })
  return (t) => {
    const place = (Math.atan(t) / (Math.PI / 2)) * (steps + 1)
    const low = Math.min(steps - 1, Math.floor(place))
    return zOf[low]! + Math.min(1, place - low) * (zOf[low + 1]! - zOf[low]!)
  }
}

function differenceVariance(covariance: ColumnCovariance, a: number, b: number): number {
  return Math.max(0, covariance[a]![a]! + covariance[b]![b]! - 2 * covariance[a]![b]!)
}

/** Lower triangle; a direction without variance stays without. */
function cholesky(matrix: ColumnCovariance): Float64Array[] {
  const root = matrix.map((row) => new Float64Array(row.length))
  for (let row = 0; row < matrix.length; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = matrix[row]![column]!
      for (let at = 0; at < column; at++) rest -= root[row]![at]! * root[column]![at]!
      const pivot = root[column]![column]!
      if (row === column) root[row]![column] = rest > 1e-12 * Math.max(1e-12, matrix[row]![row]!) ? Math.sqrt(rest) : 0
      else root[row]![column] = pivot > 0 ? rest / pivot : 0
    }
  }
  return root
}

function multiply(root: readonly Float64Array[], vector: Float64Array, out: Float64Array, from: number): void {
  for (let row = 0; row < root.length; row++) {
    const line = root[row]!
    let sum = 0
    for (let at = 0; at <= row; at++) sum += line[at]! * vector[at]!
    out[from + row] = sum
  }
}
