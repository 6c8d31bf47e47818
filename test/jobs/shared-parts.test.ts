import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Job } from '../../src/main/contract/jobs.ts'
import { forkStarter } from '../../src/main/hosts/fork-starter.ts'
import { utilityStarter } from '../../src/main/hosts/electron/utility-starter.ts'
import type { Lab } from '../../src/main/hosts/lab.ts'
import { workerEntry } from '../../src/main/hosts/project.ts'
import { makeDataset } from '../data/make-dataset.ts'
import { ElectronDouble } from '../hosts/electron-double.ts'
import { openLab, until, untilJob } from '../hosts/fixture.ts'
import { needs } from '../needs.ts'
import { makeTinyWorld, type TinyWorld } from '../worker/tiny-world.ts'

let world: TinyWorld
let dataset: string
let alone: string[]
beforeAll(async () => {
  world = await makeTinyWorld()
  dataset = join(world.folder, 'large', 'examples.db')
  // More than two chunks of 1,024 rows: with fewer there is nothing to share.
  const rows = Array.from({ length: 2600 }, (_, n) => ({
    input: `row ${n % 97} of ${n} `.repeat(5),
    outputs: ['x'],
    task: 't'
  }))
  makeDataset(dataset, rows).close()
})
afterAll(() => world.remove())

const hosts = {
  'forked workers of the server and the command line': () => forkStarter(workerEntry()),
  "Electron's utility processes": () => utilityStarter(new ElectronDouble(world.folder).parts, workerEntry())
}

function build(lab: Lab, shards: number): Job {
  const encoder = { modelId: 'tiny', folder: world.model, representation: 'dense' as const, prefix: '<s> ' }
  const input = {
    indexId: 'i',
    datasetId: 'upstream',
    dataset,
    encoder,
    maxTokens: 40,
    search: 'hnsw' as const,
    shards,
    provider: 'cpu' as const
  }
  const folder = join(lab.home.path, 'indices', `with-${shards}`)
  return lab.services.jobs.add('build-index', input, { title: 'index', folder })
}

/** Digests of what an index is: its vectors and its graph. */
function filesOf(lab: Lab, shards: number): string[] {
  const folder = join(lab.home.path, 'indices', `with-${shards}`)
  return ['vectors.f32', 'graph.hnsw'].map((name) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex')
  )
}

/**
 * Sends a signal to a process that is at work on a part of the job, and returns it. Nothing else of the lab runs between the look and the
 * signal. The first worker of the job is its own; the one after it has the first part, which is a whole chunk.
 */
async function signalPart(lab: Lab, id: string, signal: 'SIGKILL' | 'SIGSTOP'): Promise<number> {
  const pid = await until(
    () => {
      const { progress } = lab.services.jobs.get(id)
      const log = lab.services.jobs.log(id, 50).filter(({ text }) => text.startsWith('Embedding on'))
      const busy = lab.pool.workers().filter((worker) => worker.busy)
      const part = log.length >= 2 && progress !== null && busy.length >= 3 ? busy[1]!.pid : undefined
      if (part !== undefined) process.kill(part, signal)
      return part
    },
    (part) => part !== undefined
  )
  return pid!
}

test.each(Object.keys(hosts) as (keyof typeof hosts)[])(
  'an index is built in parts by %s, byte for byte as alone',
  async (host) => {
    const lab = await openLab({ workers: hosts[host]() })
    // Products round the last bit by how rows are dealt out to threads, so both are computed on one.
    lab.services.store.settings.save({ threads: 1 })
    const { id } = build(lab, 3)
    await untilJob(lab, id, 'finished')
    expect(lab.services.jobs.log(id, 50).map(({ text }) => text)).toContain(
      'Embedding 3 chunks in 3 processes of 1 thread.'
    )
    alone ??= await untilJob(lab, build(lab, 1).id, 'finished').then(() => filesOf(lab, 1))
    expect(filesOf(lab, 3)).toEqual(alone)
    expect(lab.services.jobs.get(id).progress).toMatchObject({ fraction: 1 })
  }
)

test('the death of a part is told as what it was, tried again, and costs no chunk that was finished', async () => {
  const lab = await openLab()
  const { id } = build(lab, 3)
  await signalPart(lab, id, 'SIGKILL')
  await untilJob(lab, id, 'finished')
  expect(lab.services.jobs.get(id).attempts).toBe(2)
  expect(
    lab.services.jobs
      .log(id, 100)
      .map(({ text }) => text)
      .join()
  ).toMatch(/killed from outside \(SIGKILL\).* It is tried once more/)
  expect(filesOf(lab, 3)).toEqual(alone)
})

test(
  'a part that does not answer is shown as the job not answering, which is paused and cancelled with its parts',
  { ...needs(process.platform !== 'win32', 'Windows stops no process by a signal') },
  async () => {
    const lab = await openLab({ pool: { silentMilliseconds: 2500 } })
    const { id } = build(lab, 2)
    const pid = await signalPart(lab, id, 'SIGSTOP')
    onTestFinished(() => {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has ended, as it should.
      }
    })
    await until(
      () => lab.services.jobs.get(id),
      ({ notAnswering }) => notAnswering === true
    )
    process.kill(pid, 'SIGCONT')
    await until(
      () => lab.services.jobs.get(id),
      ({ notAnswering }) => notAnswering === undefined
    )
    if (lab.services.jobs.get(id).status === 'running') lab.services.jobs.cancel(id)
    await untilJob(lab, id, 'cancelled', 'finished')
    await until(
      () => lab.pool.workers(),
      (workers) => workers.every(({ busy }) => !busy)
    )
  }
)
