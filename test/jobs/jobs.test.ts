import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Change } from '../../src/main/contract/events.ts'
import type { JobStatus } from '../../src/main/contract/jobs.ts'
import { forkStarter } from '../../src/main/hosts/fork-starter.ts'
import { workerEntry } from '../../src/main/hosts/project.ts'
import { newHome, openLab, until, untilJob } from '../hosts/fixture.ts'

const title = 'test'
const quick = { steps: 3, milliseconds: 1 }
const slow = { steps: 10_000, milliseconds: 5 }

describe('a job', () => {
  test('runs in a worker, reports, logs and leaves its result', async () => {
    const lab = await openLab()
    const { jobs } = lab.services
    const recorded: number[] = []
    jobs.onFinished('self-test', ({ output }) => void recorded.push(output.steps))
    const { id } = jobs.add('self-test', quick, { title })
    const job = await untilJob(lab, id, 'finished')
    expect(job).toMatchObject({ attempts: 1, error: null, progress: { fraction: 1, done: 3, unit: 'steps' } })
    await until(
      () => recorded,
      (all) => all.length === 1
    )
    expect(recorded).toEqual([3])
    const listed = jobs.list({ status: ['finished'], kinds: [], experimentId: null, text: '' }, 10, 0)
    expect(listed.jobs).toEqual([jobs.get(id)])
    expect(jobs.curve(id).map((row) => row['step'])).toEqual([1, 2, 3])
    expect(jobs.log(id, 10)[0]?.text).toContain('3 steps')
    expect(existsSync(lab.home.scratch(id))).toBe(true)
    await jobs.remove(id)
    expect(existsSync(lab.home.scratch(id))).toBe(false)
    expect(() => jobs.get(id)).toThrow(/no job/)
  })

  test('with input that does not fit is refused at the door, naming the field', async () => {
    const lab = await openLab()
    expect(() => lab.services.jobs.add('self-test', { steps: 0 }, { title })).toThrow(
      expect.objectContaining({ code: 'bad-job-input', message: expect.stringContaining('steps') as string }) as Error
    )
  })

  test.each<[string, 'throw' | 'abort' | 'memory', JobStatus, string, RegExp]>([
    ['throws', 'throw', 'failed', 'self-test-failed', /asked to/],
    ['aborts in native code', 'abort', 'crashed', 'worker-crashed', /abort/],
    ['runs out of memory', 'memory', 'crashed', 'out-of-memory', /out of memory/]
  ])('that %s ends so, and the lab goes on', async (_, fail, status, code, message) => {
    const lab = await openLab({ workers: forkStarter(workerEntry(), ['--max-old-space-size=64']) })
    const { jobs } = lab.services
    const { id } = jobs.add('self-test', { ...quick, fail }, { title })
    const job = await untilJob(lab, id, 'failed', 'crashed', 'finished')
    expect(job.status).toBe(status)
    expect(job.error).toMatchObject({ code, message: expect.stringMatching(message) as string })
    if (status === 'crashed') expect(String(job.error?.details['lastWords'])).not.toBe('')
    expect(job.attempts, 'tried again only where its kind says that this is safe').toBe(1)
    const next = jobs.add('self-test', quick, { title })
    await untilJob(lab, next.id, 'finished')
  })

  test('whose worker is killed is crashed, with the signal named', async () => {
    const lab = await openLab()
    const { id } = lab.services.jobs.add('self-test', slow, { title })
    await until(
      () => lab.services.jobs.get(id),
      (job) => (job.progress?.done ?? 0) > 0
    )
    process.kill(lab.pool.workers()[0]!.pid!, 'SIGKILL')
    const job = await untilJob(lab, id, 'crashed')
    expect(job.error).toMatchObject({ code: 'worker-crashed', details: { signal: 'SIGKILL' } })
    expect(job.error?.message).toContain('killed from outside')
  })

  test('that hangs is told from one that is slow, and stopped', async () => {
    const lab = await openLab({ pool: { hungMilliseconds: 4000 } })
    const { jobs } = lab.services
    const sleeping = jobs.add('self-test', { steps: 4, milliseconds: 1500 }, { title })
    const computing = jobs.add('self-test', { steps: 1, milliseconds: 0, fail: 'spin' }, { title })
    await untilJob(lab, sleeping.id, 'finished')
    await untilJob(lab, computing.id, 'finished')
    const hanging = jobs.add('self-test', { ...quick, fail: 'hang' }, { title })
    const job = await untilJob(lab, hanging.id, 'crashed')
    expect(job.error?.code).toBe('worker-hung')
  })

  test('of a kind that may be tried again is, once', async () => {
    const again = { resource: 'cpu', resumes: true, retries: 1, elsewhere: false } as const
    const lab = await openLab({ jobs: { policies: { 'self-test': again } } })
    const { id } = lab.services.jobs.add('self-test', { ...quick, fail: 'abort' }, { title })
    const job = await untilJob(lab, id, 'crashed')
    expect(job.attempts).toBe(2)
    expect(lab.services.jobs.log(id, 100).some(({ text }) => text.includes('once more'))).toBe(true)
  })

  test('of a kind that may be tried again goes on after one crash, and its clients see the same job', async () => {
    const again = { resource: 'cpu', resumes: true, retries: 1, elsewhere: false } as const
    const lab = await openLab({ jobs: { policies: { 'self-test': again } } })
    const { id } = lab.services.jobs.add('self-test', { steps: 400, milliseconds: 5 }, { title })
    await until(
      () => lab.services.jobs.get(id),
      (job) => (job.progress?.done ?? 0) > 0
    )
    process.kill(lab.pool.workers()[0]!.pid!, 'SIGKILL')
    expect(await untilJob(lab, id, 'finished', 'crashed')).toMatchObject({
      status: 'finished',
      attempts: 2,
      error: null
    })
  })

  test('that cannot be recorded says so instead of looking finished', async () => {
    const lab = await openLab()
    lab.services.jobs.onFinished('self-test', () => {
      throw new Error('disk is full')
    })
    const { id } = lab.services.jobs.add('self-test', quick, { title })
    expect((await untilJob(lab, id, 'failed')).error?.message).toBe('disk is full')
  })
})

