import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLab } from '../hosts/fixture.ts'
import { installTinyWorld, tinySpec, untilOver } from '../features/experiments/tiny-lab.ts'
import { makeTinyWorld, type TinyWorld } from '../worker/tiny-world.ts'

let world: TinyWorld
beforeAll(async () => {
  world = await makeTinyWorld()
})
afterAll(() => world.remove())

test('the strategies of a comparison are measured in the indices that they search, and the report shows it where asked', async () => {
  const lab = await openLab()
  await installTinyWorld(lab, world)
  const spec = tinySpec(world, { rounds: 1, strategies: ['random', 'lexical', 'dense'], targetIds: ['naming'] })
  const { id } = await lab.client.experiments.start(spec)
  expect((await untilOver(lab, id)).status).toBe('finished')

  const found = await lab.client.compare.quality({ experimentId: id, by: 'task', k: 5 })
  // Random looks at nothing, so there is nothing to measure.
  expect(found.columns.map(({ column, problem }) => [column, problem])).toEqual([
    ['lexical', null],
    ['dense', null]
  ])
  for (const { strategy, measured } of found.columns) {
    const alone = await lab.client.indices.quality({ datasetId: 'upstream', strategy, by: 'task', k: 5 })
    expect({ ...measured, seconds: 0 }).toEqual({ ...alone, seconds: 0 })
  }

  const report = async (quality: boolean) =>
    (await lab.client.compare.export({ experimentId: id, format: 'html', quality })).text
  expect(await report(true)).toContain('Recall@10')
  expect(await report(false)).not.toContain('Recall@10')

  const [index] = await lab.client.indices.list()
  await lab.client.things.remove({ what: 'index', id: index!.id })
  const [lexical, dense] = (await lab.client.compare.quality({ experimentId: id, by: 'group', k: 3 })).columns
  expect(lexical!.measured).not.toBeNull()
  expect(dense).toMatchObject({ measured: null, problem: expect.stringContaining('dense index') as string })
})
