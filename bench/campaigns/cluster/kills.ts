import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { ExperimentSpec } from '../../../src/main/contract/experiments.ts'
import { forkStarter } from '../../../src/main/hosts/fork-starter.ts'
import { Lab } from '../../../src/main/hosts/lab.ts'
import { workerEntry } from '../../../src/main/hosts/project.ts'
import { Random } from '../../../src/main/random/random.ts'
import { startSlurm, type Cluster } from '../../../test/cluster/cluster.ts'
import { outcomeOf, startExperiment, wholeExperiment } from '../../../test/places/experiment-at-a-place.ts'
import { tinySpec } from '../../../test/features/experiments/tiny-lab.ts'
import type { TinyWorld } from '../../../test/worker/tiny-world.ts'
import { killDaemon, killWorker, letStart, whatIsThere, type Daemon } from './daemons.ts'
import type { Report } from './part.ts'

const victims = ['slurmd', 'slurmctld', 'worker', 'lab'] as const
type Victim = (typeof victims)[number]
/** Workers three times as often as each of the others: some end before they are hit. */
const draws: readonly Victim[] = [...victims, 'worker', 'worker']
/** So large a share of the kills must end the work of a worker. */
const leastOfWorkers = 0.3
/** An experiment that is not over after so long is lost. */
const patience = 600_000
/** So many kills an experiment gets; then it is left alone, and has to come to its end. */
const mostOfOne = 12

/** Runs of some seconds each, so that a kill can come in the middle of the work. */
function spec(world: TinyWorld): Partial<ExperimentSpec> {
  return { tune: { ...tinySpec(world).tune, epochs: 100, batchSize: 1, maxSteps: 300 } }
}

/**
 * Whole experiments through a real Slurm, index and runs, while its daemons, the workers and the lab itself are killed at random
 * moments: all of them come to their end, with the numbers of this computer.
 */
export async function kills(world: TinyWorld, report: Report, wanted: number): Promise<void> {
  const here = await inHome(async (home) => {
    const lab = await open(home)
    try {
      const { answers, scores } = await wholeExperiment(lab, world, null, { more: spec(world) })
      return { answers, scores }
    } finally {
      await lab.close()
    }
  })
  const killed: Record<Victim, number> = { slurmd: 0, slurmctld: 0, worker: 0, lab: 0 }
  const count = () => victims.reduce((sum, victim) => sum + killed[victim], 0)
  const random = new Random(process.env['RECROSS_CLUSTER_SEED'] ?? 'cluster kills')
  const lost: string[] = []
  let [experiments, equal] = [0, 0]
  while (count() < wanted) {
    const cluster = await startSlurm()
    if (typeof cluster === 'string') return void process.stderr.write(`Slurm is left out: ${cluster}\n`)
    try {
      experiments++
      const attack = { cluster, random, killed, most: Math.min(mostOfOne, wanted - count()) }
      const there = await inHome((home) => attacked(world, home, attack))
      if (isDeepStrictEqual(there, here)) equal++
      else lost.push(typeof there === 'string' ? there : 'other numbers than here')
    } catch (thrown) {
      lost.push(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown))
    } finally {
      cluster.stop()
    }
    process.stderr.write(`${experiments} experiments, ${equal} equal, kills: ${JSON.stringify(killed)}\n`)
  }
  const least = Math.round(leastOfWorkers * wanted)
  report({
    name: 'kills that ended the work of a worker at work',
    ...{ value: killed.worker, unit: `of ${count()}`, aim: `≥ ${least}`, holds: killed.worker >= least }
  })
  report({
    name: 'experiments through Slurm under kills that end, and equal the local one',
    value: equal,
    unit: `of ${experiments}`,
    aim: 'all',
    holds: equal === experiments,
    detail: [`${count()} kills: ${victims.map((victim) => `${killed[victim]} of ${victim}`).join(', ')}`, ...lost].join(
      '; '
    )
  })
}

interface Attack {
  cluster: Cluster
  random: Random
  killed: Record<Victim, number>
  most: number
}

/** Its numbers; or what was found of an experiment that was not over in time. */
async function attacked(world: TinyWorld, home: string, { cluster, random, killed, most }: Attack): Promise<unknown> {
  const root = join(cluster.folder, 'place')
  const first = await open(home)
  const place = { name: 'slurm', kind: 'slurm', folder: root, atOnce: 2 } as const
  const { id } = await startExperiment(first, world, place, spec(world))
  await first.close()
  let lab = startLab(home)
  let killing = false
  const ended = () => lab.exitCode !== null || lab.signalCode !== null
  const over = () => !killing && ended()
  const until = performance.now() + patience
  const history: string[] = []
  for (let times = 0; !over() && performance.now() < until;) {
    await sleep(1000 + random.uniform() * 3500)
    letStart()
    if (over() || times >= most) continue
    const victim = draws[Math.floor(random.uniform() * draws.length)]!
    if (victim === 'lab') {
      killing = true
      lab.kill('SIGKILL')
      await sleep(random.uniform() * 3000)
      lab = startLab(home)
      killing = false
    } else if (victim === 'worker') {
      if (!(await killWorker(root, random, over))) continue
    } else await killDaemon(cluster, victim satisfies Daemon, random)
    killed[victim]++
    times++
    history.push(`${new Date().toISOString().slice(11, 19)} ${victim}`)
  }
  if (lab.exitCode !== 0) {
    const found = whatIsThere(cluster, root)
    process.stderr.write(`Not over: the lab's exit code is ${lab.exitCode}; kills ${history.join(', ')}\n${found}\n`)
    lab.kill('SIGKILL')
    return `one was not over: the lab's exit code is ${lab.exitCode}, ${history.length} kills`
  }
  const last = await open(home)
  try {
    const { answers, scores } = outcomeOf(last, id)
    return { answers, scores }
  } finally {
    await last.close()
  }
}

function startLab(home: string): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, 'lab-process.ts'), home], {
    stdio: ['ignore', 'ignore', 'inherit']
  })
}

export function open(home: string): Promise<Lab> {
  const places = { pollMilliseconds: 300, retryMilliseconds: 500, gatherMilliseconds: 100 }
  return Lab.open({ host: 'cli', home, workers: forkStarter(workerEntry()), places })
}

export async function inHome<T>(work: (home: string) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'recross-home-'))
  try {
    return await work(home)
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
}
