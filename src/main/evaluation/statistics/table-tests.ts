import { Random } from '../../random/random.ts'
import { contrastOf, mean, meanContrast, variance, type Contrast } from './contrast.ts'
import { normalQuantile } from './distributions.ts'
import { correctedP, criticalP, drawLargest, familyDraws, type ColumnCovariance, type DrawnTest } from './family.ts'
import type { ScoredItems } from './pseudo-values.ts'
import { roundDeviations, roundPosteriors } from './round-variance.ts'
import { exactLimit, signFlipP } from './sign-flip.ts'
import { halfWidth, pOf, uncertaintyOf, type Uncertainty } from './uncertainty.ts'

/** What one run answered on a target, scored. */
export interface TableRun {
  round: number
  /** It answers several targets: its luck is the same on all of them. */
  shared: boolean
  scored: ScoredItems
}

/** A target with the runs of every column on it, in the columns' order; columns without a run there have none. */
export interface TableTarget {
  rows: number
  items: number
  columns: readonly (readonly TableRun[])[]
}

export interface TablePair {
  column: number
  against: number
  /** Named before the start: such comparisons form a family of their own. */
  planned: boolean
}

/** Over what a test speaks: one target, these targets as they are, or targets like these. */
type TestOver = 'target' | 'these-targets' | 'targets-like-these'

/** What its claim covers: the strategy whatever the query set, these query sets only, or strategies that use none. */
type TestScope = 'any-query-sets' | 'these-query-sets' | 'no-query-sets'

/** A difference of two columns with what is known about it, all in points. */
export interface TestedDifference {
  pair: TablePair
  over: TestOver
  /** Place of the target; null: an average. */
  target: number | null
  scope: TestScope
  difference: number
  /** Simultaneous over the family: it excludes 0 exactly when `pCorrected` is at most 1 − level. */
  interval: [number, number]
  /** Of this test alone. */
  p: number
  pCorrected: number
  standardError: number
  /** The smallest true difference that would have been found with 80 % power; infinite where no test can find any. */
  detectable: number
  rounds: number
  roundDifferences: readonly number[]
  rows: number
  items: number
  targets: number
  /** How many tests were corrected together. */
  family: number
}

export interface TableOptions {
  seed?: number
  level?: number
  /** Draws behind the correction; fewer are as exact on average and vary more. */
  draws?: number
}

/** Below this many items even a clean sweep cannot be told from chance. */
export const fewestItems = 6
/** With fewer rounds nothing can be said about other query sets. */
export const fewestRounds = 3
/** With fewer targets nothing can be said about other targets. */
export const fewestTargets = 3

const power = 0.8

interface Prepared {
  pair: TablePair
  over: TestOver
  places: readonly number[]
  contrasts: readonly Contrast[]
  contrast: Contrast
  scope: TestScope
  uncertainty: Uncertainty
}

/** Tests every pair on every target, and on average over the targets. Pairs that no target has are left out. */
export function testTable(
  targets: readonly TableTarget[],
  tuned: readonly boolean[],
  pairs: readonly TablePair[],
  { seed = 1, level = 0.95, draws = familyDraws }: TableOptions = {}
): TestedDifference[] {
  const cells = pairs.flatMap((pair) => targets.flatMap((target, place) => cellOf(target, place, pair, tuned)))
  const known = learnRounds(cells, tuned)
  const single = cells.map((cell, at): Prepared => ({
    ...{ pair: cell.pair, over: 'target', places: [cell.place], contrasts: [cell.contrast], contrast: cell.contrast },
    scope: cell.scope,
    uncertainty: uncertaintyOf(
      cell.contrast.itemVariance,
      cell.contrast.itemFreedom,
      spreadOf(known[at]!, cell.contrast.rounds.length)
    )
  }))
  const averages = pairs.flatMap((pair) => averagesOf(pair, cells, known, tuned, seed))
  const covariances = covariancesOf(targets, cells, known, tuned)
  const tests = [...single, ...averages]
  return [true, false].flatMap((planned) => {
    const family = tests.filter((test) => test.pair.planned === planned)
    if (family.length === 0) return []
    const largest = drawLargest(covariances, family.map(drawnOf), seed, draws)
    const critical = Math.min(1 - level, criticalP(largest, 1 - level))
    return family.map((test) => judge(test, targets, largest, critical, family.length))
  })
}

