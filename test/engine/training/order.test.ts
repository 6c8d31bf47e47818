import fc from 'fast-check'
import { expect, test } from 'vitest'
import { epochOrder } from '../../../src/main/engine/training/order.ts'
import { uniformNumbers } from '../../../src/main/random/labelled.ts'

const settings = { batchSize: 4, accumulation: 2, seed: 5, shuffle: 'by-length' as const }
const uniform = uniformNumbers(1, 'lengths')
const lengths = Array.from({ length: 3000 }, () => 5 + Math.floor(200 * uniform() ** 3))
const lengthOf = (example: number) => lengths[example]!
const everything = lengths.map((_, example) => example)
const stepsOf = (count: number) => Array.from({ length: Math.ceil(count / 8) }, (_, step) => step)

test('every order of an epoch has each example once, in whole steps but for the last of a window', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1500 }),
      fc.constantFrom(true, false, 'by-length' as const),
      (count, shuffle) => {
        const step = epochOrder(everything.slice(0, count), { ...settings, shuffle }, lengthOf, 0)
        const examples = stepsOf(count).flatMap((at) => [...step(at)])
        expect([...examples].sort((a, b) => a - b)).toEqual(everything.slice(0, count))
      }
    ),
    { numRuns: 50 }
  )
})

test('by length, batches need a small part of the padding, and short texts do not come first', () => {
  const padding = (shuffle: true | 'by-length') => {
    const step = epochOrder(everything, { ...settings, shuffle }, lengthOf, 0)
    const batches = stepsOf(everything.length).map((at) => step(at).map(lengthOf))
    const real = lengths.reduce((sum, length) => sum + length, 0)
    return batches.reduce((sum, batch) => sum + Math.max(...batch) * batch.length, 0) / real - 1
  }
  expect(padding('by-length')).toBeLessThan(0.1 * padding(true))
  const step = epochOrder(everything, settings, lengthOf, 0)
  const mean = (from: number) => {
    const some = stepsOf(256).flatMap((at) => step(from + at).map(lengthOf))
    return some.reduce((sum, length) => sum + length, 0) / some.length
  }
  expect(mean(0) / mean(32)).toBeGreaterThan(0.5)
  expect(mean(0) / mean(32)).toBeLessThan(2)
})

test('a step asked for on its own is the one that came in turn; epochs differ', () => {
  const inTurn = epochOrder(everything, settings, lengthOf, 3)
  const all = stepsOf(everything.length).map((at) => inTurn(at))
  const alone = epochOrder(everything, settings, lengthOf, 3)
  for (const at of [370, 3, 64, 200]) expect(alone(at)).toEqual(all[at])
  expect(epochOrder(everything, settings, lengthOf, 4)(0)).not.toEqual(all[0])
})
