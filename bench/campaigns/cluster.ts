import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { setTimeout as sleep } from 'node:timers/promises'
import { placeSettingsSchema, type PlaceSettings } from '../../src/main/contract/places.ts'
import { Random } from '../../src/main/random/random.ts'
import type { JobOutput } from '../../src/main/contract/jobs.ts'
import { HashCache } from '../../src/main/files/hashed-files.ts'
import type { JobRecord } from '../../src/main/store/schema.ts'
import { Lab } from '../../src/main/hosts/lab.ts'
import { wholeExperiment } from '../../test/places/experiment-at-a-place.ts'
import { forkStarter } from '../../src/main/hosts/fork-starter.ts'
import { placePrograms } from '../../src/main/hosts/place-programs.ts'
import { workerEntry } from '../../src/main/hosts/project.ts'
import { PooledWorker, type Outcome } from '../../src/main/jobs/pooled-worker.ts'
import { sendInputs } from '../../src/main/places/carry.ts'
import { jobFileOf } from '../../src/main/places/job-file.ts'
import { PlaceLink } from '../../src/main/places/link.ts'
import { PlaceWorkers } from '../../src/main/places/place-workers.ts'
import { commandFor } from '../../src/main/places/programs.ts'
import { startSlurm } from '../../test/cluster/cluster.ts'
import { makeTinyWorld, runInput, type TinyWorld } from '../../test/worker/tiny-world.ts'
import type { Campaign } from './campaign.ts'
import { callsPerMinute } from './cluster/calls.ts'
import { kills } from './cluster/kills.ts'
import { allMishaps } from './cluster/mishaps.ts'
import { overhead } from './cluster/overhead.ts'
import { part, type Report } from './cluster/part.ts'
import { scale } from './cluster/scale.ts'
import { severalNodes } from './cluster/nodes.ts'
import { shardedIndex } from './cluster/shards.ts'
import { sharedVectors } from './cluster/shared-vectors.ts'
import { timeouts } from './cluster/timeouts.ts'

const patience = { hungMilliseconds: 600_000, silentMilliseconds: 60_000 }
const fast = { pollMilliseconds: 150, retryMilliseconds: 200, gatherMilliseconds: 20 }

/**
 * A run through a place equals the run on this computer, whatever kills its worker; contents arrive whole or not at all. The short
 * form works on a folder of this computer, the long one also on a real Slurm of one node, where its packages are there.
 * RECROSS_CLUSTER_PARTS names the parts that run (`kills,overhead`), RECROSS_CLUSTER_KILLS says how many kills there are, 50 unless set.
 */
export const suite: Campaign = {
  name: 'cluster',
  async run(report, { short }) {
    const world = await makeTinyWorld()
    try {
      const local = await runOnce(world, 'local', () => new PooledWorker(forkStarter(workerEntry()).start(), patience))
      await part(report, 'folder', 30, () => throughFolder(world, local, report, short))
      await part(report, 'experiments', 30, () => wholeExperiments(world, report))
      await part(report, 'calls', 10, () => callsPerMinute(report))
      await part(report, 'scale', 30, () => scale(report, short ? 1000 : 10_000))
      await part(report, 'vectors', 60, () => sharedVectors(report, short ? 5000 : 1_000_000))
      if (short) return
      await part(report, 'slurm', 30, () => throughSlurm(world, local, report))
      await part(report, 'overhead', 30, () => overhead(world.folder, report))
      await part(report, 'timeouts', 30, () => timeouts(world, report))
      await part(report, 'nodes', 30, () => severalNodes(world, report))
      await part(report, 'shards', 180, () => shardedIndex(world, report))
      await part(report, 'mishaps', 120, () => allMishaps(world, report))
      await part(report, 'kills', 300, () => kills(world, report, Number(process.env['RECROSS_CLUSTER_KILLS'] ?? 50)))
    } finally {
      world.remove()
    }
  }
}

