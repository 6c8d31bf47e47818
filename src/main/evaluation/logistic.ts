import { dot } from '../sums/sums.ts'
/**
 * Logistic regression with a ridge, for few cases: features are brought to mean 0 and variance 1, the penalty is half of `ridge` times
 * the sum of the squared weights, the intercept goes free. Newton's steps, halved where one would go too far; nothing is drawn.
 */
export interface Logistic {
  /** By feature, in its own unit; 0 for one that never changes. */
  weights: readonly number[]
  intercept: number
  /** Probability of a 1. */
  predict: (features: readonly number[]) => number
}

/** A fall of the penalised loss, in nats over all cases, that no longer matters. */
const tolerance = 1e-10
const mostSteps = 100

/**
 * `features`: cases × features. With one class only, or no case, nothing can be learnt from features: every case then gets Laplace's
 * share, (ones + 1) / (cases + 2).
 */
export function fitLogistic(features: readonly (readonly number[])[], labels: readonly (0 | 1)[], ridge = 1): Logistic {
  const count = labels.length
  const ones = labels.filter((label) => label === 1).length
  const width = features[0]?.length ?? 0
  if (ones === 0 || ones === count) return logistic(zeros(width), Math.log((ones + 1) / (count - ones + 1)))
  const means = zeros(width).map((_, at) => features.reduce((sum, row) => sum + row[at]!, 0) / count)
  const scales = means.map((mean, at) =>
    Math.sqrt(features.reduce((sum, row) => sum + (row[at]! - mean) ** 2, 0) / count)
  )
  // A change that is rounding and no more is none.
  const moves = scales.map((scale, at) => scale > 1e-9 * Math.max(1, Math.abs(means[at]!)))
  const rows = features.map((row) => [
    1,
    ...row.map((value, at) => (moves[at] ? (value - means[at]!) / scales[at]! : 0))
  ])
  const fitted = newton(rows, labels, ridge)
  const weights = zeros(width).map((_, at) => (moves[at] ? fitted[at + 1]! / scales[at]! : 0))
  return logistic(weights, fitted[0]! - dot(weights, means))
}

function logistic(weights: readonly number[], intercept: number): Logistic {
  return { weights, intercept, predict: (features) => sigmoid(intercept + dot(weights, features)) }
}

function newton(rows: readonly (readonly number[])[], labels: readonly (0 | 1)[], ridge: number): number[] {
  const width = rows[0]!.length
  const penalty = (at: number): number => (at === 0 ? 0 : ridge)
  const loss = (beta: readonly number[]): number =>
    rows.reduce((sum, row, index) => sum + softplus((labels[index] === 1 ? -1 : 1) * dot(beta, row)), 0) +
    beta.reduce((sum, value, at) => sum + (penalty(at) * value ** 2) / 2, 0)
  let beta = zeros(width)
  let before = loss(beta)
  for (let step = 0; step < mostSteps; step++) {
    const gradient = beta.map((value, at) => penalty(at) * value)
    const curvature = beta.map((_, at) => beta.map((_, other) => (at === other ? penalty(at) : 0)))
    rows.forEach((row, index) => {
      const chance = sigmoid(dot(beta, row))
      const [error, weight] = [chance - labels[index]!, chance * (1 - chance)]
      for (let at = 0; at < width; at++) {
        gradient[at]! += error * row[at]!
        for (let other = 0; other < width; other++) curvature[at]![other]! += weight * row[at]! * row[other]!
      }
    })
    const direction = solved(curvature, gradient)
    const stepped = (size: number): number[] => beta.map((value, at) => value - size * direction[at]!)
    let next = stepped(1)
    let after = loss(next)
    for (let size = 0.5; after > before && size > 1e-6; size /= 2) {
      next = stepped(size)
      after = loss(next)
    }
    if (!(before - after > tolerance)) return after < before ? next : beta
    beta = next
    before = after
  }
  return beta
}

/** Solution of a symmetric, positive definite system, by elimination with pivots. */
function solved(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, at) => [...row, right[at]!])
  const size = rows.length
  for (let column = 0; column < size; column++) {
    let pivot = column
    for (let at = column + 1; at < size; at++)
      if (Math.abs(rows[at]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = at
    ;[rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!]
    for (let at = column + 1; at < size; at++) {
      const factor = rows[at]![column]! / rows[column]![column]!
      for (let other = column; other <= size; other++) rows[at]![other]! -= factor * rows[column]![other]!
    }
  }
  const solution = zeros(size)
  for (let at = size - 1; at >= 0; at--) {
    const known = solution.reduce((sum, value, other) => sum + (other > at ? rows[at]![other]! * value : 0), 0)
    solution[at] = (rows[at]![size]! - known) / rows[at]![at]!
  }
  return solution
}

function zeros(count: number): number[] {
  return Array.from({ length: count }, () => 0)
}

function sigmoid(value: number): number {
  return value >= 0 ? 1 / (1 + Math.exp(-value)) : Math.exp(value) / (1 + Math.exp(value))
}

/** log(1 + exp(value)) */
function softplus(value: number): number {
  return Math.max(0, value) + Math.log1p(Math.exp(-Math.abs(value)))
}
