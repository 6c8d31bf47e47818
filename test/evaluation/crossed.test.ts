import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { contrastOf, mean } from '../../src/main/evaluation/statistics/contrast.ts'
import { roundDeviations, roundPosteriors } from '../../src/main/evaluation/statistics/round-variance.ts'
import { uncertaintyOf } from '../../src/main/evaluation/statistics/uncertainty.ts'

interface Golden {
  /** `[items][rounds]`. */
  differences: number[][]
  estimate: number
  standardError: number
}

/** Made by test/oracle/crossed.py with statsmodels 0.15. */
const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'oracle', 'golden', 'crossed.json'), 'utf8')
) as Golden[]

describe('items and query sets as crossed random effects, against statsmodels (REML)', () => {
  test.each(golden.map((one, at) => [at, one] as const))('set %i', (_, { differences, estimate, standardError }) => {
    const rounds = differences[0]!.map((__, round) => Float64Array.from(differences, (item) => item[round]!))
    const nothing = new Float64Array(differences.length)
    const contrast = contrastOf(
      rounds,
      rounds.map(() => nothing),
      rounds.map((values) => [mean(values), 0])
    )
    const { itemVariance, itemFreedom, roundVariance, residualVariance } = contrast
    expect(contrast.difference).toBeCloseTo(estimate, 4)
    // The plain components: on balanced tables REML is analysis of variance.
    const plain = Math.sqrt(itemVariance + Math.max(0, roundVariance - residualVariance) / rounds.length)
    expect(Math.abs(plain / standardError - 1)).toBeLessThan(0.01)
    // What the lab uses knows that few rounds say little, and starts from what is usual: nearly the same with so many.
    const [weights] = roundPosteriors([{ rounds: rounds.length, roundVariance, residualVariance }])
    const parts = Array.from(weights!, (weight, at) => ({
      weight,
      variance: roundDeviations[at]! ** 2 / rounds.length
    }))
    const own = uncertaintyOf(itemVariance, itemFreedom, parts).standardError
    expect(Math.abs(own / standardError - 1)).toBeLessThan(0.1)
  })
})