/** Runs through a folder of this computer whose workers are killed, and what goes there and comes back. */
async function throughFolder(world: TinyWorld, local: unknown, report: Report, short: boolean): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'recross-campaign-'))
  try {
    const here = placeOf(placeSettingsSchema.parse({ name: 'here', kind: 'process', folder: root }))
    const random = new Random(7)
    const wanted = short ? 2 : 50
    let equal = 0
    let killed = 0
    const rounds = short ? 2 : 25
    for (let round = 0; round < rounds; round++) {
      const id = `run-${round}`
      const ending = { over: false }
      const killer =
        round === 0 ? null : killNow(join(root, 'jobs', id), random, wanted / Math.max(1, rounds - 1), ending)
      const there = await runOnce(world, id, () => new PooledWorker(here.workers.start(), patience))
      ending.over = true
      killed += (await killer) ?? 0
      if (isDeepStrictEqual(there, local)) equal++
    }
    report({
      name: 'runs at a place equal to the local run',
      value: equal,
      unit: `of ${rounds}`,
      aim: 'all',
      holds: equal === rounds,
      detail: `${killed} kills of the worker`
    })
    report(await secondTransfer(here.link, world))
    report(await truncated(here.link, world, root))
    here.workers.close()
  } finally {
    rmSync(root, { recursive: true, force: true, maxRetries: 5 })
  }
}

function placeOf(settings: PlaceSettings): { link: PlaceLink; workers: PlaceWorkers } {
  const link = new PlaceLink('this computer', () => commandFor(settings, placePrograms()))
  return { link, workers: new PlaceWorkers(link, settings, fast) }
}

/** Scores and answers of one run; a crashed worker is started again, as the queue does. */
async function runOnce(world: TinyWorld, id: string, worker: () => PooledWorker): Promise<unknown> {
  const folder = join(world.folder, 'runs', id)
  const task = { id, kind: 'run-strategy' as const, input: runInput(world), folder, home: world.folder, threads: 1 }
  let outcome: Outcome
  do {
    const taken = worker()
    outcome = await taken.run(task, {})
    taken.kill()
  } while (outcome.type === 'crashed')
  if (outcome.type !== 'finished') return { ended: outcome }
  const { scores } = outcome.output as JobOutput<'run-strategy'>
  const answers = readdirSync(folder).filter((name) => name.startsWith('predictions-'))
  return { scores, answers: answers.map((name) => readFileSync(join(folder, name), 'utf8')) }
}

/** Kills what works on a folder, at random moments. */
async function killNow(folder: string, random: Random, times: number, ending: { over: boolean }): Promise<number> {
  let killed = 0
  while (killed < times && !ending.over) {
    await sleep(200 + random.uniform() * 1500)
    try {
      const { pid } = JSON.parse(readFileSync(join(folder, 'process.json'), 'utf8')) as { pid: number }
      process.kill(pid, 'SIGKILL')
      killed++
    } catch {
      // Not started yet, or over.
    }
  }
  return killed
}

async function secondTransfer(link: PlaceLink, world: TinyWorld) {
  const value = await sendInputs(link, world.folder, await inputsOf(world), new AbortController().signal)
  return { name: 'bytes carried the second time', value, unit: 'bytes', aim: '0', holds: value === 0 }
}

/** A content of which only a part arrived is gone on with, and one that was damaged on its way is sent anew. */
async function truncated(link: PlaceLink, world: TinyWorld, root: string) {
  const inputs = await inputsOf(world)
  const largest = inputs.toSorted((a, b) => b.bytes - a.bytes)[0]!
  const object = join(root, 'objects', largest.sha256)
  const half = Math.floor(largest.bytes / 2)
  const content = readFileSync(object)
  rmSync(object)
  await link.ask('put', { sha256: largest.sha256, offset: 0 }, content)
  truncateSync(`${object}.part`, half)
  const sent = await sendInputs(link, world.folder, [largest], new AbortController().signal)
  rmSync(object)
  await link.ask('put', { sha256: largest.sha256, offset: 0 }, Buffer.alloc(half, 1))
  await sendInputs(link, world.folder, [largest], new AbortController().signal)
  const holds = sent === largest.bytes - half && statSync(object).size === largest.bytes
  return {
    ...{ name: 'a truncated and a damaged transfer end whole', value: Number(holds), unit: '', aim: '1', holds },
    detail: `${sent} of ${largest.bytes} bytes were sent after the cut`
  }
}

