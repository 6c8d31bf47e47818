import { expect, onTestFinished, test } from 'vitest'
import { until, untilJob, openLab } from '../hosts/fixture.ts'
import { needs } from '../needs.ts'

const posix = needs(process.platform !== 'win32', 'Windows stops no process by a signal')
const slow = { steps: 100_000, milliseconds: 5 }

test('a worker that stops answering is noticed, said so, and goes on by itself', posix, async () => {
  const lab = await openLab({ pool: { silentMilliseconds: 3000 } })
  const { jobs } = lab.services
  const { id } = jobs.add('self-test', slow, { title: 'test' })
  await until(
    () => jobs.get(id),
    ({ progress }) => (progress?.done ?? 0) > 0
  )
  const pid = lab.pool.workers()[0]!.pid!
  process.kill(pid, 'SIGSTOP')
  onTestFinished(() => void killed(pid))
  const silent = await until(
    () => jobs.get(id),
    ({ notAnswering }) => notAnswering === true
  )
  expect(silent).toMatchObject({
    status: 'running',
    progress: { phase: 'not answering', rate: null, secondsLeft: null }
  })
  expect(
    jobs
      .log(id, 10)
      .map(({ text }) => text)
      .join()
  ).toContain('Nothing has been heard of the worker process')

  process.kill(pid, 'SIGCONT')
  const back = await until(
    () => jobs.get(id),
    ({ notAnswering }) => notAnswering === undefined
  )
  expect(back.progress?.phase).not.toBe('not answering')
  await until(
    () => jobs.get(id),
    ({ progress }) => progress!.done > silent.progress!.done
  )
  jobs.cancel(id)
  await untilJob(lab, id, 'cancelled')
})

test('one that is stopped for good can be cancelled, and what was shown is not taken back', posix, async () => {
  const lab = await openLab({ pool: { silentMilliseconds: 3000 }, jobs: { graceMilliseconds: 200 } })
  const { jobs } = lab.services
  const { id } = jobs.add('self-test', slow, { title: 'test' })
  await until(
    () => jobs.get(id),
    ({ progress }) => (progress?.done ?? 0) > 20
  )
  process.kill(lab.pool.workers()[0]!.pid!, 'SIGSTOP')
  const { progress: shown } = await until(
    () => jobs.get(id),
    ({ notAnswering }) => notAnswering === true
  )
  jobs.cancel(id)
  const over = await untilJob(lab, id, 'cancelled')
  expect(over.progress!.done).toBeGreaterThanOrEqual(shown!.done)
})

test('a worker that was stopped while it had nothing to do gets no task', posix, async () => {
  // The one that starts in its place may be silent for a while on a busy machine.
  const lab = await openLab()
  await lab.services.jobs.ask('self-question', { steps: 1, milliseconds: 0 })
  const { pid } = lab.pool.workers()[0]!
  process.kill(pid!, 'SIGSTOP')
  onTestFinished(() => void killed(pid!))
  await until(
    () => lab.pool.workers(),
    ([worker]) => worker?.answers === false
  )
  expect(await lab.services.jobs.ask('self-question', { steps: 1, milliseconds: 0 })).toEqual({ steps: 1 })
})

test('progress is published and saved although the clock was set back', async () => {
  const lab = await openLab()
  const { jobs } = lab.services
  const { id } = jobs.add('self-test', slow, { title: 'test' })
  await until(
    () => jobs.get(id),
    ({ progress }) => (progress?.done ?? 0) > 0
  )
  const { now } = Date
  Date.now = () => now() - 3_600_000
  onTestFinished(() => void (Date.now = now))
  const stop = new AbortController()
  let heard = 0
  const listening = (async () => {
    for await (const change of lab.services.changes.subscribe(stop.signal)) if (change.type === 'job') heard++
  })()
  const saved = () => lab.services.store.jobs.get(id).progress?.done ?? 0
  const before = saved()
  await until(saved, (done) => done > before, 20_000)
  await until(
    () => heard,
    (count) => count > 2,
    20_000
  )
  stop.abort()
  await listening
  jobs.cancel(id)
  await untilJob(lab, id, 'cancelled')
})

function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

test('a step that never ends is stopped, and the file is named as the cause', async () => {
  const policy = { resource: 'cpu' as const, resumes: false, retries: 0, elsewhere: false, stepSeconds: 1 }
  const lab = await openLab({ jobs: { policies: { 'self-test': policy } } })
  const { id } = lab.services.jobs.add('self-test', { steps: 2, milliseconds: 1, fail: 'spin' }, { title: 'test' })
  const { error } = await untilJob(lab, id, 'failed')
  expect(error).toMatchObject({ code: 'too-slow', message: expect.stringMatching(/damaged/) as string })
})
