import { fireEvent, screen, waitFor } from '@testing-library/svelte'
import { beforeEach, expect, test } from 'vitest'
import type { Job, JobStatus } from '../../../src/main/contract/jobs.ts'
import type { Client } from '../../../src/renderer/src/api/client.ts'
import JobActions from '../../../src/renderer/src/parts/JobActions.svelte'
import { fakeClient } from '../client.ts'
import { renderInApp } from '../in-app.ts'

let client: Client
let running: Job
beforeEach(async () => {
  client = fakeClient()
  running = await client.jobs.get({ id: 'j-live' })
})

const offered: Record<JobStatus, string[]> = {
  queued: ['Run next', 'Cancel'],
  running: ['Pause', 'Cancel'],
  paused: ['Resume', 'Cancel'],
  interrupted: ['Resume', 'Cancel'],
  finished: [],
  failed: ['Try again'],
  crashed: ['Try again'],
  cancelled: ['Try again']
}

test.each(Object.entries(offered) as [JobStatus, string[]][])('a job that is %s can be: %j', async (status, names) => {
  await renderInApp(JobActions, { job: { ...running, status } })
  expect(screen.queryAllByRole('button').map((button) => button.textContent.trim())).toEqual(names)
})

test('pausing shows its result without waiting for the stream of changes', async () => {
  const { lab } = await renderInApp(JobActions, { job: running }, client)
  await fireEvent.click(screen.getByRole('button', { name: 'Pause' }))
  await waitFor(() => expect(lab.jobs.get('j-live')?.status).toBe('paused'))
})

test('run next puts a job above all others that wait', async () => {
  const { jobs } = await client.jobs.list({ status: ['queued'] })
  const [first, second] = jobs
  await client.jobs.setPriority({ id: first!.id, priority: 7 })
  const { lab } = await renderInApp(JobActions, { job: second! }, client)
  await fireEvent.click(screen.getByRole('button', { name: 'Run next' }))
  await waitFor(() => expect(lab.jobs.get(second!.id)?.priority).toBe(8))
  expect(lab.openJobs.filter((job) => job.status === 'queued')[0]?.id).toBe(second!.id)
})

test('what does not work is told, and the button can be pressed again', async () => {
  const { told } = await renderInApp(JobActions, { job: { ...running, id: 'gone' } }, client)
  await fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
  await waitFor(() => expect(told[0]?.message).toContain('with the id "gone"'))
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Cancel' }).disabled).toBe(false)
})
