import { expect, test } from 'vitest'
import type { Job } from '../../../src/main/contract/jobs.ts'
import type { Problem } from '../../../src/renderer/src/api/problem.ts'
import { LabState } from '../../../src/renderer/src/state/lab.svelte.ts'
import { fakeClient } from '../client.ts'
import * as records from '../fake/records.ts'

const lab = async (scenario: 'usual' | 'empty' | 'failing' = 'usual') => {
  const problems: Problem[] = []
  const state = new LabState(fakeClient(scenario), (problem) => problems.push(problem))
  await state.refresh()
  return { state, problems }
}
const job = (id: string): Job => {
  const found = records.jobs.find((entry) => entry.id === id)
  if (!found) throw new Error(`the fake has no job ${id}`)
  return found
}

test('the first refresh brings every list', async () => {
  const { state } = await lab()
  expect(state.datasets.value).toHaveLength(records.datasets.length)
  expect(state.models.value).toHaveLength(records.models.length)
  expect(state.openTotal).toBe(16)
  expect(state.running.map((entry) => entry.id)).toEqual(['j-live'])
})

test('what waits at a place is not running, and is again when a node works on it', async () => {
  const { state } = await lab()
  const where = { state: 'waiting' as const, text: 'Priority', position: 2, expected: null }
  state.apply({ type: 'job', job: { ...job('j-live'), place: 'p', where } })
  expect(state.running).toEqual([])
  expect(state.openTotal).toBe(16)
  state.apply({ type: 'job', job: { ...job('j-live'), place: 'p', where: { ...where, state: 'running' } } })
  expect(state.running.map((entry) => entry.id)).toEqual(['j-live'])
})

test('running comes before paused before queued', async () => {
  const { state } = await lab()
  expect(state.openJobs.slice(0, 3).map((entry) => entry.status)).toEqual(['running', 'paused', 'queued'])
})

test('a finished job leaves the count, a new one enters it', async () => {
  const { state } = await lab()
  state.apply({ type: 'job', job: { ...job('j-live'), status: 'finished' } })
  expect(state.openTotal).toBe(15)
  state.apply({ type: 'job', job: { ...job('j-live'), id: 'j-new', status: 'queued' } })
  expect(state.openTotal).toBe(16)
  state.apply({ type: 'job-removed', id: 'j-new' })
  expect(state.openTotal).toBe(15)
})

test('progress alone does not make the list of jobs another one', async () => {
  const { state } = await lab()
  const before = state.jobsTurn
  const live = job('j-live')
  state.apply({ type: 'job', job: { ...live, progress: live.progress && { ...live.progress, fraction: 0.9 } } })
  expect(state.jobsTurn).toBe(before)
  expect(state.jobs.get('j-live')?.progress?.fraction).toBe(0.9)
})

test('a change that the backend tells of is seen without asking', async () => {
  const { state } = await lab('empty')
  expect(state.datasets.value).toEqual([])
  await state.client.data.installDemo({})
  await expect.poll(() => state.datasets.value?.length).toBe(records.datasets.length)
})

test('what fails is told with the words of the backend', async () => {
  const { state, problems } = await lab('failing')
  expect(await state.attempt(() => state.client.things.remove({ what: 'dataset', id: 'x' }))).toBeNull()
  expect(problems).toMatchObject([{ code: 'database-unreadable', expected: true }])
  expect(state.datasets.problem?.message).toContain('lab.db')
})
