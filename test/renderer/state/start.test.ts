import { expect, test } from 'vitest'
import { demoSource } from '../../../src/main/contract/demo-name.ts'
import { LabState } from '../../../src/renderer/src/state/lab.svelte.ts'
import { StartPage } from '../../../src/renderer/src/state/start-page.svelte.ts'
import { fakeClient } from '../client.ts'

const start = async (scenario: 'usual' | 'empty') => {
  const client = fakeClient(scenario)
  const lab = new LabState(client, (problem) => {
    throw new Error(problem.message)
  })
  await lab.refresh()
  return { page: new StartPage(client, lab), lab }
}

test('in an empty lab the first step is next and the others come later', async () => {
  const { page } = await start('empty')
  expect(page.checklist.map((item) => item.state)).toEqual(['next', 'later', 'later', 'later'])
})

test('in a lab in use all steps are done and say what is there', async () => {
  const { page } = await start('usual')
  expect(page.checklist.map((item) => item.state)).toEqual(['done', 'done', 'done', 'done'])
  expect(page.checklist[0]?.note).toBe('1 upstream data set, 3 target tasks')
})

test('the demo makes nothing of the own work done, and what was deleted is to be done again', async () => {
  const { page, lab } = await start('usual')
  const demo = <T extends { source: string }>(things: T[] | null) =>
    (things ?? []).map((thing) => ({ ...thing, source: `${demoSource}x` }))
  const [datasets, models] = [lab.datasets.value!, lab.models.value!]
  lab.datasets.set(demo(datasets))
  lab.models.set(demo(models))
  expect(page.checklist.map((item) => item.state)).toEqual(['next', 'later', 'later', 'later'])
  lab.datasets.set(datasets)
  lab.models.set(models)
  lab.experiments.set([])
  lab.indices.set([])
  expect(page.checklist.map((item) => item.state)).toEqual(['done', 'done', 'next', 'later'])
  // An experiment builds its indices itself.
  lab.experiments.set((await start('usual')).lab.experiments.value!)
  expect(page.checklist.map((item) => item.state)).toEqual(['done', 'done', 'done', 'done'])
})

test('upstream data alone is not done yet, and the note says what is missing', async () => {
  const { page, lab } = await start('usual')
  lab.targets.set([])
  expect(page.checklist[0]).toMatchObject({
    state: 'next',
    note: 'Upstream data is here; a target task is still missing.'
  })
})

test('one call installs the demo and starts its experiment', async () => {
  const { page } = await start('empty')
  expect(page.demo).toBeNull()
  const experiment = await page.runDemo()
  expect(page.problem).toBeNull()
  expect(experiment?.spec.targetIds).toHaveLength(3)
  expect(experiment?.spec.models.base).toBe('m-small')
  expect(page.demo?.id).toBe(experiment?.id)
})
