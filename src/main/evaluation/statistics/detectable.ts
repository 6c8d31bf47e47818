import { contrastOf, mean } from './contrast.ts'
import { chiSquareQuantile, normalCdf } from './distributions.ts'
import { criticalP, drawLargest, type DrawnTest } from './family.ts'
import { numberItems } from './pseudo-values.ts'
import { roundDeviations, roundPosteriors } from './round-variance.ts'
import { fewestItems, fewestRounds, fewestTargets } from './table-tests.ts'
import { halfWidth, uncertaintyOf } from './uncertainty.ts'

/** How much two strategies' answers differ from row to row; what a plan's power hangs on. */
export interface Spread {
  /** Standard deviation of a row's difference on one query set, in points. */
  rowDeviation: number
  /** Correlation of the differences of two rows of one source item, 0…1. */
  withinItem: number
  /** Correlation of one row's differences on two query sets, 0…1. */
  betweenRounds: number
  /** Standard deviation of the difference between query sets, beyond what rows bring, in points. */
  roundDeviation: number
}

/**
 * What to expect before anything ran: about a third of the answers change between right and wrong when a model is tuned
 * (deviation 100·√0.33 points), variants of one item and query sets share half of that; between query sets the difference
 * moves by 2 points, as the paper's tables show.
 */
export const expectedSpread: Spread = { rowDeviation: 57, withinItem: 0.5, betweenRounds: 0.5, roundDeviation: 2 }

/** An experiment as far as its power hangs on it. */
export interface PowerPlan {
  /** Rows of every source item, by target. */
  targets: readonly (readonly number[])[]
  /** By target. */
  spreads: readonly Spread[]
  rounds: number
  /** Strategies that tune, and whether the untuned model is among the columns. */
  tuned: number
  untuned: boolean
  /** How many of the comparisons were named before the start; 0: all are one family. */
  planned: number
}

const alpha = 0.05
/**
 * Reckoned with for a promise of 80 %: the items' variance is taken as known here, while a test has to estimate it. In simulations
 * (`docs/methods.md`) that is worth two points of power.
 */
const power = 0.82

/**
 * For every target the smallest true difference (in points) between two columns that the tests of the table will find with
 * 80 % power; infinite where no test can find any. The same model as the tests': items and query sets vary, all tests are
 * corrected together; with fewer than three rounds the difference is one for these query sets only.
 */
export function detectableDifferences(plan: PowerPlan): number[] {
  const critical = criticalOf(plan)
  return plan.targets.map((sizes, at) => detectableOn(sizes, plan, plan.spreads[at]!, critical))
}

function detectableOn(sizes: readonly number[], plan: PowerPlan, spread: Spread, critical: number): number {
  if (sizes.length < fewestItems) return Infinity
  const { itemVariance, residualVariance } = variancesOf(sizes, plan.rounds, spread)
  const { rounds } = plan
  const freedom = sizes.length - 1
  const counted = rounds >= fewestRounds
  const between = counted ? spread.roundDeviation ** 2 : 0
  const error = Math.sqrt(itemVariance + between / rounds)
  const expected = between + residualVariance
  // What the rounds will look like is chance too: power is the mean over that.
  const halves = (counted ? chances : [0.5]).map((chance) => {
    if (!counted) return halfWidth(uncertaintyOf(itemVariance, freedom, [{ weight: 1, variance: 0 }]), critical)
    const seen = (expected * chiSquareQuantile(chance, rounds - 1)) / (rounds - 1)
    const others = Array.from({ length: Math.min(11, plan.targets.length * plan.tuned - 1) }, () => expected)
    const evidence = [seen, ...others].map((roundVariance) => ({ rounds, roundVariance, residualVariance }))
    const [weights] = roundPosteriors(evidence)
    return halfWidth(
      uncertaintyOf(
        itemVariance,
        freedom,
        Array.from(weights!, (weight, at) => ({ weight, variance: roundDeviations[at]! ** 2 / rounds }))
      ),
      critical
    )
  })
  const found = (difference: number): number =>
    mean(halves.map((half) => normalCdf((difference - half) / Math.max(1e-9, error))))
  let low = 0
  let high = Math.max(...halves) + 6 * error
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (found(middle) < power) low = middle
    else high = middle
  }
  return high
}

const chances = [0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95]

/** Of a difference of two columns over the rounds: what its items bring, and what items × rounds bring to a single round. */
function variancesOf(sizes: readonly number[], rounds: number, spread: Spread) {
  const rows = sizes.reduce((sum, size) => sum + size, 0)
  const clustered = sizes.reduce((sum, size) => sum + size * (1 + (size - 1) * spread.withinItem), 0) / rows ** 2
  const single = spread.rowDeviation ** 2 * clustered
  return {
    itemVariance: (single * (1 + (rounds - 1) * spread.betweenRounds)) / rounds,
    residualVariance: single * (1 - spread.betweenRounds)
  }
}