interface Cell {
  pair: TablePair
  place: number
  contrast: Contrast
  scope: TestScope
  /** One of its tuned runs answers other targets too. */
  shared: boolean
}

/** Pairs two columns round by round; an untuned run stands for every round. Nothing without a common round. */
function cellOf(target: TableTarget, place: number, pair: TablePair, tuned: readonly boolean[]): Cell[] {
  if (target.items < 2) return []
  const ours = target.columns[pair.column]!
  const theirs = target.columns[pair.against]!
  const pick = (runs: readonly TableRun[], column: number, round: number): TableRun | undefined =>
    tuned[column] ? runs.find((run) => run.round === round) : runs[0]
  const leading = tuned[pair.column] ? ours : theirs
  const both = leading.flatMap(({ round }) => {
    const a = pick(ours, pair.column, round)
    const b = pick(theirs, pair.against, round)
    return a && b ? [{ a, b }] : []
  })
  if (both.length === 0) return []
  const usesQueries = tuned[pair.column]! || tuned[pair.against]!
  return [
    {
      ...{ pair, place },
      contrast: contrastOf(
        both.map(({ a }) => a.scored.values),
        both.map(({ b }) => b.scored.values),
        both.map(({ a, b }) => [a.scored.score, b.scored.score])
      ),
      scope: !usesQueries ? 'no-query-sets' : both.length < fewestRounds ? 'these-query-sets' : 'any-query-sets',
      shared: both.some(({ a, b }) => (tuned[pair.column]! && a.shared) || (tuned[pair.against]! && b.shared))
    }
  ]
}

/** Posterior weights of the deviation between query sets for every cell; null where it is not part of the claim. */
function learnRounds(cells: readonly Cell[], tuned: readonly boolean[]): (Float64Array | null)[] {
  const known = new Array<Float64Array | null>(cells.length).fill(null)
  for (const both of [true, false]) {
    const own = alike(cells, tuned, both)
    const posteriors = roundPosteriors(
      own.map((at) => evidenceOf(cells[at]!.contrast)),
      shareOf(
        own.map((at) => cells[at]!.pair),
        both
      )
    )
    own.forEach((at, place) => (known[at] = posteriors[place]!))
  }
  return known
}

/** Cells whose deviations are of one kind: of one tuned column, or of the difference of two. */
function alike(cells: readonly Cell[], tuned: readonly boolean[], both: boolean): number[] {
  return [...cells.keys()].filter((at) => {
    const { scope, pair } = cells[at]!
    return scope === 'any-query-sets' && (tuned[pair.column]! && tuned[pair.against]!) === both
  })
}

/** Six pairs of four columns tell as much about rounds as three: what the fourth column did is in all of them. */
function shareOf(pairs: readonly TablePair[], both: boolean): number {
  if (!both || pairs.length === 0) return 1
  const columns = new Set(pairs.flatMap(({ column, against }) => [column, against])).size
  return Math.min(1, (columns - 1) / new Set(pairs).size)
}

/**
 * An average whose rounds are the same on all targets has one more piece of evidence of its own, the averages of its rounds;
 * it resembles what the targets show one by one, or is smaller where luck differs between them.
 */
function learnShared(
  contrast: Contrast,
  pair: TablePair,
  cells: readonly Cell[],
  tuned: readonly boolean[]
): Float64Array {
  const both = tuned[pair.column]! && tuned[pair.against]!
  const own = alike(cells, tuned, both).map((at) => cells[at]!)
  const evidence = [evidenceOf(contrast), ...own.map((cell) => evidenceOf(cell.contrast))]
  return roundPosteriors(
    evidence,
    shareOf(
      own.map((cell) => cell.pair),
      both
    )
  )[0]!
}

function evidenceOf({ rounds, roundVariance, residualVariance }: Contrast) {
  return { rounds: rounds.length, roundVariance, residualVariance }
}