describe('the user', () => {
  test('pauses and resumes; a paused job gives its place to another', async () => {
    const lab = await openLab({ jobs: { slots: { cpu: 1 } } })
    const { jobs } = lab.services
    const long = jobs.add('self-test', { steps: 400, milliseconds: 5 }, { title })
    const other = jobs.add('self-test', quick, { title })
    await until(
      () => jobs.get(long.id),
      (job) => (job.progress?.done ?? 0) > 2
    )
    expect(jobs.get(other.id).status).toBe('queued')
    jobs.pause(long.id)
    await untilJob(lab, long.id, 'paused')
    await untilJob(lab, other.id, 'finished')
    const { done } = jobs.get(long.id).progress!
    expect(done).toBeLessThan(400)
    jobs.resume(long.id)
    const job = await untilJob(lab, long.id, 'finished')
    expect(job.attempts).toBe(1)
    expect(jobs.curve(long.id)).toHaveLength(400)
  })

  test('pauses and resumes a waiting job', async () => {
    const lab = await openLab({ jobs: { slots: { cpu: 0 } } })
    const { jobs } = lab.services
    const { id } = jobs.add('self-test', quick, { title })
    expect(jobs.pause(id).status).toBe('paused')
    expect(jobs.resume(id).status).toBe('queued')
    expect(jobs.resume(id).status, 'a job that waits already goes on waiting').toBe('queued')
    jobs.cancel(id)
    expect(() => jobs.resume(id)).toThrow(/cancelled and cannot be resumed/)
  })

  test('cancels a running job, one that does not listen, and a waiting one', async () => {
    const lab = await openLab({ jobs: { graceMilliseconds: 300, slots: { cpu: 2 } } })
    const { jobs } = lab.services
    const stopped: string[] = []
    jobs.onStopped('self-test', ({ status }) => void stopped.push(status))
    const running = jobs.add('self-test', slow, { title })
    const deaf = jobs.add('self-test', { ...quick, fail: 'hang' }, { title })
    const waiting = jobs.add('self-test', slow, { title, dependsOn: [running.id] })
    await until(
      () => jobs.get(running.id),
      (job) => (job.progress?.done ?? 0) > 0
    )
    await until(
      () => jobs.get(deaf.id),
      (job) => (job.progress?.done ?? 0) > 0
    )
    expect(jobs.cancel(waiting.id).status).toBe('cancelled')
    jobs.cancel(running.id)
    jobs.cancel(deaf.id)
    await untilJob(lab, running.id, 'cancelled')
    await untilJob(lab, deaf.id, 'cancelled')
    expect(stopped).toEqual(['cancelled', 'cancelled', 'cancelled'])
    expect(() => jobs.cancel(running.id)).toThrow(expect.objectContaining({ code: 'job-state' }) as Error)
  })
})

