import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { messageOf } from '../../../src/main/contract/error.ts'
import { fileWorkerEntry } from '../../../src/main/hosts/place-programs.ts'
import type { Lab } from '../../../src/main/hosts/lab.ts'
import { startSlurm, type Cluster } from '../../../test/cluster/cluster.ts'
import { canMakeDisks, makeSmallDisk } from '../../../test/files/small-disk.ts'
import { outcomeOf, startExperiment, wholeExperiment } from '../../../test/places/experiment-at-a-place.ts'
import { makeTinyWorld, type TinyWorld } from '../../../test/worker/tiny-world.ts'
import { letStart, slurm } from './daemons.ts'
import { inHome, open } from './kills.ts'
import { guarded, within, type Report } from './part.ts'

/** In minutes: a whole experiment that is not over by then is lost. */
const patience = 10

interface Mishap {
  name: string
  /** What happens beside the experiment; says how often it did. */
  happen(at: { root: string; lab: Lab; id: string; over: () => boolean; disk: Disk | null }): Promise<number>
  /** On a small disk of its own. */
  small?: true
}
type Disk = ReturnType<typeof makeSmallDisk>

/** One whole experiment through a real Slurm for each of them: it must come to its end, and equal the one of this computer. */
const mishaps: readonly Mishap[] = [
  {
    name: 'tasks that get the signal before their time is up, and are put back',
    async happen({ root, over }) {
      let times = 0
      while (!over()) {
        await sleep(700)
        for (const folder of working(root)) {
          if (times >= 4) break
          const batch = parentOf(holderOf(folder))
          if (batch === null) continue
          try {
            process.kill(batch, 'SIGUSR1')
            times++
          } catch {
            // It has just ended.
          }
        }
        letStart()
      }
      return times
    }
  },
  {
    name: 'array tasks that somebody cancels',
    async happen({ over }) {
      let times = 0
      while (!over() && times < 2) {
        await sleep(500)
        const [running] = slurm('squeue', '-h', '-r', '-t', 'R', '-o', '%i')
        if (running === undefined) continue
        slurm('scancel', running)
        times++
        await sleep(4000)
      }
      return times
    }
  },
  {
    name: 'jobs that a second worker runs as well',
    async happen({ root, over }) {
      const twice = new Set<string>()
      while (!over()) {
        await sleep(300)
        for (const folder of working(root)) {
          if (twice.has(folder)) continue
          twice.add(folder)
          spawn(process.execPath, [fileWorkerEntry(), folder], { stdio: 'ignore' })
        }
      }
      return twice.size
    }
  },
  {
    name: 'files of a node whose clock is a day ahead or behind',
    async happen({ root, over }) {
      let times = 0
      while (!over()) {
        await sleep(200)
        for (const folder of working(root))
          for (const name of readdirSync(folder)) {
            const when = new Date(Date.now() + (times++ % 2 === 0 ? 1 : -1) * 86_400_000)
            try {
              utimesSync(join(folder, name), when, when)
            } catch {
              // Gone meanwhile.
            }
          }
      }
      return times
    }
  },
  {
    name: 'a node’s disk without room',
    small: true,
    async happen({ root, over, disk }) {
      let times = 0
      while (!over() && times < 3) {
        await sleep(1200)
        if (working(root).length === 0) continue
        disk!.fill()
        await sleep(2500)
        disk!.free()
        times++
        letStart()
      }
      while (!over()) {
        await sleep(1000)
        letStart()
      }
      return times
    }
  }
]

export async function allMishaps(world: TinyWorld, report: Report): Promise<void> {
  const cluster = await startSlurm()
  if (typeof cluster === 'string') return void process.stderr.write(`Slurm is left out: ${cluster}\n`)
  try {
    const here = await inHome(async (home) => {
      const lab = await open(home)
      const { answers, scores } = await wholeExperiment(lab, world, null)
      await lab.close()
      return { answers, scores }
    })
    for (const mishap of mishaps) {
      if (mishap.small === true && !canMakeDisks) continue
      await guarded(report, mishap.name, 15, async () => {
        const { outcome, times } = await under(world, cluster, mishap)
        const holds = isDeepStrictEqual(outcome, here) && times > 0
        const detail =
          typeof outcome === 'object' && outcome !== null && 'status' in outcome ? JSON.stringify(outcome) : ''
        report({ name: mishap.name, value: times, unit: 'times', aim: 'numbers equal', holds, detail })
      })
    }
    await guarded(report, 'two labs on one account', 25, async () => report(await twoLabs(world, cluster, here)))
  } finally {
    cluster.stop()
  }
}