/** Possible variances of a mean over `rounds` query sets. */
function spreadOf(weights: Float64Array | null, rounds: number): { weight: number; variance: number }[] {
  if (weights === null) return [{ weight: 1, variance: 0 }]
  return Array.from(weights, (weight, at) => ({ weight, variance: roundDeviations[at]! ** 2 / rounds }))
}

/** A pair's averages over the targets that have both columns: these targets as fixed, and as a sample of others. */
function averagesOf(
  pair: TablePair,
  cells: readonly Cell[],
  known: readonly (Float64Array | null)[],
  tuned: readonly boolean[],
  seed: number
): Prepared[] {
  const own = [...cells.keys()].filter((at) => cells[at]!.pair === pair)
  const count = own.length
  if (count < 2) return []
  const parts = own.map((at) => cells[at]!)
  const contrasts = parts.map((cell) => cell.contrast)
  const contrast = meanContrast(contrasts)
  const scope = parts.find((cell) => cell.scope !== 'any-query-sets')?.scope ?? 'any-query-sets'
  const shared = parts.some((cell) => cell.shared)
  const rounds =
    scope !== 'any-query-sets'
      ? [{ weight: 1, variance: 0 }]
      : shared
        ? spreadOf(learnShared(contrast, pair, cells, tuned), contrast.rounds.length)
        : drawMean(
            own.map((at) => spreadOf(known[at]!, cells[at]!.contrast.rounds.length)),
            seed
          )
  const common = { pair, places: parts.map((cell) => cell.place), contrasts, contrast }
  const fixed: Prepared = {
    ...common,
    over: 'these-targets',
    scope,
    uncertainty: uncertaintyOf(contrast.itemVariance, contrast.itemFreedom, rounds)
  }
  if (count < fewestTargets) return [fixed]
  const between = variance(contrasts.map(({ difference }) => difference)) / count
  // Every target has query sets of its own, so the spread between targets holds theirs; a shared run's luck it does not.
  const usesQueries = tuned[pair.column]! || tuned[pair.against]!
  const like: Prepared = {
    ...common,
    over: 'targets-like-these',
    scope: !usesQueries ? 'no-query-sets' : shared ? scope : 'any-query-sets',
    uncertainty: uncertaintyOf(between, count - 1, shared ? rounds : [{ weight: 1, variance: 0 }])
  }
  return [fixed, like]
}

const meanDraws = 512
const meanParts = 32

/** Possible variances of a mean over targets whose query sets have nothing to do with each other. */
function drawMean(
  parts: readonly (readonly { weight: number; variance: number }[])[],
  seed: number
): { weight: number; variance: number }[] {
  const random = new Random(seed)
  const drawn = new Float64Array(meanDraws)
  for (const part of parts) {
    let total = 0
    const upTo = Float64Array.from(part, ({ weight }) => (total += weight))
    for (let draw = 0; draw < meanDraws; draw++) {
      const place = random.uniform() * total
      let low = 0
      let high = part.length - 1
      while (low < high) {
        const middle = (low + high) >> 1
        if (upTo[middle]! > place) high = middle
        else low = middle + 1
      }
      drawn[draw]! += part[low]!.variance / parts.length ** 2
    }
  }
  drawn.sort()
  const size = meanDraws / meanParts
  return Array.from({ length: meanParts }, (_, at) => ({
    weight: 1 / meanParts,
    variance: mean(drawn.subarray(at * size, (at + 1) * size))
  }))
}

/** How the columns of every target vary together: through its items, and each by its own query sets. */
function covariancesOf(
  targets: readonly TableTarget[],
  cells: readonly Cell[],
  known: readonly (Float64Array | null)[],
  tuned: readonly boolean[]
): ColumnCovariance[] {
  return targets.map((target, place) => {
    const values = target.columns.map((runs) => averageItems(runs, target.items))
    const centres = values.map((value) => (value ? mean(value) : 0))
    const matrix = values.map(() => new Float64Array(values.length))
    for (let row = 0; row < values.length; row++) {
      for (let column = 0; column <= row; column++) {
        const a = values[row]
        const b = values[column]
        if (!a || !b || target.items < 2) continue
        let sum = 0
        for (let item = 0; item < target.items; item++)
          sum += (a[item]! - centres[row]!) * (b[item]! - centres[column]!)
        matrix[row]![column] = matrix[column]![row] = sum / (target.items - 1) / target.items
      }
      matrix[row]![row]! += ownRounds(row, place, cells, known, tuned)
    }
    return matrix
  })
}

