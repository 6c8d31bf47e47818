import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keepWeightsSchema, type ExperimentSpec } from '../../../src/main/contract/experiments.ts'
import { forkStarter } from '../../../src/main/hosts/fork-starter.ts'
import { workerEntry } from '../../../src/main/hosts/project.ts'
import {
  bestRuns,
  keptBytes,
  mostUnasked,
  sized,
  usualKeep
} from '../../../src/main/features/experiments/kept-weights.ts'
import { planRuns } from '../../../src/main/features/experiments/plan-runs.ts'
import { presetSpec } from '../../../src/main/features/experiments/presets.ts'
import { openLab, untilJob } from '../../hosts/fixture.ts'
import { makeTinyWorld, type TinyWorld } from '../../worker/tiny-world.ts'
import { specOf } from './spec.ts'
import { installTinyWorld, tinySpec, untilOver } from './tiny-lab.ts'

const bytesOf = (spec: ExperimentSpec, base: { parameters: number; hiddenSize: number }) =>
  keptBytes(sized(planRuns(spec), { spec, models: { base } }))

const bart0 = { parameters: 406_290_432, hiddenSize: 1024 }

describe('what is kept unasked', () => {
  test.each(['quick', 'paper', 'thorough'] as const)(
    '%s with BART0 stays under 5 GB for any number of targets',
    (preset) => {
      for (let targets = 1; targets <= 12; targets++) {
        const targetIds = Array.from({ length: targets }, (_, at) => `t${at}`)
        const spec = specOf({ ...presetSpec(preset, bart0), targetIds })
        const bytes = bytesOf(spec, bart0)
        expect(bytes[usualKeep(bytes)]).toBeLessThanOrEqual(mostUnasked)
        expect(bytes.best).toBeLessThanOrEqual(bytes.all)
      }
    }
  )

  test('the paper with one target keeps the best of each strategy; a small model keeps everything', () => {
    const paper = specOf({ ...presetSpec('paper', bart0), targetIds: ['t'] })
    expect(usualKeep(bytesOf(paper, bart0))).toBe('best')
    expect(bytesOf(paper, bart0).best).toBe(3 * 4 * bart0.parameters)
    const small = { parameters: 1.3e6, hiddenSize: 128 }
    expect(usualKeep(bytesOf(paper, small))).toBe('all')
  })

  test('the best is the best of its own strategy and target, the first of equals, and never one of a test without a group', () => {
    const runs = planRuns(
      specOf({ strategies: ['zero-shot', 'random', 'dense'], rounds: 3, targetIds: ['a', 'b'], ablateGroups: ['g'] })
    )
    const score = ({ round, targetIds }: (typeof runs)[number]) => (targetIds[0] === 'b' && round === 2 ? 80 : 50)
    expect(bestRuns(runs, score).map(({ strategy, targetIds, round }) => [strategy, targetIds.join(), round])).toEqual([
      ['random', 'a,b', 0],
      ['dense', 'a', 0],
      ['dense', 'b', 2]
    ])
  })
})

describe('a lab with real runs', () => {
  let world: TinyWorld
  beforeAll(async () => {
    world = await makeTinyWorld()
  })
  afterAll(() => world.remove())

  test('keeps what was asked for; what is gone says so, and comes back by a repetition', async () => {
    const lab = await openLab({ host: 'server', workers: forkStarter(workerEntry()) })
    await installTinyWorld(lab, world)
    const { client } = lab
    const spec = tinySpec(world, { strategies: ['zero-shot', 'lexical'], rounds: 2, targetIds: ['naming'] })
    const plan = await client.experiments.plan({ ...spec, keepWeights: 'best' })
    expect(plan.weights).toMatchObject({ keep: 'best', usual: 'all' })
    expect(plan.weights.bytes.all).toBe(2 * plan.weights.bytes.best)

    const { id } = await client.experiments.start({ ...spec, keepWeights: 'best' })
    await untilOver(lab, id)
    const runs = (await client.experiments.runs({ id })).filter(({ strategy }) => strategy === 'lexical')
    await expect.poll(async () => (await client.experiments.weights({ id })).runs.length).toBe(1)
    const kept = await client.experiments.weights({ id })
    expect(kept.bytes).toBeGreaterThan(1000)
    const scores = await client.experiments.scores({ id })
    const scoreOf = (runId: string) => scores.find((one) => one.runId === runId && one.metric === 'em')!.value
    const best = [...runs].sort((a, b) => scoreOf(b.id) - scoreOf(a.id) || a.round - b.round)[0]!
    expect(kept.runs[0]!.runId).toBe(best.id)

    // Whoever shares a run may want it still.
    const twin = await client.experiments.start({ ...spec, name: 'twin', keepWeights: 'all' })
    await untilOver(lab, twin.id)
    expect((await client.experiments.keepWeights({ id, keep: 'none' })).runs.map(({ runId }) => runId)).toEqual([
      best.id
    ])
    await client.experiments.keepWeights({ id: twin.id, keep: 'none' })
    expect((await client.experiments.keepWeights({ id, keep: 'none' })).runs).toEqual([])

    const asked = { of: { runId: best.id }, text: 'Which animal is this: owl?', provider: 'cpu' as const }
    await expect(client.models.ask(asked)).rejects.toThrow(/was not kept/)
    const untuned = (await client.experiments.runs({ id })).find(({ strategy }) => strategy === 'zero-shot')!
    await client.models.ask({ ...asked, of: { runId: untuned.id } })
    // Scores and answers are as they were.
    expect((await client.compare.table({ experimentId: id })).cells.length).toBeGreaterThan(0)

    const repeat = await client.experiments.repeatRun({ runId: best.id })
    await untilJob(lab, repeat.id, 'finished')
    await expect
      .poll(async () => (await client.experiments.weights({ id })).runs.map(({ runId }) => runId))
      .toEqual([best.id])
    await client.models.ask(asked)
    expect(keepWeightsSchema.options).toContain((await client.experiments.get({ id })).spec.keepWeights)
  })
})
