import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { tuneSettingsSchema } from '../../../src/main/contract/run-settings.ts'
import { referenceOf, referenceRows } from '../../../src/main/contract/reference-results.ts'
import { projectFolder } from '../../../src/main/hosts/project.ts'
import { presetSpec } from '../../../src/main/features/experiments/presets.ts'
import { presetTable } from '../../../src/main/features/experiments/preset-table.ts'
import { onceOnly } from '../../../src/main/worker/run/evaluate-phase.ts'
import { stageSettings, trainingStages } from '../../../src/main/worker/run/training-data.ts'
import { makeTinyWorld, runInput } from '../../worker/tiny-world.ts'

describe('the preset of the released code', () => {
  test('differs from the paper where the documents say so, and nowhere else', () => {
    const { columns, rows } = presetTable(null)
    const text = readFileSync(join(projectFolder(), 'docs', 'paper-code.md'), 'utf8')
    const written = text
      .split('\n')
      .filter((line) => line.startsWith('|') && !/^\|[ |-]*$/.test(line))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim())
      )
    const table = [['setting', ...columns], ...rows.map(({ path, values }) => [`\`${path}\``, ...values])]
    expect(written).toEqual(table)
  })
  test.each([1.3e6, 139e6, 406e6])('keeps what it is there for with a model of %d weights', (parameters) => {
    const { tune, retrieval, strategies } = presetSpec('paper-code', { parameters })
    expect(tune).toMatchObject({
      epochs: 1,
      schedule: 'constant',
      labelSmoothing: 0.1,
      lossReduction: 'sum',
      answers: 'drawn'
    })
    expect(tune.queryLearningRate! / tune.learningRate).toBeCloseTo(10 / 6, 6)
    expect(retrieval.deduplicate).toBe(false)
    expect(strategies).toContain('recross')
  })
})

describe('settings of the released code', () => {
  test.each([
    ['yes yes', 'yes'],
    ['yes', 'yes'],
    ['yes yes yes', 'yes yes yes'],
    ['yes no', 'yes no'],
    ['Yes yes', 'Yes yes'],
    ['', '']
  ])('the answer "%s" counts as "%s"', (said, counted) => expect(onceOnly(said)).toBe(counted))

  test('in a mix two queries balance nine retrieved examples as eight; several answers go along', async () => {
    const world = await makeTinyWorld()
    try {
      const tune = tuneSettingsSchema.parse({ merge: 'mix', repeatQueries: true, answers: 'drawn' })
      const retrieved = Array.from({ length: 9 }, (_, at) => ({
        ...{ exampleId: at + 1, score: null, query: null, rank: at + 1, task: 't', group: 'g' },
        ...{ input: `in ${at}`, outputs: ['a', 'b'] }
      }))
      const [stage, ...more] = trainingStages(runInput(world, { tune }), retrieved)
      expect(more).toEqual([])
      expect(stage).toHaveLength(9 + 8)
      expect(stage![0]).toEqual({ input: 'in 0', output: 'a', others: ['b'] })
      expect(stage!.slice(9).filter(({ output }) => output === 'owl')).toHaveLength(4)
    } finally {
      world.remove()
    }
  })
  test.each([
    [16, 512, 512],
    [2, 9, 8],
    [16, 7, 16],
    [1, 512, 512]
  ])('%d queries in a mix with %d retrieved examples are %d rows', async (queries, retrieved, rows) => {
    const world = await makeTinyWorld()
    try {
      const tune = tuneSettingsSchema.parse({ merge: 'mix', repeatQueries: true })
      const [target] = runInput(world).targets
      const own = Array.from({ length: queries }, (_, at) => ({
        ...{ input: `asked ${at}`, outputs: ['owl'], sourceId: `q${at}` }
      }))
      const input = runInput(world, { tune, targets: [{ ...target!, queries: own }] })
      const found = Array.from({ length: retrieved }, (_, at) => ({
        ...{ exampleId: at + 1, score: null, query: null, rank: at + 1, task: 't', group: 'g' },
        ...{ input: `in ${at}`, outputs: ['a'] }
      }))
      const [stage] = trainingStages(input, found)
      const asked = stage!.filter((one) => one.input.startsWith('asked'))
      expect(asked).toHaveLength(rows)
      expect(stage).toHaveLength(retrieved + rows)
      // Each query as often as the others.
      expect(new Set(asked.map((one) => one.input)).size).toBe(queries)
    } finally {
      world.remove()
    }
  })
  test('labelled queries have their own rate and epochs, in the stage that learns from them', () => {
    const own = { queryLearningRate: 1e-5, queryEpochs: 5 }
    const rates = (merge: 'unsupervised' | 'none' | 'mix' | 'two-stage', stage: number) => {
      const { learningRate, epochs } = stageSettings(tuneSettingsSchema.parse({ ...own, merge, epochs: 1 }), stage)
      return [learningRate, epochs]
    }
    expect(rates('unsupervised', 0)).toEqual([6e-6, 1])
    expect(rates('two-stage', 0)).toEqual([6e-6, 1])
    for (const [merge, stage] of [
      ['two-stage', 1],
      ['mix', 0],
      ['none', 0]
    ] as const)
      expect(rates(merge, stage)).toEqual([1e-5, 5])
  })
})

describe('reported results', () => {
  test.each([
    ['super_glue-cb', 'cb'],
    ['CommitmentBank', 'cb'],
    ['Word in context', 'wic'],
    ['ARC challenge', 'arc-challenge'],
    ['ai2_arc-ARC-Challenge', 'arc-challenge'],
    ['winogrande-winogrande_xl', 'winogrande'],
    ['hotel_reviews', null],
    ['anli_r3', 'anli_r3'],
    ['openbookqa-main', 'openbookqa'],
    ['acbd', null]
  ])('of %s are those of %s', (name, task) => expect(referenceOf(name)?.task ?? null).toBe(task))
  test('are ten tasks with six columns', () => {
    expect(referenceRows).toHaveLength(10)
    for (const { cells } of referenceRows) expect(cells).toHaveLength(6)
  })
})