/** A column's variance by its query sets: as its difference from an untuned column has it, else half of that from another. */
function ownRounds(
  column: number,
  place: number,
  cells: readonly Cell[],
  known: readonly (Float64Array | null)[],
  tuned: readonly boolean[]
): number {
  if (!tuned[column]) return 0
  const own = [...cells.keys()].filter(
    (at) =>
      known[at] &&
      cells[at]!.place === place &&
      (cells[at]!.pair.column === column || cells[at]!.pair.against === column)
  )
  const other = (at: number): number => {
    const { pair } = cells[at]!
    return pair.column === column ? pair.against : pair.column
  }
  const best = own.find((at) => !tuned[other(at)]) ?? own[0]
  if (best === undefined) return 0
  const spread = spreadOf(known[best]!, cells[best]!.contrast.rounds.length)
  const whole = spread.reduce((sum, { weight, variance: part }) => sum + weight * part, 0)
  return tuned[other(best)] ? whole / 2 : whole
}

function averageItems(runs: readonly TableRun[], items: number): Float64Array | null {
  if (runs.length === 0) return null
  const total = new Float64Array(items)
  for (const { scored } of runs)
    for (let item = 0; item < items; item++) total[item]! += scored.values[item]! / runs.length
  return total
}

function drawnOf({ pair, places, over }: Prepared): DrawnTest {
  return { column: pair.column, against: pair.against, targets: places, randomTargets: over === 'targets-like-these' }
}

function judge(
  test: Prepared,
  targets: readonly TableTarget[],
  largest: Float64Array,
  critical: number,
  family: number
): TestedDifference {
  const { pair, over, places, contrast, scope, uncertainty } = test
  const { difference } = contrast
  const tested = places.map((place) => targets[place]!)
  const items = tested.reduce((sum, target) => sum + target.items, 0)
  // Between targets there are as many observations as targets, and no pattern of signs of items to try.
  const exact = over === 'targets-like-these' ? null : signFlipP(contrast.items)
  const p = Math.max(pOf(uncertainty, difference), exact ?? 0)
  const half = halfWidth(uncertainty, critical)
  const interval: [number, number] = [difference - half, difference + half]
  const pCorrected = correctedP(largest, p)
  if (p >= critical) {
    // The exact test is the stricter one here: the interval must not say more than the verdict.
    if (interval[0] > 0) interval[0] = 0
    if (interval[1] < 0) interval[1] = 0
  }
  return {
    ...{ pair, over, scope, difference, interval, p, pCorrected, family },
    target: over === 'target' ? places[0]! : null,
    standardError: uncertainty.standardError,
    detectable: detectableOf(test, items, half, critical),
    rounds: scope === 'no-query-sets' ? 0 : contrast.rounds.length,
    roundDifferences: [...contrast.rounds],
    rows: tested.reduce((sum, target) => sum + target.rows, 0),
    items,
    targets: places.length
  }
}

/** Also where nearly all answers score the same: then so many items must differ that chance cannot have picked the signs. */
function detectableOf(
  { over, contrast, uncertainty }: Prepared,
  items: number,
  half: number,
  critical: number
): number {
  const bySpread = half + normalQuantile(power) * uncertainty.standardError
  if (over === 'targets-like-these') return bySpread
  if (items < fewestItems) return Infinity
  const telling = contrast.items.reduce((count, value) => count + (Math.abs(value) > 1e-9 ? 1 : 0), 0)
  if (telling > exactLimit) return bySpread
  const needed = Math.ceil(1 - Math.log2(critical))
  return needed > items ? Infinity : Math.max(bySpread, (100 * needed) / items)
}
