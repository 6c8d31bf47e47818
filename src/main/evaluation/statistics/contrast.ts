/**
 * The difference of two strategies on one target as a table of source items × query sets, and what its two directions say
 * about how uncertain the difference is: items and query sets are crossed random effects.
 */
export interface Contrast {
  /** Mean over the rounds, in points. */
  difference: number
  /** The difference in every round, in points. */
  rounds: Float64Array
  /** Every item's difference, averaged over the rounds, in points. */
  items: Float64Array
  /** Variance of the difference that comes from the draw of the items (and of items × rounds). */
  itemVariance: number
  itemFreedom: number
  /** Variance of the differences of single rounds around their mean; NaN with fewer than two. */
  roundVariance: number
  /** The part of `roundVariance` that items × rounds alone would bring: residual mean square over the number of items. */
  residualVariance: number
}

/** `a` and `b` hold one array of pseudo-values per round, `[items]`; `scores` the two scores of every round. */
export function contrastOf(
  a: readonly Float64Array[],
  b: readonly Float64Array[],
  scores: readonly (readonly [number, number])[]
): Contrast {
  const rounds = Float64Array.from(scores, ([ours, theirs]) => ours - theirs)
  const count = rounds.length
  const size = a[0]!.length
  const difference = mean(rounds)
  const items = new Float64Array(size)
  for (let round = 0; round < count; round++) {
    const ours = a[round]!
    const theirs = b[round]!
    for (let item = 0; item < size; item++) items[item]! += (ours[item]! - theirs[item]!) / count
  }
  let residual = 0
  if (count > 1) {
    const centre = mean(items)
    for (let round = 0; round < count; round++) {
      const ours = a[round]!
      const theirs = b[round]!
      let sum = 0
      for (let item = 0; item < size; item++) sum += ours[item]! - theirs[item]!
      const shift = sum / size - centre
      for (let item = 0; item < size; item++) residual += (ours[item]! - theirs[item]! - items[item]! - shift) ** 2
    }
  }
  const freedom = (size - 1) * (count - 1)
  return {
    difference,
    rounds,
    items,
    itemVariance: (variance(items) + hiddenSpread(a, b)) / size,
    itemFreedom: size - 1,
    roundVariance: count > 1 ? variance(rounds) : NaN,
    residualVariance: freedom > 0 ? residual / freedom / size : 0
  }
}

/**
 * A single run can look steadier than it is: it answers all rare hard items rightly by luck, scores high, and shows no spread,
 * so that it would look far from the mean of several runs, which is steady for a reason. When the two strategies are equal,
 * their runs have one spread; where the column with fewer runs shows less, it is given the spread that both share (as the score
 * test of two proportions does). Zero where both have as many runs.
 */
function hiddenSpread(a: readonly Float64Array[], b: readonly Float64Array[]): number {
  const [ours, theirs] = [[...new Set(a)], [...new Set(b)]]
  if (ours.length === theirs.length) return 0
  const difference = mean(theirs.map(variance)) - mean(ours.map(variance))
  return Math.max(0, (difference / 2) * (1 / ours.length - 1 / theirs.length))
}

/** The mean of contrasts over targets, whose items are independent of each other; round by round, for shared rounds. */
export function meanContrast(parts: readonly Contrast[]): Contrast {
  const count = parts.length
  const rounds = Math.min(...parts.map((part) => part.rounds.length))
  const averaged = Float64Array.from({ length: rounds }, (_, round) => mean(parts.map((part) => part.rounds[round]!)))
  const itemVariance = sum(parts.map((part) => part.itemVariance)) / count ** 2
  const spread = sum(parts.map((part) => part.itemVariance ** 2 / part.itemFreedom)) / count ** 4
  return {
    difference: mean(parts.map((part) => part.difference)),
    rounds: averaged,
    items: joined(parts),
    itemVariance,
    itemFreedom: spread > 0 ? itemVariance ** 2 / spread : sum(parts.map((part) => part.itemFreedom)),
    roundVariance: rounds > 1 ? variance(averaged) : NaN,
    residualVariance: sum(parts.map((part) => part.residualVariance)) / count ** 2
  }
}

/** Every item's part of the mean, target after target. */
function joined(parts: readonly Contrast[]): Float64Array {
  const items = new Float64Array(parts.reduce((total, part) => total + part.items.length, 0))
  let at = 0
  for (const part of parts) for (const value of part.items) items[at++] = value / part.items.length / parts.length
  return items
}

/** With n − 1; 0 of a single value. */
export function variance(values: ArrayLike<number>): number {
  const centre = mean(values)
  let squares = 0
  for (let at = 0; at < values.length; at++) squares += (values[at]! - centre) ** 2
  return squares / Math.max(1, values.length - 1)
}

export function mean(values: ArrayLike<number>): number {
  return sum(values) / values.length
}

function sum(values: ArrayLike<number>): number {
  let total = 0
  for (let at = 0; at < values.length; at++) total += values[at]!
  return total
}
