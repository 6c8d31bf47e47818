import { stripSpace } from './normalise.ts'
import { meanOrZero } from '../../sums/sums.ts'

/** Width of the additive statistics: count, Σx, Σy, Σx², Σy², Σxy. */
export const pearsonWidth = 6

/**
 * Statistics of rows `[rows, 6]` of predicted and true numbers. Values are shifted by a constant first, which leaves the
 * correlation as it is and keeps the sums of squares exact. An answer that is no number makes the score undefined, as
 * it does in the original.
 */
export function pearsonStatistics(predicted: readonly string[], truth: readonly string[]): Float64Array {
  const x = predicted.map(readNumber)
  const y = truth.map(readNumber)
  const xShift = meanOfNumbers(x)
  const yShift = meanOfNumbers(y)
  const values = new Float64Array(pearsonWidth * x.length)
  x.forEach((raw, row) => {
    const dx = raw - xShift
    const dy = y[row]! - yShift
    values.set([1, dx, dy, dx * dx, dy * dy, dx * dy], row * pearsonWidth)
  })
  return values
}

/** Pearson correlation in −1..1; null where it is undefined (a side without spread, or an answer that is no number). */
export function pearson(sums: Float64Array): number | null {
  const [n, x, y, xx, yy, xy] = sums as unknown as [number, number, number, number, number, number]
  const xSpread = n * xx - x * x
  const ySpread = n * yy - y * y
  if (!(xSpread > 0) || !(ySpread > 0)) return null
  return Math.max(-1, Math.min(1, (n * xy - x * y) / Math.sqrt(xSpread * ySpread)))
}

/** What Python's `float(text.strip())` reads, but for its names of infinity; NaN where there is no number. */
function readNumber(text: string): number {
  const plain = stripSpace(text)
  return /^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)([eE][+-]?\d+(_\d+)*)?$/.test(plain)
    ? Number(plain.replaceAll('_', ''))
    : NaN
}

function meanOfNumbers(values: readonly number[]): number {
  return meanOrZero(values.filter(Number.isFinite))
}