/** The p that a single test must reach, with the family as it will be. */
function criticalOf(plan: PowerPlan): number {
  const columns = plan.tuned + (plan.untuned ? 1 : 0)
  const covariances = plan.targets.map((sizes, at) => {
    const { itemVariance } = variancesOf(sizes, plan.rounds, plan.spreads[at]!)
    const between = plan.rounds >= fewestRounds ? plan.spreads[at]!.roundDeviation ** 2 / plan.rounds : 0
    return Array.from({ length: columns }, (_, row) => {
      const line = new Float64Array(columns)
      line[row] = itemVariance / 2 + (plan.untuned && row === 0 ? 0 : between)
      return line
    })
  })
  const places = plan.targets.map((_, at) => at)
  const all = Array.from({ length: columns }, (_, column) =>
    Array.from({ length: column }, (__, against) => ({ column, against }))
  ).flat()
  const family = plan.planned > 0 ? all.slice(0, plan.planned) : all
  const tests = family.flatMap((pair): DrawnTest[] => [
    ...places.map((place) => ({ ...pair, targets: [place], randomTargets: false })),
    ...(places.length > 1 ? [{ ...pair, targets: places, randomTargets: false }] : []),
    ...(places.length >= fewestTargets ? [{ ...pair, targets: places, randomTargets: true }] : [])
  ])
  return tests.length === 0 ? alpha : Math.min(alpha, criticalP(drawLargest(covariances, tests, 1), alpha))
}

/** Estimates the spread from row differences `[rounds][rows]` (in points) of earlier runs on the same target. */
export function measureSpread(differences: readonly (readonly number[])[], sourceItems: readonly number[]): Spread {
  const rounds = differences.length
  const pooled = sourceItems.map((_, row) => differences.reduce((sum, round) => sum + round[row]!, 0) / rounds)
  const single = differences.reduce((sum, round) => sum + variance(round), 0) / rounds
  if (!(single > 0)) return { ...expectedSpread, rowDeviation: 0 }
  const ofMean = variance(pooled)
  const betweenRounds =
    rounds < 2 ? expectedSpread.betweenRounds : clamp(((rounds * ofMean) / single - 1) / (rounds - 1))
  return {
    rowDeviation: Math.sqrt(single),
    withinItem: intraclass(pooled, sourceItems),
    betweenRounds,
    roundDeviation: roundDeviationOf(differences, sourceItems)
  }
}

/** What the rounds show beyond the rows, held against what is usual; what is usual with fewer than three. */
function roundDeviationOf(differences: readonly (readonly number[])[], sourceItems: readonly number[]): number {
  const { clusterOf, sizes } = numberItems(sourceItems)
  if (differences.length < fewestRounds || sizes.length < 2) return expectedSpread.roundDeviation
  const items = differences.map((round) => {
    const sums = new Float64Array(sizes.length)
    round.forEach((value, row) => (sums[clusterOf[row]!]! += (value * sizes.length) / round.length))
    return sums
  })
  const nothing = new Float64Array(sizes.length)
  const { roundVariance, residualVariance } = contrastOf(
    items,
    items.map(() => nothing),
    differences.map((round) => [mean(round), 0])
  )
  const [weights] = roundPosteriors([{ rounds: differences.length, roundVariance, residualVariance }])
  // The middle of what is possible: the mean would be drawn out by deviations that nobody can exclude.
  let below = 0
  const middle = weights!.findIndex((weight) => (below += weight) >= 0.5)
  return roundDeviations[middle]!
}

/** Intraclass correlation by one-way analysis of variance; the expected one where every item has a single row. */
function intraclass(values: readonly number[], sourceItems: readonly number[]): number {
  const groups = new Map<number, number[]>()
  values.forEach((value, row) => {
    const group = groups.get(sourceItems[row]!)
    if (group) group.push(value)
    else groups.set(sourceItems[row]!, [value])
  })
  const count = groups.size
  const n = values.length
  if (count < 2 || count === n) return expectedSpread.withinItem
  const overall = values.reduce((sum, value) => sum + value, 0) / n
  let between = 0
  let within = 0
  let sizeSquares = 0
  for (const group of groups.values()) {
    const centre = group.reduce((sum, value) => sum + value, 0) / group.length
    between += group.length * (centre - overall) ** 2
    for (const value of group) within += (value - centre) ** 2
    sizeSquares += group.length ** 2
  }
  const betweenMean = between / (count - 1)
  const withinMean = within / (n - count)
  const size = (n - sizeSquares / n) / (count - 1)
  const total = betweenMean + (size - 1) * withinMean
  return total > 0 ? clamp((betweenMean - withinMean) / total) : 0
}

function variance(values: readonly number[]): number {
  const centre = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / Math.max(1, values.length - 1)
}

function clamp(value: number): number {
  return Math.max(0, Math.min(1, value))
}
