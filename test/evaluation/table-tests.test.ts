import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawTable, usualWorld, type World } from '../../bench/campaigns/statistics/world.ts'
import { Random } from '../../src/main/random/random.ts'
import { metrics } from '../../src/main/evaluation/metrics/metrics.ts'
import { numberItems, scoreItems } from '../../src/main/evaluation/statistics/pseudo-values.ts'
import { roundDeviations, roundPosteriors } from '../../src/main/evaluation/statistics/round-variance.ts'
import { signFlipP } from '../../src/main/evaluation/statistics/sign-flip.ts'
import { halfWidth, pOf, uncertaintyOf } from '../../src/main/evaluation/statistics/uncertainty.ts'
import { testTable, type TablePair, type TestedDifference } from '../../src/main/evaluation/statistics/table-tests.ts'

const allPairs = (tuned: number): TablePair[] =>
  Array.from({ length: tuned + 1 }, (_, column) =>
    Array.from({ length: column }, (__, against) => ({ column, against, planned: false }))
  ).flat()

function tableOf(world: Partial<World>, seed: number, pairs?: TablePair[], draws?: number): TestedDifference[] {
  const whole = { ...usualWorld, ...world }
  const tuned = [false, ...Array.from({ length: whole.tuned }, () => true)]
  return testTable(drawTable(whole, new Random(seed)), tuned, pairs ?? allPairs(whole.tuned), {
    seed,
    ...(draws === undefined ? {} : { draws })
  })
}

