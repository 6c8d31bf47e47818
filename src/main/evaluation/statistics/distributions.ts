/** Standard normal and Student's t: only what intervals and the planning of an experiment need. */

/** P(Z ≤ z) of the standard normal, to about 1e-15 relative (by the continued fraction and series of erfc). */
export function normalCdf(z: number): number {
  return z < 0 ? 0.5 * regularisedGammaQ(0.5, (z * z) / 2) : 1 - 0.5 * regularisedGammaQ(0.5, (z * z) / 2)
}

/** The z with P(Z ≤ z) = p, for 0 < p < 1. */
export function normalQuantile(p: number): number {
  return bisect((z) => normalCdf(z), p)
}

/** P(T ≤ t) of Student's t with `df` > 0 degrees of freedom. */
export function studentCdf(t: number, df: number): number {
  const tail = 0.5 * regularisedBeta(df / (df + t * t), df / 2, 0.5)
  return t < 0 ? tail : 1 - tail
}

/** P(T > t) for t ≥ 0, exact also far out; of the normal distribution where `df` is infinite. */
export function studentTail(t: number, df: number): number {
  if (df > 1e6) return 0.5 * (t === 0 ? 1 : regularisedGammaQ(0.5, (t * t) / 2))
  return 0.5 * regularisedBeta(df / (df + t * t), df / 2, 0.5)
}

/** The t with P(T ≤ t) = p, for 0 < p < 1. */
export function studentQuantile(p: number, df: number): number {
  return bisect((t) => studentCdf(t, df), p)
}

/** The x with P(X ≤ x) = p of chi-square with `df` > 0 degrees of freedom, for 0 < p < 1. */
export function chiSquareQuantile(p: number, df: number): number {
  return Math.max(
    0,
    bisect((x) => (x <= 0 ? x : 1 - regularisedGammaQ(df / 2, x / 2)), p)
  )
}

/** Finds where a rising function reaches `target`; the bracket grows until it holds the answer. */
function bisect(rising: (x: number) => number, target: number): number {
  let low = -1
  let high = 1
  while (rising(low) > target) low *= 2
  while (rising(high) < target) high *= 2
  for (let step = 0; step < 200 && high - low > 1e-12 * Math.max(1, Math.abs(low)); step++) {
    const middle = (low + high) / 2
    if (rising(middle) < target) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Regularised incomplete beta function I_x(a, b), by Lentz's method on its continued fraction. */
function regularisedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b
}

function betaFraction(x: number, a: number, b: number): number {
  const floor = 1e-300
  const guard = (value: number): number => (Math.abs(value) < floor ? floor : value)
  let c = 1
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1))
  let result = d
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / guard(1 + even * d)
    c = guard(1 + even / c)
    result *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / guard(1 + odd * d)
    c = guard(1 + odd / c)
    result *= d * c
    if (Math.abs(d * c - 1) < 1e-15) break
  }
  return result
}

/** Upper regularised incomplete gamma function Q(a, x): series below a + 1, continued fraction above. */
function regularisedGammaQ(a: number, x: number): number {
  if (x === 0) return 1
  const front = Math.exp(-x + a * Math.log(x) - logGamma(a))
  if (x < a + 1) {
    let term = 1 / a
    let sum = term
    for (let n = 1; n < 500 && term > sum * 1e-17; n++) {
      term *= x / (a + n)
      sum += term
    }
    return 1 - sum * front
  }
  let b = x + 1 - a
  let c = 1e300
  let d = 1 / b
  let result = d
  for (let n = 1; n < 500; n++) {
    const an = -n * (n - a)
    b += 2
    d = 1 / (an * d + b)
    c = b + an / c
    result *= d * c
    if (Math.abs(d * c - 1) < 1e-15) break
  }
  return front * result
}

/** ln Γ(x) for x > 0, by Lanczos' approximation (g = 7, nine terms). */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const shifted = x - 1
  let sum = lanczos[0]!
  for (let at = 1; at < lanczos.length; at++) sum += lanczos[at]! / (shifted + at)
  const t = shifted + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum)
}

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7
]
