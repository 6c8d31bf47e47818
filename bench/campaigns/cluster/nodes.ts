import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { ExperimentSpec } from '../../../src/main/contract/experiments.ts'
import type { Lab } from '../../../src/main/hosts/lab.ts'
import { startSlurm, type Cluster } from '../../../test/cluster/cluster.ts'
import { tinySpec } from '../../../test/features/experiments/tiny-lab.ts'
import { outcomeOf, startExperiment, wholeExperiment } from '../../../test/places/experiment-at-a-place.ts'
import type { TinyWorld } from '../../../test/worker/tiny-world.ts'
import { letStart, slurm } from './daemons.ts'
import { inHome, open } from './kills.ts'
import { within, type Report } from './part.ts'

/** In minutes: an experiment that is not over by then is lost. */
const patience = 15

/**
 * One experiment over the partitions of two nodes. One of the nodes dies while a run of it is known to be at work there: its daemon and
 * all that it had started. Slurm notices, and what was there goes on where there is a node.
 */
export async function severalNodes(world: TinyWorld, report: Report): Promise<void> {
  const more: Partial<ExperimentSpec> = {
    rounds: 2,
    tune: { ...tinySpec(world).tune, epochs: 100, batchSize: 1, maxSteps: 300 }
  }
  const here = await inHome(async (home) => {
    const lab = await open(home)
    try {
      const { answers, scores } = await wholeExperiment(lab, world, null, { more })
      return { answers, scores }
    } finally {
      await lab.close()
    }
  })
  const cluster = await startSlurm(2)
  if (typeof cluster === 'string') return void process.stderr.write(`Slurm is left out: ${cluster}\n`)
  try {
    await inHome(async (home) => {
      const root = join(cluster.folder, 'place')
      const lab = await open(home)
      try {
        const place = { name: 'slurm', kind: 'slurm', folder: root, partition: 'p1,p2', atOnce: 2 } as const
        const { id } = await startExperiment(lab, world, place, more)
        const dead = { jobs: 0, over: false }
        const dying = killNode(cluster, 'n2', root, dead)
        await within(patience, untilEnd(lab, id)).finally(() => (dead.over = true))
        await dying
        const { answers, scores } = outcomeOf(lab, id)
        const nodes = nodesOf(lab, id)
        const holds = isDeepStrictEqual({ answers, scores }, here) && dead.jobs > 0 && nodes.includes('n2')
        report({
          name: 'an experiment over two nodes, one of which dies, equals the local one',
          ...{ value: Number(holds), unit: '', aim: '1', holds },
          detail: `jobs ran on ${nodes.join(' and ')}; ${dead.jobs} at work on the node that died; its state then: ${slurm('sinfo', '-h', '-n', 'n2', '-N', '-o', '%T').join(' ')}`
        })
      } finally {
        await lab.close()
      }
    })
  } finally {
    cluster.stop()
  }
}

/** Kills a node with all that it has started, as soon as a job is known to be at work there. */
async function killNode(cluster: Cluster, node: string, root: string, dead: { jobs: number; over: boolean }) {
  for (; !dead.over; await sleep(100)) {
    letStart()
    const tasks = slurm('squeue', '-h', '-r', '-t', 'R', '-w', node, '-o', '%i')
    const working = tasks.flatMap((task) => workersOf(root, task))
    if (working.length === 0) continue
    const daemon = Number(readFileSync(join(cluster.folder, `slurmd-${node}.pid`), 'utf8'))
    for (const pid of [daemon, ...working.flatMap(withParents)]) kill(pid)
    dead.jobs = working.length
    return
  }
}

/** The process that works on a task of Slurm, where it has said that it does. */
function workersOf(root: string, task: string): number[] {
  const jobs = join(root, 'jobs')
  return (existsSync(jobs) ? readdirSync(jobs) : []).flatMap((id) => {
    try {
      const folder = join(jobs, id)
      if ((JSON.parse(readFileSync(join(folder, 'slurm.json'), 'utf8')) as { task: string }).task !== task) return []
      if (!/"type":"(progress|curve)"/.test(readFileSync(join(folder, 'progress.jsonl'), 'utf8'))) return []
      return [(JSON.parse(readFileSync(join(folder, 'holder-1.json'), 'utf8')) as { pid: number }).pid]
    } catch {
      return []
    }
  })
}

/** A worker, its batch script, and Slurm's own process above that: the first is killed last, so that nobody can tell of its end. */
function withParents(pid: number): number[] {
  const parent = (of: number) => Number(readFileSync(`/proc/${of}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[1])
  const script = parent(pid)
  return [parent(script), script, pid]
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone with the one before it.
  }
}

function nodesOf(lab: Lab, id: string): string[] {
  const said = lab.services.store.jobs
    .ofExperiment(id)
    .flatMap((job) => lab.services.jobs.log(job.id, 1000).map(({ text }) => /^Runs on (n\d)\.$/.exec(text)?.[1] ?? ''))
  return [...new Set(said)].filter((node) => node !== '').sort()
}

async function untilEnd(lab: Lab, id: string): Promise<void> {
  for (;;) {
    const { status } = await lab.client.experiments.get({ id })
    if (status === 'failed') await lab.client.experiments.resume({ id })
    else if (status !== 'running' && status !== 'planned') return
    await sleep(300)
  }
}
