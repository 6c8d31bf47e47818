import { describe, expect, test } from 'vitest'
import { detectableDifference, expectedSpread } from '../../src/main/evaluation/statistics/detectable.ts'
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
  test('more items, more rounds and fewer comparisons make it smaller; one item makes it infinite', () => {
    const sizes = (items: number) => new Array<number>(items).fill(5)
    const smallest = [sizes(20), sizes(50), sizes(200)].map((each) => detectableDifference(each, 5))
    expect(smallest).toEqual([...smallest].sort((a, b) => b - a))
    expect(detectableDifference(sizes(50), 5)).toBeLessThan(detectableDifference(sizes(50), 1))
    expect(detectableDifference(sizes(50), 5, expectedSpread, { comparisons: 9 })).toBeGreaterThan(
      detectableDifference(sizes(50), 5)
    )
    expect(detectableDifference([7], 5)).toBe(Infinity)
  })
})
