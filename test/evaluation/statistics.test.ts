import { describe, expect, test } from 'vitest'
import { Random } from '../../src/main/random/random.ts'
import {
  detectableDifferences,
  expectedSpread,
  measureSpread,
  type PowerPlan
} from '../../src/main/evaluation/statistics/detectable.ts'
import {
  chiSquareQuantile,
  normalCdf,
  normalQuantile,
  studentCdf,
  studentQuantile,
  studentTail
} from '../../src/main/evaluation/statistics/distributions.ts'

describe('distributions', () => {
  // Values of scipy.stats.norm and scipy.stats.t.
  test.each([
    [-3, 0.0013498980316300933],
    [-0.5, 0.3085375387259869],
    [0, 0.5],
    [1.959963984540054, 0.975],
    [5, 0.9999997133484281]
  ])('normal: P(Z ≤ %d) = %d', (z, p) => {
    expect(normalCdf(z)).toBeCloseTo(p, 12)
    expect(normalQuantile(p)).toBeCloseTo(z, 6)
  })
  test.each([
    [12.706204736432095, 1, 0.975],
    [-2.2281388519862753, 10, 0.025],
    [1.0, 3, 0.8044988905221148],
    [2.002465459291007, 57, 0.975],
    [0, 7, 0.5]
  ])("Student's t: P(T ≤ %d; %d) = %d", (t, df, p) => {
    expect(studentCdf(t, df)).toBeCloseTo(p, 10)
    expect(studentQuantile(p, df)).toBeCloseTo(t, 7)
  })
  test('the upper tail is exact far out, and normal where the degrees of freedom have no end', () => {
    expect(studentTail(2.2281388519862753, 10)).toBeCloseTo(0.025, 10)
    // scipy.stats.t.sf(12, 8), scipy.stats.norm.sf(6)
    expect(studentTail(12, 8) / 1.0719333738443846e-6).toBeCloseTo(1, 2)
    expect(studentTail(6, Infinity) / 9.865876450376946e-10).toBeCloseTo(1, 9)
  })
  // scipy.stats.chi2.ppf
  test.each([
    [0.5, 2, 1.3862943611198906],
    [0.975, 4, 11.143286781877796],
    [0.05, 9, 3.325112843066815]
  ])('chi-square: %d of %d degrees of freedom', (p, df, x) => {
    expect(chiSquareQuantile(p, df)).toBeCloseTo(x, 8)
  })
})

describe('the smallest difference that a plan detects', () => {
  const items = (count: number) => new Array<number>(count).fill(5)
  const plan: PowerPlan = {
    ...{ targets: [items(50)], spreads: [expectedSpread], rounds: 5, tuned: 3, untuned: true, planned: 0 }
  }
  const smallest = (changes: Partial<PowerPlan>) => detectableDifferences({ ...plan, ...changes })[0]!

  test('shrinks with items and rounds, and grows with comparisons and with the deviation between query sets', () => {
    const byItems = [20, 50, 200].map((count) => smallest({ targets: [items(count)] }))
    expect(byItems).toEqual([...byItems].sort((a, b) => b - a))
    expect(smallest({ rounds: 8 })).toBeLessThan(smallest({}))
    expect(smallest({ tuned: 6 })).toBeGreaterThan(smallest({}))
    expect(smallest({ planned: 1 })).toBeLessThan(smallest({}))
    expect(smallest({ spreads: [{ ...expectedSpread, roundDeviation: 8 }] })).toBeGreaterThan(smallest({}) + 2)
  })
  test('does not go to nothing with more and more items: query sets remain', () => {
    const spreads = [{ ...expectedSpread, roundDeviation: 3 }]
    // With 5 rounds alone the error is 3/√5 points, however many items there are.
    expect(smallest({ targets: [items(20_000)], spreads })).toBeGreaterThan((2.8 * 3) / Math.sqrt(5))
  })
  test('is infinite with fewer items than a verdict needs', () => {
    expect(smallest({ targets: [items(5)] })).toBe(Infinity)
  })
})

describe('the spread of earlier runs', () => {
  test('holds how much the rounds differ beyond what rows bring', () => {
    const random = new Random(3)
    const rounds = Array.from({ length: 40 }, () => {
      const luck = 6 * random.normal()
      return Array.from({ length: 400 }, () => luck + 30 * random.normal())
    })
    const { rowDeviation, roundDeviation } = measureSpread(
      rounds,
      Array.from({ length: 400 }, (_, row) => row)
    )
    expect(rowDeviation).toBeGreaterThan(28)
    expect(rowDeviation).toBeLessThan(32)
    expect(roundDeviation).toBeGreaterThan(4.5)
    expect(roundDeviation).toBeLessThan(8)
  })
  test('of fewer than three rounds is what is usual', () => {
    expect(
      measureSpread(
        [
          [0, 100, 0],
          [100, 0, 0]
        ],
        [0, 1, 2]
      ).roundDeviation
    ).toBe(expectedSpread.roundDeviation)
  })
})
