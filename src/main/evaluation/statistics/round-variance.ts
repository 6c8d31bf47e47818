/**
 * How much a strategy's score changes with the query set that it was given. A table has few rounds (often three), so the
 * standard deviation of one comparison alone is hardly known, while all comparisons of the table together say a good deal.
 * A hierarchical model shares what they have in common, and learns from them how alike they are:
 *
 *     s²_c (n − 1) / (σ_c² + e_c) ~ χ²(n − 1)      what was seen of comparison c in n rounds; e_c comes from the items
 *     ln σ_c ~ N(ln τ, δ²)                          comparisons of a table resemble each other, δ ∈ {0, ½, 1, 1½}
 *     τ = 0, or ln τ even from 0.2 to 40 points       before anything was seen every order of size is as likely
 *
 * on a grid of standard deviations. The prior was chosen by simulation: docs/methods.md.
 */

/** What one comparison says about its variance between query sets. */
export interface RoundEvidence {
  rounds: number
  /** Variance of the rounds' differences. */
  roundVariance: number
  /** The part of it that comes from items × rounds. */
  residualVariance: number
}

/** Possible standard deviations between query sets, in points; the first stands for none at all. */
export const roundDeviations: readonly number[] = [0, ...Array.from({ length: 30 }, (_, at) => 0.2 * 200 ** (at / 29))]

/** Before anything was seen: how likely it is that query sets do not matter at all. */
const noEffect = 0.15

const likeness = [0, 0.5, 1, 1.5]
const places = roundDeviations.length
const logPlaces = roundDeviations.map((deviation) => Math.log(Math.max(0.1, deviation)))
const prior = placePrior()
const kernels = likeness.map(kernel)

/**
 * For every comparison the posterior weights `[comparisons][roundDeviations.length]`. `share` is how much an own piece of
 * evidence each of them is for the others: below 1 where the same columns come up in several pairs.
 */
export function roundPosteriors(evidence: readonly RoundEvidence[], share = 1): Float64Array[] {
  const likelihoods = evidence.map(likelihoodOf)
  const marginals = likelihoods.map((likelihood) =>
    kernels.map((rows) => rows.map((row) => Math.max(1e-300, dot(row, likelihood))))
  )
  const joint = likeness.map((_, spread) =>
    Array.from(prior, (weight, place) => {
      let log = Math.log(weight)
      for (const marginal of marginals) log += share * Math.log(marginal[spread]![place]!)
      return log
    })
  )
  return likelihoods.map((likelihood, at) => {
    // What the others say, and this one whole: it is its own best witness.
    const own = joint.map((row, spread) =>
      row.map((log, place) => log + (1 - share) * Math.log(marginals[at]![spread]![place]!))
    )
    const highest = Math.max(...own.flat())
    const weights = new Float64Array(places)
    own.forEach((row, spread) =>
      row.forEach((log, place) => {
        const weight = Math.exp(log - highest) / marginals[at]![spread]![place]!
        if (weight < 1e-12) return
        const around = kernels[spread]![place]!
        for (let to = 0; to < places; to++) weights[to]! += weight * around[to]!
      })
    )
    for (let to = 0; to < places; to++) weights[to]! *= likelihood[to]!
    return normalised(weights)
  })
}

/** Relative to its largest value. */
function likelihoodOf({ rounds, roundVariance, residualVariance }: RoundEvidence): Float64Array {
  const freedom = rounds - 1
  const logs = roundDeviations.map((deviation) => {
    const expected = Math.max(1e-12, deviation ** 2 + residualVariance)
    return (-freedom / 2) * (Math.log(expected) + roundVariance / expected)
  })
  const highest = Math.max(...logs)
  return Float64Array.from(logs, (log) => Math.exp(log - highest))
}

/** Rows sum to 1: where a comparison's deviation lies when the table's is at a place. */
function kernel(spread: number): Float64Array[] {
  return logPlaces.map((centre, own) =>
    normalised(
      Float64Array.from(logPlaces, (place, at) =>
        spread === 0 ? Number(at === own) : Math.exp(-0.5 * ((place - centre) / spread) ** 2)
      )
    )
  )
}

/** Even on the logarithmic scale of the grid: few rounds are then judged about as Student's t would judge them. */
function placePrior(): Float64Array {
  return Float64Array.from(logPlaces, (_, at) => (at === 0 ? noEffect : (1 - noEffect) / (logPlaces.length - 1)))
}

function normalised(weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!
  return sum
}
