/** Up to this many items that differ at all, every pattern of signs is tried; with more, Student's t is as good. */
export const exactLimit = 14

/**
 * The share of all sign patterns whose sum is at least as far from zero as the observed one: exact where few items tell two
 * strategies apart, which is where Student's t promises too much (nearly all answers right, or nearly all wrong).
 * Null with more than `exactLimit` items that differ.
 */
export function signFlipP(differences: Float64Array): number | null {
  const found: number[] = []
  for (const value of differences) {
    if (Math.abs(value) <= 1e-9) continue
    if (found.length === exactLimit) return null
    found.push(value)
  }
  const telling = Float64Array.from(found)
  const observed = Math.abs(telling.reduce((sum, value) => sum + value, 0)) - 1e-9
  const patterns = 2 ** telling.length
  let asExtreme = 0
  let sum = telling.reduce((total, value) => total - value, 0)
  // In Gray's order one sign changes at a time.
  for (let pattern = 0; ; pattern++) {
    if (Math.abs(sum) >= observed) asExtreme++
    if (pattern + 1 === patterns) return asExtreme / patterns
    const turned = 31 - Math.clz32((pattern + 1) & -(pattern + 1))
    const gray = (pattern + 1) ^ ((pattern + 1) >> 1)
    sum += ((gray >> turned) & 1 ? 2 : -2) * telling[turned]!
  }
}