async function under(world: TinyWorld, cluster: Cluster, mishap: Mishap): Promise<{ outcome: unknown; times: number }> {
  const disk = mishap.small === true ? makeSmallDisk(280) : null
  const root = join(disk?.path ?? cluster.folder, `place-${mishaps.indexOf(mishap)}`)
  try {
    return await inHome(async (home) => {
      const lab = await open(home)
      try {
        const { id } = await startExperiment(lab, world, { name: 'slurm', kind: 'slurm', folder: root, atOnce: 2 })
        let over = false
        const happening = mishap.happen({ root, lab, id, over: () => over, disk })
        await within(patience, untilEnd(lab, id)).finally(() => (over = true))
        const times = await happening
        const { status } = await lab.client.experiments.get({ id })
        // One that has not come to its end has no numbers that could be compared: that is the finding.
        if (status !== 'finished') return { outcome: { status, jobs: endsOf(lab, id) }, times }
        const { answers, scores } = outcomeOf(lab, id)
        return { outcome: { answers, scores }, times }
      } finally {
        await lab.close()
      }
    })
  } finally {
    disk?.remove()
  }
}

async function untilEnd(lab: Lab, id: string): Promise<void> {
  while (['running', 'planned'].includes((await lab.client.experiments.get({ id })).status)) await sleep(300)
}

/** How the jobs of an experiment ended that did not finish. */
function endsOf(lab: Lab, id: string): string[] {
  return lab.services.store.jobs
    .ofExperiment(id)
    .filter(({ status }) => status !== 'finished')
    .map(({ title, status, error }) => `${title}: ${status}${error === null ? '' : `, ${error.message}`}`)
}

/** Two labs of one user on one account, with one folder there, at the same time. */
async function twoLabs(world: TinyWorld, cluster: Cluster, here: unknown) {
  const root = join(cluster.folder, 'shared')
  const one = (own: TinyWorld) =>
    inHome(async (home) => {
      const lab = await open(home)
      try {
        const { id } = await startExperiment(lab, own, { name: 'slurm', kind: 'slurm', folder: root, atOnce: 2 })
        await within(2 * patience, untilEnd(lab, id))
        const { answers, scores } = outcomeOf(lab, id)
        return isDeepStrictEqual({ answers, scores }, here)
      } finally {
        await lab.close()
      }
    })
  // What a lab installs from is its own.
  const other = await makeTinyWorld()
  const ends = await Promise.allSettled([one(world), one(other)])
  const value = ends.filter((end) => end.status === 'fulfilled' && end.value).length
  const detail = ends.flatMap((end) => (end.status === 'rejected' ? messageOf(end.reason) : [])).join('; ')
  other.remove()
  return {
    name: 'two labs on one account at once: experiments equal',
    value,
    unit: 'of 2',
    aim: 'all',
    holds: value === 2,
    detail
  }
}

/** Folders of jobs that somebody works on. */
function working(root: string): string[] {
  const jobs = join(root, 'jobs')
  if (!existsSync(jobs)) return []
  return readdirSync(jobs)
    .map((id) => join(jobs, id))
    .filter((folder) => existsSync(join(folder, 'progress.jsonl')) && !existsSync(join(folder, 'result.json')))
    .filter((folder) => holderOf(folder) !== null)
}

function holderOf(folder: string): number | null {
  const numbers = readdirSync(folder).map((name) => Number(/^holder-(\d+)\.json$/.exec(name)?.[1] ?? 0))
  try {
    const path = join(folder, `holder-${Math.max(...numbers)}.json`)
    return (JSON.parse(readFileSync(path, 'utf8')) as { pid: number } | null)?.pid ?? null
  } catch {
    return null
  }
}

/** The batch script of a worker. */
function parentOf(pid: number | null): number | null {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[1])
  } catch {
    return null
  }
}