describe('every test of a table', () => {
  test('has an interval that excludes 0 exactly where the corrected p is at most 0.05', () => {
    const world = fc.record({
      targets: fc.integer({ min: 1, max: 4 }),
      tuned: fc.integer({ min: 1, max: 4 }),
      items: fc.constantFrom(2, 5, 7, 12, 40, 150),
      variants: fc.constantFrom(1, 4),
      rounds: fc.constantFrom(1, 2, 3, 6),
      roundDeviation: fc.constantFrom(0, 3),
      base: fc.constantFrom(0.02, 0.5, 0.97),
      effects: fc.constantFrom([], [15], [0, 30], [40, -40]),
      alike: fc.constantFrom(0, 0.35, 0.9)
    })
    fc.assert(
      fc.property(world, fc.integer({ min: 1, max: 1e6 }), (given, seed) => {
        for (const { interval, pCorrected, p, difference } of tableOf({ ...given, steady: 0.1 }, seed)) {
          expect(pCorrected <= 0.05 && difference !== 0).toBe(interval[0] > 0 || interval[1] < 0)
          expect(interval[0]).toBeLessThanOrEqual(difference)
          expect(interval[1]).toBeGreaterThanOrEqual(difference)
          expect(pCorrected).toBeGreaterThanOrEqual(p)
        }
      }),
      { numRuns: 60 }
    )
  })
  test('turns its sign with its sides, and nothing else', () => {
    const world = { effects: [8], items: 60, rounds: 4 }
    const forth = tableOf(world, 3, [{ column: 1, against: 0, planned: false }])[0]!
    const back = tableOf(world, 3, [{ column: 0, against: 1, planned: false }])[0]!
    expect(back.difference).toBeCloseTo(-forth.difference, 9)
    expect(back.p).toBeCloseTo(forth.p, 9)
    expect(back.interval[0]).toBeCloseTo(-forth.interval[1], 6)
  })
  test.each([
    // One untuned run that is lucky on the few hard items shows no spread of its own.
    { base: 0.95, items: 40, rounds: 10 },
    { base: 0.9, items: 20, rounds: 10 },
    { metric: 'pearson', items: 20, rounds: 10 },
    { metric: 'macro-f1', items: 20, rounds: 10, base: 0.8 }
  ] as const)('errs in few tables where a single run may be lucky: %o', (world) => {
    const tables = 400
    let alarms = 0
    for (let seed = 0; seed < tables; seed++)
      alarms += Number(tableOf({ ...world, tuned: 1 }, seed, undefined, 200)[0]!.pCorrected <= 0.05)
    // 5 % are 20 of 400; 34 is what chance makes of that in one of a thousand tries.
    expect(alarms).toBeLessThan(34)
  })
  test('speaks of these query sets only with fewer than three, and of none where nothing is tuned', () => {
    const scope = (rounds: number) => tableOf({ rounds }, 1).map((one) => one.scope)
    expect(new Set(scope(1))).toEqual(new Set(['these-query-sets']))
    expect(new Set(scope(2))).toEqual(new Set(['these-query-sets']))
    expect(new Set(scope(3))).toEqual(new Set(['any-query-sets']))
    const untuned = testTable(
      drawTable({ ...usualWorld, tuned: 1, rounds: 1 }, new Random(1)),
      [false, false],
      allPairs(1)
    )
    expect(untuned.map((one) => [one.scope, one.rounds])).toEqual([['no-query-sets', 0]])
  })
  test('is about the targets one by one, about these together, and about others like them from three on', () => {
    const over = (targets: number) => new Set(tableOf({ targets }, 1).map((one) => one.over))
    expect(over(1)).toEqual(new Set(['target']))
    expect(over(2)).toEqual(new Set(['target', 'these-targets']))
    expect(over(3)).toEqual(new Set(['target', 'these-targets', 'targets-like-these']))
  })
  test('planned comparisons are a family of their own, and find more for it', () => {
    const world = { targets: 2, tuned: 4, items: 120, rounds: 5, effects: [0, 0, 12] }
    const planned = allPairs(4).map((pair) => ({ ...pair, planned: pair.column === 3 && pair.against === 0 }))
    const together = tableOf(world, 5).filter(({ pair }) => pair.column === 3 && pair.against === 0)
    const apart = tableOf(world, 5, planned).filter(({ pair }) => pair.planned)
    expect(apart.map((one) => one.family)).toEqual([3, 3, 3])
    apart.forEach((one, at) => {
      expect(one.p).toBeCloseTo(together[at]!.p, 9)
      expect(one.pCorrected).toBeLessThan(together[at]!.pCorrected)
      expect(one.detectable).toBeLessThan(together[at]!.detectable)
    })
  })
  test('identical answers give no difference, p = 1; one item gives no test', () => {
    const [target] = drawTable({ ...usualWorld, tuned: 1 }, new Random(1))
    const same = { ...target!, columns: [target!.columns[1]!, target!.columns[1]!] }
    expect(testTable([same], [true, true], allPairs(1))[0]).toMatchObject({ difference: 0, interval: [0, 0], p: 1 })
    expect(tableOf({ items: 1 }, 1)).toEqual([])
  })
  test('with five items finds nothing, however clear it looks', () => {
    const [one] = tableOf({ items: 5, tuned: 1, rounds: 3, base: 0.02, effects: [97] }, 1)
    expect(one!.pCorrected).toBeGreaterThan(0.05)
    expect(one!.detectable).toBe(Infinity)
  })
  test('a model that answers several targets brings its luck to all of them: their average is less certain', () => {
    const targets = drawTable(
      { ...usualWorld, targets: 6, items: 400, rounds: 4, roundDeviation: 5, tuned: 1 },
      new Random(2)
    )
    const shared = targets.map((target) => ({
      ...target,
      columns: target.columns.map((runs) => runs.map((run) => ({ ...run, shared: true })))
    }))
    // The same luck on every target: every round's scores are moved alike.
    const moved = shared.map((target) => ({
      ...target,
      columns: target.columns.map((runs, column) =>
        runs.map((run, round) => {
          const by = column === 0 ? 0 : [6, -6, 3, -3][round]!
          return {
            ...run,
            scored: { score: run.scored.score + by, values: run.scored.values.map((value) => value + by) }
          }
        })
      )
    }))
    const errorOf = (table: typeof targets) =>
      testTable(table, [false, true], allPairs(1)).find((one) => one.over === 'these-targets')!.standardError
    expect(errorOf(moved)).toBeGreaterThan(1.5 * errorOf(targets))
  })
})

