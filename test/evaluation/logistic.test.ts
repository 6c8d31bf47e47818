import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitLogistic } from '../../src/main/evaluation/logistic.ts'
import { Random } from '../../src/main/random/random.ts'

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value))

/** Cases whose chances are known. */
function made(seed: number, count: number, { weights, intercept }: { weights: readonly number[]; intercept: number }) {
  const random = new Random(`logistic ${seed}`)
  const features = Array.from({ length: count }, () => weights.map((_, at) => 10 * at + (at + 1) * random.normal()))
  const chances = features.map((row) =>
    sigmoid(intercept + row.reduce((sum, value, at) => sum + (weights[at]! * (value - 10 * at)) / (at + 1), 0))
  )
  const labels = chances.map((chance): 0 | 1 => (random.uniform() < chance ? 1 : 0))
  return { features, chances, labels }
}
const some = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  weights: fc.array(fc.double({ min: -1.5, max: 1.5, noNaN: true }), { minLength: 1, maxLength: 3 }),
  intercept: fc.double({ min: -1, max: 1, noNaN: true })
})

test('finds the coefficients that the cases were made with, and is calibrated', () => {
  fc.assert(
    fc.property(some, ({ seed, ...truth }) => {
      const { features, chances, labels } = made(seed, 4000, truth)
      const model = fitLogistic(features, labels)
      // Five standard errors of a coefficient of 4,000 cases at the least curvature that such chances leave.
      for (const [at, weight] of truth.weights.entries())
        expect(Math.abs(model.weights[at]! * (at + 1) - weight)).toBeLessThan(0.35)
      const said = features.map((row) => model.predict(row))
      const off = said.reduce((sum, value, at) => sum + Math.abs(value - chances[at]!), 0) / said.length
      expect(off).toBeLessThan(0.04)
      // The free intercept makes what is said on average what comes on average.
      const total = said.reduce((sum, value, at) => sum + value - labels[at]!, 0)
      expect(Math.abs(total)).toBeLessThan(1e-3)
    }),
    { numRuns: 25, seed: 17 }
  )
})

test('is where the penalised likelihood is flat, also where the classes part cleanly or features go together', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), fc.constantFrom(0.01, 1, 10), (seed, ridge) => {
      const random = new Random(`flat ${seed}`)
      const features = Array.from({ length: 24 }, () => {
        const one = random.normal()
        return [one, 2 * one, random.normal()]
      })
      const labels = features.map(([one]): 0 | 1 => (one! > features[0]![0]! - 1e-9 ? 1 : 0))
      fc.pre(labels.some((label) => label === 0))
      const { weights, predict } = fitLogistic(features, labels, ridge)
      const count = features.length
      for (let at = 0; at < 3; at++) {
        const mean = features.reduce((sum, row) => sum + row[at]!, 0) / count
        const scale = Math.sqrt(features.reduce((sum, row) => sum + (row[at]! - mean) ** 2, 0) / count)
        const pull = features.reduce(
          (sum, row, index) => sum + ((predict(row) - labels[index]!) * (row[at]! - mean)) / scale,
          0
        )
        expect(pull + ridge * weights[at]! * scale).toBeCloseTo(0, 3)
      }
    }),
    { numRuns: 60, seed: 17 }
  )
})

test('learns nothing from features that never change, and says a share where there is one class or no case', () => {
  const model = fitLogistic([[3], [3], [3], [3]], [1, 1, 1, 0])
  expect(model.weights).toEqual([0])
  expect(model.predict([3])).toBeCloseTo(0.75, 6)
  expect(model.predict([1000])).toBeCloseTo(0.75, 6)
  expect(fitLogistic([[1], [2]], [1, 1]).predict([5])).toBeCloseTo(3 / 4, 12)
  expect(fitLogistic([[1], [2]], [0, 0]).predict([5])).toBeCloseTo(1 / 4, 12)
  expect(fitLogistic([], []).predict([])).toBeCloseTo(1 / 2, 12)
})
