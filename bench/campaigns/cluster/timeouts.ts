import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { placeSettingsSchema } from '../../../src/main/contract/places.ts'
import { retrievalSettingsSchema, tuneSettingsSchema } from '../../../src/main/contract/run-settings.ts'
import { forkStarter } from '../../../src/main/hosts/fork-starter.ts'
import { placePrograms } from '../../../src/main/hosts/place-programs.ts'
import { workerEntry } from '../../../src/main/hosts/project.ts'
import { PooledWorker } from '../../../src/main/jobs/pooled-worker.ts'
import { PlaceLink } from '../../../src/main/places/link.ts'
import { PlaceWorkers } from '../../../src/main/places/place-workers.ts'
import { commandFor } from '../../../src/main/places/programs.ts'
import { startSlurm } from '../../../test/cluster/cluster.ts'
import { runInput, type TinyWorld } from '../../../test/worker/tiny-world.ts'
import type { Campaign } from '../campaign.ts'

const patience = { hungMilliseconds: 600_000, silentMilliseconds: 60_000 }
/** So much work is longer than the shortest time that Slurm can limit, which is a minute, and ends in the second turn. */
const workSeconds = 75
const trial = 300

function long(world: TinyWorld, maxSteps: number) {
  const tune = { learningRate: 1e-4, maxInputTokens: 32, maxOutputTokens: 8, epochs: 100, batchSize: 1, maxSteps }
  const retrieval = retrievalSettingsSchema.parse({ budget: 200 })
  return runInput(world, { retrieval, tune: tuneSettingsSchema.parse(tune) })
}

/**
 * Slurm's own limit of a minute. One run hears the signal before its end, saves, and is put back by itself; the other is held so
 * that it hears nothing, and is ended by Slurm: state TIMEOUT. Both must come to the numbers of the run on this computer.
 */
export async function timeouts(world: TinyWorld, report: Parameters<Campaign['run']>[0]): Promise<void> {
  const cluster = await startSlurm()
  if (typeof cluster === 'string') return void process.stderr.write(`Slurm is left out: ${cluster}\n`)
  try {
    const settings = { name: 'slurm', kind: 'slurm', folder: cluster.folder, atOnce: 2, minutes: 1 } as const
    const place = placeSettingsSchema.parse(settings)
    const workers = new PlaceWorkers(new PlaceLink('this computer', () => commandFor(place, placePrograms())), place)
    const logs = new Map<string, string[]>()
    const here = () => new PooledWorker(forkStarter(workerEntry()).start(), patience)
    const began = performance.now()
    await runTo(world, { id: 'limit-trial', steps: trial, worker: here() }, logs)
    const steps = Math.round((trial * workSeconds * 1000) / (performance.now() - began))
    const run = (id: string, worker: PooledWorker) => runTo(world, { id, steps, worker }, logs)
    const there = ['limit-told', 'limit-deaf'].map((id) => run(id, new PooledWorker(workers.start(), patience)))
    const held = hold(join(cluster.folder, 'jobs', 'limit-deaf'))
    const seconds = (performance.now() / 1000) | 0
    const [told, deaf] = await Promise.all(there)
    const wanted = await run('limit-here', here())
    const restarts = restartsOf(join(cluster.folder, 'jobs', 'limit-told'))
    report({
      ...{ name: 'runs that the time limit ended after its signal, and put back', value: restarts, unit: 'times' },
      aim: 'numbers equal',
      holds: restarts > 0 && isDeepStrictEqual(told, wanted),
      detail: `limit 1 min, ${((performance.now() / 1000) | 0) - seconds} s in all, two minutes of them Slurm’s own wait before a requeued job`
    })
    const timeOut = logs.get('limit-deaf')!.filter((line) => line.includes('TIMEOUT')).length
    report({
      ...{ name: 'runs that Slurm ended by TIMEOUT, handed in again', value: timeOut, unit: 'times' },
      aim: 'numbers equal',
      holds: timeOut > 0 && isDeepStrictEqual(deaf, wanted),
      detail: `held at ${await held}`
    })
    workers.close()
  } finally {
    cluster.stop()
  }
}

async function runTo(
  world: TinyWorld,
  { id, steps, worker }: { id: string; steps: number; worker: PooledWorker },
  logs: Map<string, string[]>
): Promise<unknown> {
  const folder = join(world.folder, 'runs', id)
  const said: string[] = []
  logs.set(id, said)
  const task = { id, kind: 'run-strategy' as const, input: long(world, steps), folder, home: world.folder, threads: 1 }
  const outcome = await worker.run(task, { log: (_, text) => void said.push(text) })
  worker.kill()
  process.stderr.write(`${id}: ${outcome.type}, ${steps} steps\n  ${said.slice(-14).join('\n  ')}\n`)
  if (outcome.type !== 'finished') return outcome
  return (outcome.output as { scores: unknown }).scores
}

/** Stops what works on a folder for the first time, again and again, until Slurm has ended it. */
async function hold(folder: string): Promise<string> {
  let pid: number | null = null
  for (;;) {
    await sleep(200)
    try {
      pid ??= (JSON.parse(readFileSync(join(folder, 'holder-1.json'), 'utf8')) as { pid: number }).pid
      // Some of the work must have been done, and saved.
      if (!readFileSync(join(folder, 'progress.jsonl'), 'utf8').includes('curve')) continue
    } catch {
      continue
    }
    try {
      process.kill(pid, 'SIGSTOP')
    } catch {
      return new Date().toISOString()
    }
  }
}

function restartsOf(folder: string): number {
  const { task } = JSON.parse(readFileSync(join(folder, 'slurm.json'), 'utf8')) as { task: string }
  const said = execFileSync('scontrol', ['show', 'job', task, '-o'], { encoding: 'utf8' })
  return Number(/Restarts=(\d+)/.exec(said)?.[1] ?? 0)
}
