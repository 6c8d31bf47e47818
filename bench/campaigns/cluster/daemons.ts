import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../../../src/main/random/random.ts'
import type { Cluster } from '../../../test/cluster/cluster.ts'

export type Daemon = 'slurmd' | 'slurmctld'

/** Kills a daemon of Slurm and starts it again after a while, until it is there. */
export async function killDaemon(cluster: Cluster, name: Daemon, random: Random): Promise<void> {
  const alive = () => {
    try {
      const pid = Number(readFileSync(join(cluster.folder, `${name}.pid`), 'utf8'))
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(name) ? pid : null
    } catch {
      return null
    }
  }
  const pid = alive()
  if (pid !== null) process.kill(pid, 'SIGKILL')
  await sleep(500 + random.uniform() * 3000)
  const options = name === 'slurmd' ? ['-N', 'localhost'] : []
  for (let attempt = 0; attempt < 10; attempt++) {
    spawn(`/usr/sbin/${name}`, ['-f', join(cluster.folder, 'slurm.conf'), ...options], { stdio: 'ignore' })
    for (let look = 0; look < 20; look++) {
      await sleep(250)
      const now = alive()
      if (now !== null && now !== pid) return
    }
  }
  throw new Error(`${name} does not start any more.`)
}

/**
 * Waits for a process that is known to be at work on a job of the place, and kills it somewhere in its work. Says whether that ended
 * the work: one that had its result by then was not hit, nor is there one to hit when all is over.
 */
export async function killWorker(root: string, random: Random, over: () => boolean): Promise<boolean> {
  for (const until = performance.now() + 90_000; !over() && performance.now() < until; await sleep(50)) {
    const found = atWork(root)
    if (found.length === 0) continue
    const { pid, folder } = found[Math.floor(random.uniform() * found.length)]!
    await sleep(random.uniform() * 1500)
    if (!works(pid, folder)) continue
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      continue
    }
    while (lives(pid)) await sleep(10)
    if (!isOver(folder)) return true
  }
  return false
}

/**
 * What an administrator does, or time: Slurm lets a job that was put back wait for two minutes before its next turn, and drains a node
 * on which a controller that was killed finds a job that it knows nothing of.
 */
export function letStart(): void {
  for (const line of slurm('sinfo', '-h', '-N', '-o', '%N %T'))
    if (/ (drain|down)/.test(line)) slurm('scontrol', 'update', `NodeName=${line.split(' ')[0]}`, 'State=RESUME')
  for (const line of slurm('squeue', '-h', '-r', '-t', 'PD', '-o', '%i %r'))
    if (line.endsWith('BeginTime')) slurm('scontrol', 'update', `JobId=${line.split(' ')[0]}`, 'StartTime=now')
}

/** Everything about jobs, queue and nodes that says why something is not over. */
export function whatIsThere(cluster: Cluster, root: string): string {
  const jobs = join(root, 'jobs')
  const folders = existsSync(jobs) ? readdirSync(jobs) : []
  return [
    ...slurm('squeue', '-r', '-o', '%i %T %N %r %S %E'),
    ...slurm('sinfo', '-R'),
    ...slurm('sinfo', '-o', '%n %T'),
    ...folders.map((id) => `${id}: ${readdirSync(join(jobs, id)).join(' ')} ${small(join(jobs, id))}`),
    ...['slurmctld', 'slurmd'].map((name) => tail(join(cluster.folder, 'log', name)))
  ].join('\n')
}

/** What a program of Slurm says, line by line; nothing where it fails, as its daemon may be dead. */
export function slurm(program: string, ...options: string[]): string[] {
  try {
    const said = execFileSync(program, options, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 20_000
    })
    return said.split('\n').filter((line) => line !== '')
  } catch {
    return []
  }
}

interface AtWork {
  pid: number
  folder: string
}

/** Processes that have begun the work of a job of the place, and have not ended it. */
function atWork(root: string): AtWork[] {
  const jobs = join(root, 'jobs')
  if (!existsSync(jobs)) return []
  return readdirSync(jobs).flatMap((id) => {
    const folder = join(jobs, id)
    const pid = holderOf(folder)
    return pid !== null && works(pid, folder) ? { pid, folder } : []
  })
}

function works(pid: number, folder: string): boolean {
  try {
    const said = readFileSync(join(folder, 'progress.jsonl'), 'utf8')
    return lives(pid) && !isOver(folder) && holderOf(folder) === pid && /"type":"(progress|curve)"/.test(said)
  } catch {
    return false
  }
}

function isOver(folder: string): boolean {
  return ['result.json', 'error.json'].some((name) => existsSync(join(folder, name)))
}

/** The process that has the job; null where none does. */
function holderOf(folder: string): number | null {
  try {
    const numbers = readdirSync(folder).map((name) => Number(/^holder-(\d+)\.json$/.exec(name)?.[1] ?? 0))
    const path = join(folder, `holder-${Math.max(...numbers)}.json`)
    return (JSON.parse(readFileSync(path, 'utf8')) as { pid: number } | null)?.pid ?? null
  } catch {
    return null
  }
}

/** A worker that is no zombie. */
function lives(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('file-worker')
  } catch {
    return false
  }
}

function small(folder: string): string {
  return ['slurm.json', 'ended.json', 'error.json']
    .map((name) => join(folder, name))
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, 'utf8').slice(0, 300))
    .join(' ')
}

function tail(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8').slice(-6000) : ''
}
