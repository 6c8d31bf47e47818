import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { Claims } from '../../src/main/jobs/claims.ts'
import { WorkerPool } from '../../src/main/jobs/pool.ts'
import { Questions } from '../../src/main/jobs/questions.ts'
import type { WorkerProcess } from '../../src/main/jobs/worker-process.ts'
import { openLab, until, untilJob } from '../hosts/fixture.ts'
import { needs } from '../needs.ts'

/** Worker processes that answer nothing; how many were started, and how many live. */
function mute() {
  const counts = { started: 0, alive: 0 }
  const start = (): WorkerProcess => {
    counts.started++
    counts.alive++
    const events = new EventEmitter()
    const kill = () => {
      counts.alive--
      setImmediate(() => events.emit('exit', { code: null, signal: 'SIGKILL' }))
    }
    return {
      pid: counts.started,
      send: () => undefined,
      kill,
      onMessage: () => undefined,
      onOutput: () => undefined,
      onExit: (listener) => events.once('exit', listener)
    }
  }
  return { counts, pool: new WorkerPool({ start }) }
}

const settings = () => ({ home: '/home', threads: 1 })
const neighbours = { dataset: 'd', strategy: 'lexical' as const, indices: [], text: 'x' }

test('closing the pool starts nothing, although the kind is tried again after a crash', async () => {
  const { counts, pool } = mute()
  const claim = async () => () => undefined
  const questions = new Questions(pool, { atOnce: 2, settings, claim, room: () => 'usual' })
  const asked = [questions.ask('neighbours', neighbours), questions.ask('neighbours', neighbours)]
  const ended = Promise.allSettled(asked)
  await until(
    () => counts.alive,
    (alive) => alive === 2
  )
  await pool.close()
  expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(counts).toEqual({ started: 2, alive: 0 })
  await expect(questions.ask('neighbours', neighbours)).rejects.toMatchObject({ code: 'lab-closed' })
  expect(counts.started).toBe(2)
})

test('a question that takes too long is stopped and says so', async () => {
  const lab = await openLab({ jobs: { questionSeconds: { 'self-question': 1 } } })
  const asked = lab.services.jobs.ask('self-question', { steps: 100_000, milliseconds: 50, fail: 'no' })
  await expect(asked).rejects.toMatchObject({ code: 'too-slow' })
  await until(
    () => lab.pool.workers().length,
    (alive) => alive === 0
  )
})

test(
  'a question to a worker that stops answering is given up',
  needs(process.platform !== 'win32', 'Windows stops no process by a signal'),
  async () => {
    // A worker that starts on a busy machine is silent for a while as well.
    const lab = await openLab({ pool: { silentMilliseconds: 8000 } })
    const asked = lab.services.jobs.ask('self-question', { steps: 100_000, milliseconds: 50, fail: 'no' })
    const refused = expect(asked).rejects.toMatchObject({ code: 'worker-silent' })
    const [worker] = await until(
      () => lab.pool.workers(),
      (workers) => (workers[0]?.rss ?? 0) > 0
    )
    process.kill(worker!.pid!, 'SIGSTOP')
    await refused
  }
)

test('what measures waits for the machine, goes before jobs that wait, and does not wait for ever', async () => {
  const lab = await openLab({ jobs: { claimMilliseconds: 300, slots: { accelerator: 2 } } })
  const { jobs, home } = lab.services
  const encoder = { modelId: 'm', folder: home.model('none'), representation: 'dense' as const }
  const measure = () => jobs.ask('measure-embedding', { encoder, maxTokens: 8, texts: ['x'] })
  // Nothing computes: it is asked at once, and finds that there is no such model.
  const missing = (await measure().catch((error: unknown) => error)) as { code: string }
  expect(missing.code).not.toBe('machine-busy')

  const dataset = `${home.dataset('none')}/examples.db`
  const claims = new Claims()
  const order: string[] = []
  const first = await taken(claims)
  const second = claims
    .take(10_000, () => undefined)
    .then((giveBack) => {
      order.push('second')
      return giveBack
    })
  claims.grant()
  expect(order, 'nobody else while it is held').toEqual([])
  first()
  claims.grant()
  ;(await second)()
  expect(claims.wanted).toBe(false)
  await expect(claims.take(10, () => undefined)).rejects.toMatchObject({ code: 'machine-busy' })
  const withdrawn = new AbortController()
  const third = claims.take(10_000, () => undefined, withdrawn.signal)
  withdrawn.abort()
  await expect(third).rejects.toThrow()
  expect(claims.wanted).toBe(false)

  // The queue goes on after a claim: this job finds no data, but it is tried.
  const job = jobs.add('build-index', { indexId: 'i', datasetId: 'd', dataset, encoder }, { title: 'Look' })
  await untilJob(lab, job.id, 'failed', 'crashed')
})

async function taken(claims: Claims): Promise<() => void> {
  const claim = claims.take(10_000, () => undefined)
  claims.grant()
  return claim
}
