import { expect, test } from 'vitest'
import { isEnough, rateLadder, readRates } from '../../src/main/contract/rate-test.ts'
import { Random } from '../../src/main/random/random.ts'

const groups = 16

/** What a model that learns best at `best` shows: the loss falls up to there and rises behind it; groups differ, and so do their falls. */
function shown(random: Random, { best, depth, noise }: { best: number; depth: number; noise: number }) {
  const levels = Array.from({ length: groups }, () => 3 + random.normal())
  const before = levels.map((level) => level)
  const tried: { rate: number; losses: number[] | null }[] = []
  for (const rate of rateLadder) {
    if (isEnough({ before, tried })) break
    const off = Math.log10(rate / best)
    const change = off <= 0 ? -depth * Math.exp(off) : -depth + 3 * off ** 2
    // The farther weights move, the more groups differ in what it does to them.
    const moved = Math.min(1, Math.exp(off))
    tried.push({ rate, losses: levels.map((level) => level + change + noise * moved * random.normal()) })
  }
  return { before, tried }
}

test('the suggested rate is the best one or a gentler one that does as well; larger ones are not tried in vain', () => {
  const random = new Random(1)
  for (const best of [3e-6, 3e-5, 3e-4, 1e-3, 3e-3]) {
    const places = Array.from({ length: 100 }, () => {
      const record = shown(random, { best, depth: 0.5, noise: 0.2 })
      const { suggested, lowest } = readRates(record)
      expect(suggested).not.toBeNull()
      expect(suggested!).toBeLessThanOrEqual(lowest!)
      expect(record.tried.length).toBeLessThanOrEqual(rateLadder.indexOf(best) + 6)
      return rateLadder.indexOf(suggested!) - rateLadder.indexOf(best)
    })
    expect(places.filter((place) => place === 0 || place === -1).length).toBeGreaterThan(90)
  }
})

test('where no rate helps, one is seldom suggested, and what does no harm is named', () => {
  const random = new Random(2)
  const found = Array.from({ length: 400 }, () => readRates(shown(random, { best: 1e-4, depth: 0, noise: 0.2 })))
  expect(found.filter(({ suggested }) => suggested !== null).length).toBeLessThan(0.15 * found.length)
  for (const { harmless, points } of found)
    if (harmless !== null) expect(points.some(({ rate }) => rate === harmless)).toBe(true)
})

test('a training that goes out of bounds ends the test and is no point of the curve', () => {
  const before = [1, 2]
  const tried = [
    { rate: 1e-6, losses: [0.9, 1.9] },
    { rate: 3e-6, losses: null }
  ]
  expect(isEnough({ before, tried })).toBe(true)
  expect(readRates({ before, tried })).toMatchObject({ suggested: 1e-6, points: [{}, { loss: null, error: null }] })
  expect(readRates({ before, tried: [{ rate: 1e-6, losses: null }] })).toMatchObject({
    suggested: null,
    lowest: null,
    harmless: null
  })
  expect(readRates({ before: [], tried: [] })).toMatchObject({ before: null, points: [], suggested: null })
})
