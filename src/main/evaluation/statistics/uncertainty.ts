import { studentTail } from './distributions.ts'

/**
 * What is known about how far a difference may lie from the true one: a mixture of Student distributions, one for every
 * standard deviation between query sets that the rounds leave possible.
 */
export interface Uncertainty {
  readonly parts: readonly { weight: number; deviation: number; freedom: number }[]
  /** Standard error, the root of the mean variance. */
  readonly standardError: number
}

/** `betweenRounds` are the possible variances of the difference that come from the draw of the query sets. */
export function uncertaintyOf(
  itemVariance: number,
  itemFreedom: number,
  betweenRounds: readonly { weight: number; variance: number }[]
): Uncertainty {
  const likely = betweenRounds.filter(({ weight }) => weight > 1e-5)
  const total = likely.reduce((sum, { weight }) => sum + weight, 0)
  const parts = likely.map(({ weight, variance }) => {
    const whole = itemVariance + variance
    // Satterthwaite: the items' part is estimated from the items, the rounds' part is given.
    const freedom = itemVariance > 0 ? itemFreedom * (whole / itemVariance) ** 2 : Infinity
    return { weight: weight / total, deviation: Math.sqrt(whole), freedom }
  })
  const variance = parts.reduce((sum, { weight, deviation }) => sum + weight * deviation ** 2, 0)
  return { parts, standardError: Math.sqrt(variance) }
}

/** Two-sided p of the hypothesis that the true difference is 0. */
export function pOf({ parts }: Uncertainty, difference: number): number {
  const size = Math.abs(difference)
  if (size < 1e-9) return 1
  let p = 0
  for (const { weight, deviation, freedom } of parts)
    p += deviation < 1e-9 ? 0 : weight * 2 * studentTail(size / deviation, freedom)
  return Math.min(1, p)
}

/** Half the width of the interval whose edges have the p given; 0 where nothing varies. */
export function halfWidth(uncertainty: Uncertainty, p: number): number {
  if (!(uncertainty.standardError > 1e-9)) return 0
  // How far ln p still is from the one wanted: it falls almost along a line, so that few steps find the place.
  const above = (width: number): number => Math.log(Math.max(1e-300, pOf(uncertainty, width)) / p)
  let low = 0
  let overLow = Math.log(1 / p)
  let high = 2 * uncertainty.standardError
  let overHigh = above(high)
  while (overHigh > 0) {
    low = high
    overLow = overHigh
    high *= 2
    overHigh = above(high)
  }
  // The Illinois rule: an end that stays counts half, so that both move.
  for (let step = 0, stayed = 0; step < 60 && high - low > 1e-9 * high; step++) {
    const middle = low + ((high - low) * overLow) / (overLow - overHigh)
    const over = above(middle)
    if (Math.abs(over) < 1e-9) return middle
    if (over > 0) {
      low = middle
      overLow = over
      if (stayed > 0) overHigh /= 2
      stayed = 1
    } else {
      high = middle
      overHigh = over
      if (stayed < 0) overLow /= 2
      stayed = -1
    }
  }
  return (low + high) / 2
}
