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
    itemVariance: variance(items) / size,
    itemFreedom: size - 1,
    roundVariance: count > 1 ? variance(rounds) : NaN,
    residualVariance: freedom > 0 ? residual / freedom / size : 0
  }
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
    items: Float64Array.from(
      parts.flatMap((part) => [...part.items].map((value) => value / part.items.length / count))
    ),
    itemVariance,
    itemFreedom: spread > 0 ? itemVariance ** 2 / spread : sum(parts.map((part) => part.itemFreedom)),
    roundVariance: rounds > 1 ? variance(averaged) : NaN,
    residualVariance: sum(parts.map((part) => part.residualVariance)) / count ** 2
  }
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
