import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { experimentSpecSchema, type ExperimentSpec } from '../../src/main/contract/experiments.ts'
import { passes, rowMetric, type RowFilter } from '../../src/main/evaluation/examples.ts'
import { countTasks, heatMapOf, overlapOf } from '../../src/main/evaluation/retrieved.ts'
import { compareSettings } from '../../src/main/evaluation/settings.ts'
import { summarise } from '../../src/main/evaluation/summary.ts'
import { bytes, decimal, duration, points, pValue, signedPoints } from '../../src/main/evaluation/wording.ts'

describe('summaries over rounds', () => {
  test.each([
    [[], null],
    [[40], { mean: 40, sd: 0, median: 40, min: 40, max: 40, rounds: 1 }],
    [[40, 44], { mean: 42, sd: Math.SQRT2 * 2, median: 42, min: 40, max: 44, rounds: 2 }],
    [[3, 1, 2], { mean: 2, sd: 1, median: 2, min: 1, max: 3, rounds: 3 }]
  ])('%j', (scores, expected) => {
    expect(summarise(scores)).toEqual(expected)
  })
})

describe('numbers in words', () => {
  test.each([
    [signedPoints(0.04), '0.0'],
    [signedPoints(-0.04), '0.0'],
    [signedPoints(2.15), '+2.1'],
    [signedPoints(-2.25), '−2.3'],
    [points(1), '1.0 point'],
    [points(-3), '−3.0 points'],
    [decimal(12.345, 2), '12.35'],
    [pValue(0.0004), 'p < 0.001'],
    [pValue(0.0321), 'p = 0.032'],
    [pValue(0.05), 'p = 0.05'],
    [pValue(0.4), 'p = 0.40'],
    [duration(3.21), '3.2 s'],
    [duration(59.7), '1 min'],
    [duration(200), '3 min 20 s'],
    [duration(7260), '2 h 1 min'],
    [duration(3600), '1 h'],
    [bytes(12), '12 bytes'],
    [bytes(1_440_000_000), '1.4 GB'],
    [bytes(999_900), '1.0 MB']
  ])('%s', (text, expected) => {
    expect(text).toBe(expected)
  })
})

describe('what was retrieved', () => {
  test('tasks by size', () => {
    const retrieved = [
      { task: 'b', group: 'g' },
      { task: 'a', group: 'g' },
      { task: 'b', group: 'g' }
    ]
    expect(countTasks(retrieved)).toEqual([
      { task: 'b', group: 'g', count: 2 },
      { task: 'a', group: 'g', count: 1 }
    ])
  })
  test('overlap is symmetric, 1 with itself, 0 with nothing', () => {
    const ids = fc.uniqueArray(fc.nat({ max: 30 }))
    fc.assert(
      fc.property(ids, ids, (a, b) => {
        expect(overlapOf(a, b)).toEqual(overlapOf(b, a))
        expect(overlapOf(a, a).jaccard).toBe(a.length === 0 ? 0 : 1)
        expect(overlapOf(a, []).shared).toBe(0)
      })
    )
    expect(overlapOf([1, 2, 3], [2, 3, 4])).toEqual({ shared: 2, jaccard: 0.5 })
  })
  test('shares of a target add up to one, by group and by task', () => {
    const one = fc.record({ task: fc.constantFrom('a', 'b', 'c', 'd'), group: fc.constantFrom('x', 'y') })
    fc.assert(
      fc.property(
        fc.array(fc.array(one, { minLength: 1 }), { minLength: 1 }),
        fc.constantFrom('group', 'task'),
        (sets, by) => {
          const { rows, share } = heatMapOf(
            sets.map((retrieved, at) => ({ id: `${at}`, name: `${at}`, retrieved })),
            by
          )
          expect(new Set(rows)).toEqual(new Set(sets.flat().map((example) => example[by])))
          for (const at of sets.keys()) expect(share.reduce((sum, row) => sum + row[at]!, 0)).toBeCloseTo(1, 9)
        }
      )
    )
  })
  test('tasks stand by group', () => {
    const retrieved = [
      { task: 'b', group: 'x' },
      { task: 'a', group: 'y' },
      { task: 'c', group: 'x' },
      { task: 'b', group: 'x' }
    ]
    const target = { id: 't1', name: 'One', retrieved }
    expect(heatMapOf([target], 'task')).toMatchObject({ rows: ['b', 'c', 'a'], share: [[0.5], [0.25], [0.25]] })
    expect(heatMapOf([target, { id: 't2', name: 'Two', retrieved: [] }])).toMatchObject({
      rows: ['x', 'y'],
      share: [
        [0.75, 0],
        [0.25, 0]
      ]
    })
  })
})

describe('settings side by side', () => {
  const spec = experimentSpecSchema.parse({
    name: 'A',
    models: { base: 'm1', encoder: null },
    datasetId: 'd1',
    targetIds: ['t1', 't2'],
    strategies: ['zero-shot', 'dense'],
    rounds: 5,
    retrieval: {},
    tune: {},
    evaluation: {}
  })
  const other: ExperimentSpec = { ...spec, name: 'B', tune: { ...spec.tune, learningRate: 1e-4 } }

  test('mark what differs, and show names for ids', () => {
    const rows = compareSettings(
      [spec, other],
      new Map([
        ['m1', 'bart-base'],
        ['t1', 'RTE']
      ])
    )
    expect(rows.filter((row) => row.differs).map((row) => row.path)).toEqual(['name', 'tune.learningRate'])
    expect(rows.find((row) => row.path === 'models.base')).toMatchObject({
      label: 'Base model',
      values: ['bart-base', 'bart-base']
    })
    expect(rows.find((row) => row.path === 'targetIds')!.values[0]).toBe('RTE, t2')
    expect(rows.find((row) => row.path === 'tune.learningRate')).toMatchObject({
      label: 'Tuning: learning rate',
      values: ['0.000006', '0.0001']
    })
  })
})

describe('filters of the example explorer', () => {
  const rows = {
    fixed: new Map([
      ['zero-shot', 0],
      ['dense', 100]
    ]),
    broken: new Map([
      ['zero-shot', 100],
      ['dense', 0]
    ]),
    wrong: new Map([
      ['zero-shot', 0],
      ['dense', 20]
    ]),
    right: new Map([
      ['zero-shot', 100],
      ['dense', 100]
    ]),
    half: new Map([['zero-shot', 0]])
  }
  test.each<[RowFilter, (keyof typeof rows)[]]>([
    ['all', ['fixed', 'broken', 'wrong', 'right', 'half']],
    ['fixed', ['fixed']],
    ['broken', ['broken']],
    ['differ', ['fixed', 'broken', 'wrong']],
    ['all-wrong', ['wrong', 'half']],
    ['all-right', ['right']]
  ])('%s', (filter, expected) => {
    const kept = Object.entries(rows).filter(([, scores]) => passes(filter, scores, 'dense', 'zero-shot'))
    expect(kept.map(([name]) => name)).toEqual(expected)
  })
  test('metrics of whole sets judge single rows by SoftEM', () => {
    expect(rowMetric('macro-f1')).toBe('soft-em')
    expect(rowMetric('rouge-l')).toBe('rouge-l')
  })
})
