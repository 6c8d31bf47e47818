import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { contrastOf, mean } from '../../src/main/evaluation/statistics/contrast.ts'
import { roundDeviations, roundPosteriors } from '../../src/main/evaluation/statistics/round-variance.ts'
import { halfWidth, uncertaintyOf } from '../../src/main/evaluation/statistics/uncertainty.ts'

interface Table {
  /** `[items][rounds]`. */
  differences: number[][]
  estimate: number
  standardError: number
}

interface Fit {
  estimate: number
  standardError: number
  /** Half the width of the 95 % interval, by either rule for the degrees of freedom. */
  satterthwaite: number
  kenwardRoger: number
}

/** Made by test/oracle/crossed.py with statsmodels 0.15. */
const tables = golden('crossed.json') as Table[]
/** The same tables, made by test/oracle/crossed.R with lme4, lmerTest and pbkrtest. */
const fits = golden('crossed-lme4.json') as Fit[]

describe('items and query sets as crossed random effects, against statsmodels and R (REML)', () => {
  test.each(tables.map((one, at) => [at, one] as const))('set %i', (at, { differences, estimate, standardError }) => {
    const fit = fits[at]!
    const rounds = differences[0]!.map((__, round) => Float64Array.from(differences, (item) => item[round]!))
    const contrast = contrastOf(
      rounds,
      rounds.map(() => new Float64Array(differences.length)),
      rounds.map((values) => [mean(values), 0])
    )
    const { itemVariance, itemFreedom, roundVariance, residualVariance } = contrast
    expect(contrast.difference).toBeCloseTo(estimate, 4)
    expect(contrast.difference).toBeCloseTo(fit.estimate, 4)
    // The plain components: on balanced tables REML is analysis of variance.
    const plain = Math.sqrt(itemVariance + Math.max(0, roundVariance - residualVariance) / rounds.length)
    expect(Math.abs(plain / standardError - 1)).toBeLessThan(0.01)
    expect(Math.abs(plain / fit.standardError - 1)).toBeLessThan(0.01)
    // The lab's own interval of one test, which knows no REML: it adds up all deviations that the rounds leave possible.
    const [weights] = roundPosteriors([{ rounds: rounds.length, roundVariance, residualVariance }])
    const parts = Array.from(weights!, (weight, place) => ({
      weight,
      variance: roundDeviations[place]! ** 2 / rounds.length
    }))
    const own = halfWidth(uncertaintyOf(itemVariance, itemFreedom, parts), 0.05)
    expect(Math.abs(own / fit.satterthwaite - 1)).toBeLessThan(0.05)
    expect(Math.abs(own / fit.kenwardRoger - 1)).toBeLessThan(0.05)
  })
})

function golden(name: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, '..', 'oracle', 'golden', name), 'utf8'))
}
