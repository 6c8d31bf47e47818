import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { standingOf } from '../../src/main/contract/jobs.ts'
import { placeSettingsSchema } from '../../src/main/contract/places.ts'
import { whereText } from '../../src/main/hosts/cli/where-text.ts'
import type { Lab } from '../../src/main/hosts/lab.ts'
import { newHome, openLab, until, untilJob } from '../hosts/fixture.ts'

const fast = { pollMilliseconds: 100, retryMilliseconds: 200, gatherMilliseconds: 20 }

/** A lab with a place that is a folder of this computer: the whole protocol, without a network. */
async function withPlace(settings: { atOnce?: number } = {}): Promise<{ lab: Lab; place: string; root: string }> {
  const lab = await openLab({ places: fast })
  const root = newHome()
  const { id } = await lab.client.places.add({ name: 'beside', kind: 'process', folder: root, ...settings })
  return { lab, place: id, root }
}

const steps = (count: number) => ({ steps: count, milliseconds: 20, fail: 'no' as const })

test('a place is checked step by step, and a job goes there and comes back like any other', async () => {
  const { lab, place, root } = await withPlace()
  const check = await lab.client.places.check({ id: place })
  expect(check.steps.map(({ name, works }) => `${name}: ${works}`)).toEqual([
    'connection and programs: true',
    'self-test: true'
  ])
  expect((await lab.client.places.list())[0]?.check?.hello?.cores).toBeGreaterThan(0)
  const { id } = await lab.client.jobs.selfTest({ ...steps(5), place })
  const job = await untilJob(lab, id, 'finished', 'failed', 'crashed')
  expect(job).toMatchObject({ status: 'finished', place, error: null })
  expect(lab.services.jobs.curve(id)).toHaveLength(5)
  expect(lab.services.jobs.log(id, 50).map(({ text }) => text)).toContain('Self-test of 5 steps, 20 ms each.')
  if (process.platform !== 'win32')
    for (const name of readdirSync(root)) expect(statSync(join(root, name)).mode & 0o077, name).toBe(0)
  expect((await lab.client.places.contents({ id: place })).jobs).toMatchObject([{ id, state: 'done' }])
  await lab.client.places.clean({ id: place })
  expect((await lab.client.places.contents({ id: place })).jobs).toEqual([])
})

test('what a machine has no room for yet waits there, with its turn, and does not count as running', async () => {
  const { lab, place } = await withPlace({ atOnce: 1 })
  const ids: string[] = []
  for (let at = 0; at < 3; at++) ids.push((await lab.client.jobs.selfTest({ ...steps(200), place })).id)
  const jobs = await until(
    () => ids.map((id) => lab.services.jobs.get(id)),
    (all) =>
      all.filter(({ where }) => where?.state === 'waiting').length === 2 &&
      all.some(({ where }) => where?.state === 'running')
  )
  const standing = jobs.map((job) => `${standingOf(job)} ${job.where!.position ?? ''}`.trim())
  expect(standing.toSorted()).toEqual(['queued 1', 'queued 2', 'running'])
  const waiting = jobs.find(({ where }) => where!.position === 2)!
  expect(whereText(waiting, new Map([[place, 'beside']]))).toBe(
    'waits at beside, number 2 of yours, as many run already as may at once'
  )
  for (const id of ids) lab.services.jobs.cancel(id)
  for (const id of ids) await untilJob(lab, id, 'cancelled', 'finished')
})

test('pause, resume and cancel reach it; errors and deaths are told like those of local workers', async () => {
  const { lab, place, root } = await withPlace({ atOnce: 3 })
  const running = (id: string) =>
    until(
      () => lab.services.jobs.curve(id).length,
      (rows) => rows > 0
    )
  const add = async (request: object) => (await lab.client.jobs.selfTest({ ...steps(400), ...request, place })).id
  const [paused, cancelled, killed] = [await add({ steps: 120 }), await add({}), await add({ steps: 60 })]
  await Promise.all([paused, cancelled, killed].map(running))
  lab.services.jobs.pause(paused)
  lab.services.jobs.cancel(cancelled)
  const { pid } = JSON.parse(readFileSync(join(root, 'jobs', killed, 'process.json'), 'utf8')) as { pid: number }
  process.kill(pid, 'SIGKILL')
  await untilJob(lab, paused, 'paused')
  expect((await untilJob(lab, cancelled, 'cancelled', 'finished')).status).toBe('cancelled')
  expect(await untilJob(lab, killed, 'crashed', 'finished')).toMatchObject({ status: 'crashed' })
  lab.services.jobs.resume(paused)
  lab.services.jobs.retry(killed)
  expect((await untilJob(lab, paused, 'finished', 'failed', 'crashed')).status).toBe('finished')
  expect((await untilJob(lab, killed, 'finished', 'failed', 'crashed')).status).toBe('finished')
  const failed = await add({ steps: 2, fail: 'throw' })
  expect(await untilJob(lab, failed, 'failed', 'crashed')).toMatchObject({ error: { code: 'self-test-failed' } })
  lab.services.jobs.retry(failed)
  await until(
    () => lab.services.jobs.get(failed),
    ({ attempts, status }) => attempts === 2 && status === 'failed'
  )
})

test('what was under way when the lab ended is found again, whether it runs or has ended meanwhile', async () => {
  const home = newHome()
  const root = newHome()
  const first = await openLab({ home, places: fast })
  const { id: place } = await first.client.places.add({ name: 'beside', kind: 'process', folder: root, atOnce: 2 })
  const [short, long] = [
    await first.client.jobs.selfTest({ ...steps(30), place }),
    await first.client.jobs.selfTest({ ...steps(300), place })
  ]
  await until(
    () => [short, long].map(({ id }) => first.services.jobs.curve(id).length),
    (rows) => rows.every((count) => count > 0)
  )
  await first.close()
  await until(
    () => readdirSync(join(root, 'jobs', short.id)).includes('result.json'),
    (there) => there
  )
  const second = await openLab({ home, places: fast })
  for (const { id } of [short, long]) {
    const job = await untilJob(second, id, 'finished', 'failed', 'crashed', 'interrupted')
    expect(job).toMatchObject({ status: 'finished', attempts: 2 })
    expect(second.services.jobs.log(id, 100).some(({ text }) => text.startsWith('The job was found again'))).toBe(true)
  }
})

test('settings that a shell or a scheduler could read otherwise are refused', () => {
  const of = (settings: object) => placeSettingsSchema.safeParse({ name: 'x', kind: 'slurm', ...settings }).success
  for (const folder of ['/data/a b', '~/x; rm -rf .', '$(id)', '-x', '../up', "a'b", 'a\nb', ''])
    expect(of({ folder })).toBe(false)
  for (const ssh of ['-oProxyCommand=id', 'host; id', 'a b', '$(id)', '']) expect(of({ ssh })).toBe(false)
  for (const partition of ['a b', '--wrap=id', 'x;y']) expect(of({ partition })).toBe(false)
  expect(of({ folder: '/scratch/me/.recross-lab', ssh: 'me@login.cluster.edu', partition: 'gpu,main' })).toBe(true)
})
