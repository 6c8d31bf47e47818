import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { forkStarter } from '../../../src/main/hosts/fork-starter.ts'
import { Lab } from '../../../src/main/hosts/lab.ts'
import { workerEntry } from '../../../src/main/hosts/project.ts'
import { Random } from '../../../src/main/random/random.ts'
import { startSlurm, type Cluster } from '../../../test/cluster/cluster.ts'
import { outcomeOf, startExperiment, wholeExperiment } from '../../../test/places/experiment-at-a-place.ts'
import type { TinyWorld } from '../../../test/worker/tiny-world.ts'
import type { Campaign } from '../campaign.ts'

type Report = Parameters<Campaign['run']>[0]
const victims = ['slurmd', 'slurmctld', 'worker', 'lab'] as const
type Victim = (typeof victims)[number]
/** An experiment that is not over after so long is lost. */
const patience = 600_000

/**
 * Whole experiments through a real Slurm, index and runs, while its daemons, the workers and the lab itself are killed at random
 * moments: all of them come to their end, with the numbers of this computer.
 */
export async function kills(world: TinyWorld, report: Report, wanted: number): Promise<void> {
  const here = await inHome(async (home) => {
    const lab = await open(home)
    try {
      const { answers, scores } = await wholeExperiment(lab, world, null)
      return { answers, scores }
    } finally {
      await lab.close()
    }
  })
  const killed: Record<Victim, number> = { slurmd: 0, slurmctld: 0, worker: 0, lab: 0 }
  const count = () => victims.reduce((sum, victim) => sum + killed[victim], 0)
  const random = new Random('cluster kills')
  let [experiments, equal] = [0, 0]
  while (count() < wanted) {
    const cluster = await startSlurm()
    if (typeof cluster === 'string') return void process.stderr.write(`Slurm is left out: ${cluster}\n`)
    try {
      const there = await inHome((home) => attacked(world, home, cluster, random, killed))
      experiments++
      if (isDeepStrictEqual(there, here)) equal++
      process.stderr.write(`${experiments} experiments, ${equal} equal, kills: ${JSON.stringify(killed)}\n`)
    } finally {
      cluster.stop()
    }
  }
  report({
    name: 'experiments through Slurm under kills that end, and equal the local one',
    value: equal,
    unit: `of ${experiments}`,
    aim: 'all',
    holds: equal === experiments,
    detail: `${count()} kills: ${victims.map((victim) => `${killed[victim]} of ${victim}`).join(', ')}`
  })
}

async function attacked(
  world: TinyWorld,
  home: string,
  cluster: Cluster,
  random: Random,
  killed: Record<Victim, number>
): Promise<unknown> {
  const root = join(cluster.folder, 'place')
  const first = await open(home)
  const { id } = await startExperiment(first, world, { name: 'slurm', kind: 'slurm', folder: root, atOnce: 2 })
  await first.close()
  let lab = startLab(home)
  let over = false
  const watch = async () => {
    for (const until = performance.now() + patience; performance.now() < until; await sleep(200))
      if (lab.exitCode === 0) return
    throw new Error('An experiment was not over after ten minutes.')
  }
  const attack = async () => {
    while (!over) {
      await sleep(1000 + random.uniform() * 3500)
      if (over) return
      const victim = victims[Math.floor(random.uniform() * victims.length)]!
      if (victim === 'lab') {
        if (lab.exitCode !== null) return
        lab.kill('SIGKILL')
        killed.lab++
        await sleep(random.uniform() * 3000)
        lab = startLab(home)
      } else if (victim === 'worker') {
        const pids = workersOf(root)
        if (pids.length === 0) continue
        process.kill(pids[Math.floor(random.uniform() * pids.length)]!, 'SIGKILL')
        killed.worker++
      } else if (await killDaemon(cluster, victim, random)) killed[victim]++
    }
  }
  const attacking = attack()
  try {
    await watch()
  } finally {
    over = true
    await attacking
    lab.kill('SIGKILL')
  }
  const last = await open(home)
  try {
    const { answers, scores } = outcomeOf(last, id)
    return { answers, scores }
  } finally {
    await last.close()
  }
}

/** Kills a daemon and starts it again after a while; false where it was not there. */
async function killDaemon(cluster: Cluster, name: 'slurmd' | 'slurmctld', random: Random): Promise<boolean> {
  try {
    process.kill(Number(readFileSync(join(cluster.folder, `${name}.pid`), 'utf8')), 'SIGKILL')
  } catch {
    return false
  }
  await sleep(500 + random.uniform() * 3000)
  const options = name === 'slurmd' ? ['-N', 'localhost'] : []
  spawn(`/usr/sbin/${name}`, ['-f', join(cluster.folder, 'slurm.conf'), ...options], { stdio: 'ignore' })
  await sleep(500)
  return true
}

/** Processes that have a job of the place at this moment. */
function workersOf(root: string): number[] {
  const jobs = join(root, 'jobs')
  return readdirSync(jobs).flatMap((id) => {
    const names = readdirSync(join(jobs, id))
      .filter((name) => /^holder-\d+\.json$/.test(name))
      .sort((a, b) => Number(/\d+/.exec(b)![0]) - Number(/\d+/.exec(a)![0]))
    if (names.length === 0 || names.length > 50) return []
    try {
      const holder = JSON.parse(readFileSync(join(jobs, id, names[0]!), 'utf8')) as { pid: number } | null
      if (holder === null) return []
      const words = readFileSync(`/proc/${holder.pid}/cmdline`, 'utf8')
      return words.includes('file-worker') ? [holder.pid] : []
    } catch {
      return []
    }
  })
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
