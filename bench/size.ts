/**
 * `--smoke` runs a suite from end to end on sizes that take seconds: whether it still works, in `npm test`. Its figures say
 * nothing, and none of them is judged. Child processes inherit the variable.
 */
export const smoke = process.env['RECROSS_BENCH_SMOKE'] === '1'

/** A size for the figures, or one that takes no time. */
export function sized<T>(full: T, small: T): T {
  return smoke ? small : full
}
