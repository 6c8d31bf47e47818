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

/** Kills a process that works on a job of the place at this moment; false where there is none. */
export function killWorker(root: string, random: Random): boolean {
  const pids = workersOf(root)
  if (pids.length === 0) return false
  try {
    process.kill(pids[Math.floor(random.uniform() * pids.length)]!, 'SIGKILL')
    return true
  } catch {
    // It has just ended by itself.
    return false
  }
}

/** Slurm lets a job that was put back wait for two minutes before its next turn; nobody needs to wait for that here. */
export function letStart(): void {
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

/** Processes that have a job of the place at this moment. */
function workersOf(root: string): number[] {
  const jobs = join(root, 'jobs')
  if (!existsSync(jobs)) return []
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