describe('the order', () => {
  test('is by priority, then by age, after what a job depends on', async () => {
    const lab = await openLab({ jobs: { slots: { cpu: 1 } } })
    const { jobs } = lab.services
    const order: string[] = []
    jobs.onFinished('self-test', ({ id }) => void order.push(id))
    const add = (options: { priority?: number; dependsOn?: string[] } = {}) =>
      jobs.add('self-test', { steps: 1, milliseconds: 0 }, { title, ...options }).id
    const first = add()
    const second = add()
    const urgent = add({ priority: 5 })
    const after = add({ priority: 9, dependsOn: [second] })
    await untilJob(lab, first, 'finished')
    await untilJob(lab, after, 'finished')
    await until(
      () => order.length,
      (length) => length === 4
    )
    expect(order).toEqual([urgent, first, second, after])
  })

  test('of waiting jobs is changed by the user; one that runs keeps its place', async () => {
    const lab = await openLab({ jobs: { slots: { cpu: 1 } } })
    const { jobs } = lab.services
    const order: string[] = []
    jobs.onFinished('self-test', ({ id }) => void order.push(id))
    const add = (steps: number) => jobs.add('self-test', { steps, milliseconds: 5 }, { title }).id
    const [running, second, third, fourth] = [add(60), add(1), add(1), add(1)]
    await untilJob(lab, running, 'running')
    expect(jobs.setPriority(fourth, 3).priority).toBe(3)
    expect(jobs.setPriority(second, -1).priority).toBe(-1)
    expect(() => jobs.setPriority(running, 1)).toThrow(/is running and cannot be moved in the queue/)
    await untilJob(lab, second, 'finished')
    expect(order).toEqual([running, fourth, third, second])
  })

  test('a job whose need failed fails with it, and follows when that one is tried again', async () => {
    const lab = await openLab()
    const { jobs } = lab.services
    const needed = jobs.add('self-test', { ...quick, fail: 'throw' }, { title: 'needed' })
    const middle = jobs.add('self-test', quick, { title, dependsOn: [needed.id] })
    const last = jobs.add('self-test', quick, { title, dependsOn: [middle.id] })
    const job = await untilJob(lab, last.id, 'failed')
    expect(job.error?.code).toBe('dependency-failed')
    expect(jobs.get(middle.id).error?.message).toContain('"needed", which has failed')
    jobs.retry(needed.id)
    expect(['queued', 'running']).toContain(jobs.get(needed.id).status)
    expect(jobs.get(middle.id).status).toBe('queued')
    expect(jobs.get(last.id).status).toBe('queued')
  })

  test('lets only one heavy job run on the accelerator', async () => {
    const heavy = { resource: 'accelerator', resumes: false, retries: 0, elsewhere: false } as const
    const lab = await openLab({ jobs: { policies: { 'self-test': heavy } } })
    const { jobs } = lab.services
    let most = 0
    const ids = Array.from({ length: 3 }, () => jobs.add('self-test', { steps: 5, milliseconds: 5 }, { title }).id)
    await until(
      () => ids.map((id) => jobs.get(id).status),
      (states) => {
        most = Math.max(most, states.filter((status) => status === 'running').length)
        return states.every((status) => status === 'finished')
      }
    )
    expect(most).toBe(1)
  })

  test('lets jobs that ask for one core share the accelerator, and nobody passes one that wants all of it', async () => {
    const heavy = { resource: 'accelerator', resumes: false, retries: 0, elsewhere: false } as const
    const lab = await openLab({ jobs: { policies: { 'self-test': heavy }, slots: { accelerator: 2 } } })
    const { jobs } = lab.services
    const work = { steps: 20, milliseconds: 5 }
    const add = (name: string, cores: number | null) => jobs.add('self-test', work, { title: name, cores }).id
    const ids = [add('a', 1), add('b', 1), add('c', 1), add('all', null), add('many', 64), add('d', 1), add('e', 1)]
    await until(
      () => ids.map((id) => jobs.get(id).status),
      (states) => states.every((status) => status === 'finished')
    )
    const times = ids.map((id) => {
      const { startedAt, finishedAt } = jobs.get(id)
      return { from: Date.parse(startedAt!), to: Date.parse(finishedAt!) }
    })
    const [a, b, c, all, many, d, e] = times as [Time, Time, Time, Time, Time, Time, Time]
    expect(together(a, b)).toBe(true)
    expect(Math.min(a.to, b.to)).toBeLessThanOrEqual(c.from)
    expect(all.from).toBeGreaterThanOrEqual(Math.max(a.to, b.to, c.to))
    expect(many.from).toBeGreaterThanOrEqual(all.to)
    expect(Math.min(d.from, e.from)).toBeGreaterThanOrEqual(many.to)
    expect(together(d, e)).toBe(true)
  })
})