async function inputsOf(world: TinyWorld) {
  const folder = join(world.folder, 'runs', 'none')
  const start = { type: 'start' as const, id: 'none', kind: 'run-strategy' as const, input: runInput(world), folder }
  return (await jobFileOf({ ...start, home: world.folder, threads: 1 }, 1, new HashCache())).inputs
}

/** A demo-like experiment at a place, its index built there too, against that of this computer, and what its stage cost beside its tasks. */
async function wholeExperiments(world: TinyWorld, report: Report): Promise<void> {
  const outcomes = []
  for (const elsewhere of [false, true]) {
    const folders = [mkdtempSync(join(tmpdir(), 'recross-home-')), mkdtempSync(join(tmpdir(), 'recross-place-'))]
    const workers = forkStarter(workerEntry())
    const lab = await Lab.open({ host: 'cli', home: folders[0]!, workers, places: fast })
    try {
      const place = elsewhere ? { name: 'here', kind: 'process' as const, folder: folders[1]!, atOnce: 1 } : null
      outcomes.push(await wholeExperiment(lab, world, place, { indexThere: elsewhere }))
    } finally {
      await lab.close()
      for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    }
  }
  const [here, there] = [outcomes[0]!, outcomes[1]!]
  const holds = isDeepStrictEqual([there.answers, there.scores], [here.answers, here.scores])
  const count = Object.keys(here.answers).length
  report({
    name: 'a whole experiment at a place equals the local one',
    value: Number(holds),
    unit: '',
    aim: '1',
    holds,
    detail: `${count} files of answers, index built there`
  })
  report({ ...stageOverhead(there.jobs), name: 'overhead of a stage over the sum of its tasks, one at a time' })
}

/** Seconds from the first task's start to the last one's end, less what the tasks, the index among them, say they took. */
function stageOverhead(jobs: readonly Pick<JobRecord, 'kind' | 'startedAt' | 'finishedAt' | 'output' | 'place'>[]) {
  const placed = jobs.filter(({ place }) => place != null)
  const times = (of: 'startedAt' | 'finishedAt') => placed.map((job) => Date.parse(job[of] ?? ''))
  const whole = (Math.max(...times('finishedAt')) - Math.min(...times('startedAt'))) / 1000
  const tasks = placed.reduce((total, { output }) => {
    const { seconds } = output as JobOutput<'run-strategy'> | JobOutput<'build-index'>
    return total + (typeof seconds === 'number' ? seconds : seconds.total)
  }, 0)
  const value = whole - tasks
  return {
    value,
    unit: 's',
    aim: null,
    holds: null,
    detail: `${placed.length} tasks, each a process of its own, ${tasks.toFixed(1)} s of ${whole.toFixed(1)} s`
  }
}

async function throughSlurm(world: TinyWorld, local: unknown, report: Report): Promise<void> {
  const cluster = await startSlurm()
  if (typeof cluster === 'string') {
    process.stderr.write(`Slurm is left out: ${cluster}\n`)
    return
  }
  try {
    const settings = placeSettingsSchema.parse({ name: 'slurm', kind: 'slurm', folder: cluster.folder, atOnce: 2 })
    const { workers } = placeOf(settings)
    const started = performance.now()
    const ids = Array.from({ length: 6 }, (_, at) => `slurm-${at}`)
    const there = await Promise.all(
      ids.map((id) => runOnce(world, id, () => new PooledWorker(workers.start(), patience)))
    )
    const equal = there.filter((one) => isDeepStrictEqual(one, local)).length
    report({
      name: 'runs through Slurm equal to the local run',
      value: equal,
      unit: 'of 6',
      aim: 'all',
      holds: equal === 6
    })
    report({
      name: 'six runs through Slurm',
      value: (performance.now() - started) / 1000,
      unit: 's',
      aim: null,
      holds: null
    })
    workers.close()
  } finally {
    cluster.stop()
  }
}