describe('pseudo-values', () => {
  const references = ['a', 'b', 'a', 'c', 'b', 'a', 'a', 'b']
  const outputs = ['a', 'a', 'a', 'c', 'b', 'b', 'a', 'b']
  const answered = outputs.map((output, row) => ({ output, references: [references[row]!] }))
  test('of a mean are the items’ own scores', () => {
    const { clusterOf, sizes } = numberItems(references.map((_, row) => row))
    const { score, values } = scoreItems(metrics.em, metrics.em.statistics(answered), clusterOf, sizes.length)!
    expect(score).toBe(75)
    ;[100, 0, 100, 100, 100, 0, 100, 100].forEach((expected, row) => expect(values[row]).toBeCloseTo(expected, 9))
  })
  test.each(['macro-f1', 'matthews', 'bleu', 'em'] as const)('of %s come from leaving one item out', (name) => {
    const sourceItems = [0, 0, 1, 2, 2, 3, 4, 4]
    const { clusterOf, sizes } = numberItems(sourceItems)
    const metric = metrics[name]
    const { score, values } = scoreItems(metric, metric.statistics(answered), clusterOf, sizes.length)!
    for (let item = 0; item < 5; item++) {
      const { width, values: rows } = metric.statistics(answered)
      const sums = new Float64Array(width)
      rows.forEach((value, at) => {
        if (sourceItems[Math.floor(at / width)] !== item) sums[at % width]! += value
      })
      expect(values[item]).toBeCloseTo(5 * score - 4 * metric.score(sums)!, 9)
    }
  })
})

describe('few items', () => {
  test('every pattern of signs is tried: 6 items all better give p = 2/64', () => {
    expect(signFlipP(Float64Array.from([1, 1, 0, 1, 1, 1, 0, 1]))).toBe(2 / 64)
  })
  test('as trying them one by one says', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 10 }), (values) => {
        const sum = Math.abs(values.reduce((total, value) => total + value, 0))
        let extreme = 0
        for (let pattern = 0; pattern < 2 ** values.length; pattern++) {
          const turned = values.reduce((total, value, at) => total + ((pattern >> at) & 1 ? value : -value), 0)
          if (Math.abs(turned) >= sum) extreme++
        }
        expect(signFlipP(Float64Array.from(values))).toBeCloseTo(extreme / 2 ** values.length, 12)
      })
    )
  })
  test('with many it leaves the word to Student', () => {
    expect(signFlipP(new Float64Array(15).fill(1))).toBeNull()
  })
})

describe('the deviation between query sets', () => {
  const meanOf = (weights: Float64Array) => weights.reduce((sum, weight, at) => sum + weight * roundDeviations[at]!, 0)
  const evidence = (roundVariance: number, rounds = 5) => ({ rounds, roundVariance, residualVariance: 1 })
  test('weights sum to 1 and follow what was seen', () => {
    const posteriors = roundPosteriors([evidence(1), evidence(10), evidence(60)])
    for (const weights of posteriors) expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9)
    const means = posteriors.map(meanOf)
    expect(means).toEqual([...means].sort((a, b) => a - b))
  })
  test('with many rounds is what was seen, less what the items bring', () => {
    expect(meanOf(roundPosteriors([evidence(17, 200)])[0]!)).toBeCloseTo(4, 0)
  })
  test('with few rounds is drawn towards what the others say', () => {
    const alone = meanOf(roundPosteriors([evidence(60, 3)])[0]!)
    const among = meanOf(roundPosteriors([evidence(60, 3), ...Array.from({ length: 9 }, () => evidence(1.5, 3))])[0]!)
    expect(among).toBeLessThan(alone)
  })
})

test('an interval’s edges have the p that was asked for', () => {
  const parts = [0, 4, 9].map((variance) => ({ weight: 1 / 3, variance }))
  const uncertainty = uncertaintyOf(3, 12, parts)
  for (const p of [0.05, 0.004]) expect(pOf(uncertainty, halfWidth(uncertainty, p))).toBeCloseTo(p, 6)
})
