import { describe, expect, test } from 'vitest'
import { comparisonSchema } from '../../src/main/contract/comparison.ts'
import { columnsOf, testedPairs, testsAgainst } from '../../src/main/evaluation/columns.ts'
import { comparisonText } from '../../src/main/hosts/cli/comparison-text.ts'
import { compare } from '../../src/main/evaluation/comparison.ts'
import { makeExperiment } from './world.ts'

const input = makeExperiment({
  'zero-shot': { Inference: 0.5, Arithmetic: 0.5 },
  random: { Inference: 0.5, Arithmetic: 0.3 },
  semantic: { Inference: 0.8, Arithmetic: 0.5 }
})
const comparison = compare(input)
const find = (column: string, against: string, target: string | null) =>
  comparison.tests.find((test) => test.column === column && test.against === against && test.targetId === target)!
const cell = (column: string, target: string | null) =>
  comparison.cells.find((one) => one.column === column && one.targetId === target)!

describe('a comparison', () => {
  test('is what the contract promises', () => {
    expect(comparisonSchema.parse(comparison)).toEqual(comparison)
  })
  test('has a cell for every column and target, and one over all targets', () => {
    expect(comparison.cells).toHaveLength(3 * 3)
    const means = ['target-Inference', 'target-Arithmetic'].map((id) => cell('random', id).summary!.mean)
    expect(cell('random', null).summary!.mean).toBeCloseTo((means[0]! + means[1]!) / 2, 9)
    expect(cell('random', null).summary!.rounds).toBe(3)
  })
  test('measures against zero-shot, which has no difference to itself', () => {
    expect(cell('zero-shot', 'target-Inference').deltaToZeroShot).toBeNull()
    const delta = cell('semantic', 'target-Inference').deltaToZeroShot!
    expect(delta).toBeCloseTo(
      cell('semantic', 'target-Inference').summary!.mean - cell('zero-shot', 'target-Inference').summary!.mean,
      9
    )
  })
  test('finds the differences that are there', () => {
    expect(find('semantic', 'zero-shot', 'target-Inference').verdict).toBe('better')
    expect(find('semantic', 'random', 'target-Inference').verdict).toBe('better')
    expect(find('random', 'zero-shot', 'target-Arithmetic').verdict).toBe('worse')
    expect(find('semantic', 'zero-shot', null).verdict).toBe('better')
  })
  test('and does not claim the one that is not, saying how many items there really are', () => {
    const none = find('semantic', 'zero-shot', 'target-Arithmetic')
    expect(none).toMatchObject({ verdict: 'no-evidence', rows: 240, sourceItems: 80 })
    expect(none.sentence).toMatch(/^No evidence of a difference between semantic and zero-shot on Arithmetic/)
    expect(none.sentence).toMatch(/240 rows are only 80 source items/)
  })
  test('raises the alarm where tuning hurt beyond chance, and only there', () => {
    expect(cell('random', 'target-Arithmetic').tuningHurt).toBe(true)
    expect(cell('random', 'target-Inference').tuningHurt).toBe(false)
    expect(comparison.warnings.find((line) => /random.*Arithmetic/.test(line))).toMatch(
      /^Tuning hurt: random is worse than zero-shot on Arithmetic by \d+\.\d points /
    )
  })
  test('calls best only what is better than every other column beyond chance', () => {
    expect(comparison.cells.filter((one) => one.best).map((one) => [one.column, one.targetId])).toEqual([
      ['semantic', 'target-Inference'],
      ['semantic', null]
    ])
  })
  test('tests what was planned as a family of its own', () => {
    const planned = [{ sourceId: 'experiment-1', strategy: 'semantic' as const, against: 'random' as const }]
    const apart = compare({ ...input, planned })
    const own = apart.tests.filter((one) => one.planned)
    expect(own.map((one) => `${one.column} / ${one.against}`)).toEqual(Array(3).fill('semantic / random'))
    expect(own[0]).toMatchObject({ comparisons: 3 })
    expect(apart.tests.find((one) => !one.planned)).toMatchObject({ comparisons: 6 })
    // Every way of reading it names the family.
    const text = comparisonText(apart)
    const [, ownPart] = text.split('Planned before the start, a family of their own:')
    expect(ownPart!.split('\n\n')[0]!.trim().split('\n')).toEqual(own.map((one) => `- ${one.sentence}`))
    for (const { sentence } of own) expect(text.split(sentence)).toHaveLength(2)
  })
  test('of runs of several experiments measures each against the untuned model of its own', () => {
    const source = (id: string, modelId: string) => ({ id, name: `Experiment ${id}`, modelId })
    const other = makeExperiment({
      'zero-shot': { Inference: 0.2, Arithmetic: 0.2 },
      semantic: { Inference: 0.3, Arithmetic: 0.3 }
    })
    const runs = [
      ...input.runs.map((run) => ({ ...run, source: source('a', 'm') })),
      ...other.runs.map((run) => ({ ...run, runId: `b-${run.runId}`, source: source('b', 'n') }))
    ]
    const both = compare({ ...input, runs })
    expect(both.columns.map(({ key, baseline }) => [key, baseline])).toEqual([
      ['zero-shot @a', null],
      ['zero-shot @b', null],
      ['random @a', 'zero-shot @a'],
      ['semantic @a', 'zero-shot @a'],
      ['semantic @b', 'zero-shot @b']
    ])
    const delta = (column: string) =>
      both.cells.find((one) => one.targetId === null && one.column === column)!.deltaToZeroShot!
    expect(delta('semantic @a')).toBeCloseTo(cell('semantic', null).deltaToZeroShot!, 9)
    expect(delta('semantic @b')).toBeLessThan(delta('semantic @a'))
    const pairs = both.tests.filter((one) => one.targetId === null).map((one) => `${one.column} – ${one.against}`)
    expect(pairs).toContain('semantic @b – semantic @a')
    expect(pairs).not.toContain('semantic @b – zero-shot @a')
    expect(testsAgainst(both, 'random').map((one) => one.column)).toEqual(Array(3).fill('semantic @a'))
  })
  test('corrected p-values are never smaller than plain ones', () => {
    for (const one of comparison.tests) expect(one.pCorrected).toBeGreaterThanOrEqual(one.p)
  })
  test('gives the same numbers again', () => {
    expect(compare(input)).toEqual(comparison)
  })
  test('plots every run on every target against its time', () => {
    expect(comparison.points).toHaveLength(2 + 6 + 6)
    expect(comparison.points[0]).toMatchObject({ column: 'zero-shot', seconds: 15 })
  })
  test('says so when there is no zero-shot run', () => {
    const without = compare({ ...input, runs: input.runs.filter((run) => run.strategy !== 'zero-shot') })
    expect(without.warnings[0]).toMatch(/no zero-shot run/)
    expect(without.cells.every((one) => one.deltaToZeroShot === null)).toBe(true)
  })
  test('copes with an experiment in progress: rounds and targets that are missing are left out', () => {
    const runs = input.runs.filter((run) => run.strategy !== 'semantic' || run.round === 0)
    const early = runs.map((run) =>
      run.strategy === 'semantic' ? { ...run, outputs: new Map([...run.outputs].slice(0, 1)) } : run
    )
    const partial = compare({ ...input, runs: early })
    expect(
      partial.cells.find((one) => one.column === 'semantic' && one.targetId === 'target-Arithmetic')!.summary
    ).toBeNull()
    expect(partial.cells.find((one) => one.column === 'semantic' && one.targetId === null)!.summary).toBeNull()
    expect(partial.tests.some((one) => one.column === 'semantic' && one.targetId === 'target-Inference')).toBe(true)
    expect(partial.tests.some((one) => one.column === 'semantic' && one.targetId === 'target-Arithmetic')).toBe(false)
  })
  test('with a handful of items says that no test can help', () => {
    const tiny = compare(makeExperiment({ 'zero-shot': { CB: 0.1 }, dense: { CB: 0.9 } }, { items: 4, variants: 5 }))
    expect(tiny.tests[0]!.sentence).toMatch(
      /^No test can tell a difference .* 20 rows are only 4 source items, fewer than 6\.$/
    )
  })
  test('an experiment without any finished run is an empty comparison, not an error', () => {
    expect(compare({ ...input, runs: [] })).toMatchObject({ columns: [], cells: [], tests: [], points: [] })
  })
})

describe('columns', () => {
  const runs = [
    { strategy: 'dense', ablatedGroup: 'Topic' },
    { strategy: 'dense', ablatedGroup: null },
    { strategy: 'random', ablatedGroup: null },
    { strategy: 'zero-shot', ablatedGroup: null },
    { strategy: 'dense', ablatedGroup: 'Sentiment' }
  ] as const

  test('stand in the order of the paper, ablations after their strategy', () => {
    expect(columnsOf(runs).map((column) => column.label)).toEqual([
      'zero-shot',
      'random',
      'dense',
      'dense without Sentiment',
      'dense without Topic'
    ])
  })
  test('an ablation is tested against zero-shot and against its own strategy only', () => {
    const pairs = testedPairs(columnsOf(runs)).map(({ column, against }) => `${column.key} / ${against.key}`)
    expect(pairs).toEqual([
      'random / zero-shot',
      'dense / zero-shot',
      'dense / random',
      'dense without Sentiment / zero-shot',
      'dense without Sentiment / dense',
      'dense without Topic / zero-shot',
      'dense without Topic / dense'
    ])
  })
})