interface Time {
  from: number
  to: number
}

function together(a: Time, b: Time): boolean {
  return a.from < b.to && b.from < a.to
}

describe('after the lab has gone', () => {
  test('jobs resume, wait for the user, or are recorded, as their kind wants', async () => {
    const home = newHome()
    const before = await openLab({ home, jobs: { slots: { cpu: 1 } } })
    const running = before.services.jobs.add('self-test', slow, { title })
    const queued = before.services.jobs.add('self-test', quick, { title })
    await untilJob(before, running.id, 'running')
    await before.close()

    const after = await openLab({ home })
    expect(after.services.jobs.get(running.id)).toMatchObject({ status: 'interrupted', error: { code: 'interrupted' } })
    await untilJob(after, queued.id, 'finished')
    expect(after.services.jobs.resume(running.id).status).toBe('queued')
    await untilJob(after, running.id, 'running')
    await after.close()

    const resumes = { resource: 'cpu', resumes: true, retries: 0, elsewhere: false } as const
    const last = await openLab({ home, jobs: { policies: { 'self-test': resumes } } })
    await untilJob(last, running.id, 'running')
    expect(last.services.jobs.get(running.id).attempts).toBe(3)
  })

  test('a result that was not recorded is recorded at the next start', async () => {
    const home = newHome()
    const before = await openLab({ home })
    const { id } = before.services.jobs.add('self-test', quick, { title })
    await untilJob(before, id, 'finished')
    before.services.store.jobs.update(id, { recorded: false })
    await before.close()
    const { Store } = await import('../../src/main/store/store.ts')
    const store = new Store(before.home.database)
    expect(store.jobs.unrecorded().map((job) => job.id)).toEqual([id])
    store.close()
    const after = await openLab({ home })
    expect(after.services.store.jobs.unrecorded()).toEqual([])
  })
})

