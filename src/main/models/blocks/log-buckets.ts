/** DeBERTa's relative positions (He et al., 2021): near ones have a row each, farther ones share rows in logarithmic steps. */

export interface LogBuckets {
  /** Rows of the table on each side of position 0. */
  span: number
  /** Near positions up to half as many keep their own; null: all do. */
  buckets: number | null
  maxDistance: number
}

/** The row of the table for `query - key`, in single precision as PyTorch computes it. */
export function rowOf(distance: number, { span, buckets, maxDistance }: LogBuckets): number {
  const place = buckets === null ? distance : bucketOf(distance, buckets, maxDistance)
  return Math.min(Math.max(place + span, 0), 2 * span - 1)
}

function bucketOf(distance: number, buckets: number, maxDistance: number): number {
  const middle = buckets >> 1
  const size = Math.abs(distance)
  if (size <= middle) return distance
  const logarithm = Math.fround(Math.log(Math.fround(size / middle)))
  const whole = Math.fround(Math.log(Math.fround((maxDistance - 1) / middle)))
  const far = Math.ceil(Math.fround(Math.fround(logarithm / whole) * (middle - 1))) + middle
  return Math.sign(distance) * far
}
