import { afterAll, beforeAll, expect, test } from 'vitest'
import { curvesOf } from '../../../src/main/contract/curves.ts'
import type { ExperimentSpec } from '../../../src/main/contract/experiments.ts'
import { forkStarter } from '../../../src/main/hosts/fork-starter.ts'
import { workerEntry } from '../../../src/main/hosts/project.ts'
import { openLab } from '../../hosts/fixture.ts'
import { makeTinyWorld, type TinyWorld } from '../../worker/tiny-world.ts'
import { installTinyWorld, tinySpec, untilOver } from './tiny-lab.ts'

let world: TinyWorld
beforeAll(async () => {
  world = await makeTinyWorld()
})
afterAll(() => world.remove())

test('a setting takes several values in one experiment; what does not hang on it is computed once', async () => {
  const lab = await openLab({ host: 'server', workers: forkStarter(workerEntry()) })
  await installTinyWorld(lab, world)
  const spec = tinySpec(world, {
    ...{ strategies: ['lexical'], rounds: 1, targetIds: ['naming'] },
    sweep: [{ path: 'retrieval.budget', values: [12, 6] }]
  })
  const keys = (plan: { runs: { key: string; reusesRunId: string | null }[] }) =>
    plan.runs.filter(({ reusesRunId }) => reusesRunId === null).map(({ key }) => key)
  expect(keys(await lab.client.experiments.plan(spec))).toEqual([
    'zero-shot / all / 0',
    'lexical / naming / 0 [retrieval.budget=12]',
    'lexical / naming / 0 [retrieval.budget=6]'
  ])
  const { id } = await lab.client.experiments.start(spec)
  expect(await untilOver(lab, id)).toMatchObject({ status: 'finished', runs: 3 })
  const table = await lab.client.compare.table({ experimentId: id })
  expect(table.columns.map(({ key, baseline }) => [key, baseline])).toEqual([
    ['zero-shot', null],
    ['lexical [retrieval.budget=12]', 'zero-shot'],
    ['lexical [retrieval.budget=6]', 'zero-shot']
  ])
  const { columns } = await lab.client.compare.retrieved({ experimentId: id, targetId: 'naming', round: 0 })
  expect(columns.map(({ total }) => total)).toEqual([12, 6])
  const [curve] = curvesOf(table, 'naming')
  expect(curve!.values.map(({ label }) => label)).toEqual(['6', '12'])
  expect(curve!.lines.map(({ strategy, points }) => [strategy, points.map(({ at }) => at)])).toEqual([
    ['zero-shot', [0, 1]],
    ['lexical', [0, 1]]
  ])
  const report = await lab.client.compare.export({ experimentId: id, format: 'html' })
  expect(report.text).toContain('What the varied settings do')

  // Another value: only that is new. The values alone, without a sweep, are there already.
  const more = { ...spec, sweep: [{ path: 'retrieval.budget', values: [12, 6, 9] }] }
  expect(keys(await lab.client.experiments.plan(more))).toEqual(['lexical / naming / 0 [retrieval.budget=9]'])
  expect(keys(await lab.client.experiments.plan({ ...spec, sweep: [] }))).toEqual([])
  // Other beams: the weights are taken over, within one experiment too.
  const beams: ExperimentSpec = { ...spec, sweep: [{ path: 'evaluation.beams', values: [2, 3] }] }
  const plan = await lab.client.experiments.plan(beams)
  const tuned = plan.runs.filter(({ strategy }) => strategy === 'lexical')
  expect(tuned.map(({ tunedByRunId }) => tunedByRunId !== null)).toEqual([true, true])
})

test.each([
  [[{ path: 'strategies', values: ['dense'] }], /cannot be varied/],
  [[{ path: 'retrieval.budgte', values: [1] }], /Did you mean "budget"/],
  [[{ path: 'retrieval.budget', values: ['many'] }], /retrieval\.budget/],
  [[{ path: 'models.base', values: ['gone'] }], /no model/]
])('%j is refused before anything starts', async (sweep, message) => {
  const lab = await openLab({ host: 'server', workers: forkStarter(workerEntry()) })
  await installTinyWorld(lab, world)
  await expect(lab.client.experiments.start(tinySpec(world, { sweep }))).rejects.toThrow(message)
  expect(await lab.client.experiments.list()).toEqual([])
})