describe('questions', () => {
  test('are answered by a warm worker, without a record', async () => {
    const lab = await openLab()
    const { jobs } = lab.services
    expect(await jobs.ask('self-question', { steps: 1, milliseconds: 0 })).toEqual({ steps: 1 })
    const [worker] = lab.pool.workers()
    expect(await jobs.ask('self-question', { steps: 2, milliseconds: 0 })).toEqual({ steps: 2 })
    expect(lab.pool.workers().map(({ pid }) => pid)).toEqual([worker?.pid])
    expect(jobs.list({ status: [], kinds: [], experimentId: null, text: '' }, 10, 0).total).toBe(0)
  })

  test('throw what the worker threw, and can be withdrawn', async () => {
    const lab = await openLab()
    const { jobs } = lab.services
    await expect(jobs.ask('self-question', { ...quick, fail: 'throw' })).rejects.toMatchObject({
      code: 'self-test-failed'
    })
    await expect(jobs.ask('self-question', { ...quick, fail: 'abort' })).rejects.toMatchObject({
      code: 'worker-crashed'
    })
    const withdrawn = new AbortController()
    const question = jobs.ask('self-question', slow, withdrawn.signal)
    setTimeout(() => withdrawn.abort(), 50)
    await expect(question).rejects.toMatchObject({ code: 'cancelled' })
  })
})

test('a client that comes late or reads slowly sees the newest state of each job', async () => {
  const lab = await openLab()
  const stop = new AbortController()
  const changes = lab.services.changes.subscribe(stop.signal)
  const { id } = lab.services.jobs.add('self-test', { steps: 50, milliseconds: 2 }, { title })
  await untilJob(lab, id, 'finished')
  await new Promise((resolve) => setTimeout(resolve, 50))
  const { value } = (await changes.next()) as { value: Change }
  expect(value).toMatchObject({ type: 'job', job: { id, status: 'finished' } })
  stop.abort()
  expect((await changes.next()).done).toBe(true)
  expect(lab.services.changes.subscribers).toBe(0)
})

test('10,000 queued jobs are listed and filtered', async () => {
  const lab = await openLab({ jobs: { slots: { cpu: 0 } } })
  const { jobs, store } = lab.services
  store.transaction(() => {
    for (let i = 0; i < 10_000; i++) jobs.add('self-test', quick, { title: `job ${i}`, experimentId: `e${i % 10}` })
  })
  const all = { status: [], kinds: [], experimentId: null, text: '' }
  const page = jobs.list({ ...all, experimentId: 'e3', status: ['queued'] }, 50, 900)
  expect(page.total).toBe(1000)
  expect(page.jobs).toHaveLength(50)
  expect(page.jobs[0]?.title).toBe('job 993')
  expect(jobs.list({ ...all, text: 'job 99' }, 1000, 0).total).toBe(111)
})

test('a title is found in the words of every language; an older job keeps its sentence', async () => {
  const lab = await openLab({ jobs: { slots: { cpu: 0 } } })
  const { jobs, store } = lab.services
  const { id } = jobs.add('self-test', quick, { title: { says: 'import', of: { name: 'Rainfall' } } })
  const older = jobs.add('self-test', quick, { title: 'Import Rainfall' }).id
  expect(jobs.get(id)).toMatchObject({
    title: 'Import Rainfall',
    called: { says: 'import', of: { name: 'Rainfall' } }
  })
  expect(jobs.get(older)).toMatchObject({ title: 'Import Rainfall', called: null })
  expect(store.jobs.get(id).sought).toBe('Import Rainfall\nRainfall einlesen')
  const found = (text: string) =>
    jobs.list({ status: [], kinds: [], experimentId: null, text }, 10, 0).jobs.map((job) => job.id)
  expect(found('rainfall einlesen')).toEqual([id])
  expect(found('import rain')).toEqual([older, id])
})
