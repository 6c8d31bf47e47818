import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { placeSettingsSchema } from '../../../src/main/contract/places.ts'
import { PooledWorker } from '../../../src/main/jobs/pooled-worker.ts'
import { JobFolders } from '../../../src/main/places/agent/job-folders.ts'
import type { Look } from '../../../src/main/places/agent/protocol.ts'
import type { Slurm } from '../../../src/main/places/agent/slurm.ts'
import type { Task } from '../../../src/main/places/agent/slurm-queue.ts'
import type { PlaceLink } from '../../../src/main/places/link.ts'
import { PlaceWorkers } from '../../../src/main/places/place-workers.ts'
import type { Campaign } from '../campaign.ts'

type Report = Parameters<Campaign['run']>[0]

const nodes = 100

/**
 * 10,000 runs of one experiment on 100 nodes, simulated: the lab and its agent are the real ones, the scheduler and the nodes are a table.
 * What one look costs on either side says where the first limit is.
 */
export async function scale(report: Report, runs: number): Promise<void> {
  const agent = await lookOfAgent(runs)
  report({
    name: `one look of the agent at ${runs} jobs, of which ${nodes} run`,
    value: agent * 1000,
    unit: 'ms',
    aim: '≤ 2,000',
    holds: agent <= 2,
    detail: `${(runs / Math.max(agent, 1e-9) / 1000).toFixed(0)} thousand jobs a second; between two looks there are two seconds`
  })
  const { secondsPerEnd, megabytes, looks } = await labThrough(runs)
  report({
    name: `what the lab does for one of ${runs} jobs, from its first look to its end`,
    value: secondsPerEnd * 1000,
    unit: 'ms of processor time',
    aim: null,
    holds: null,
    detail: `${looks} looks, ${megabytes.toFixed(0)} MiB; so many ends a second would take the lab’s process whole: ${(1 / secondsPerEnd).toFixed(0)} (without what recording a run in the database takes)`
  })
}

async function lookOfAgent(runs: number): Promise<number> {
  const root = mkdtempSync(join(tmpdir(), 'recross-scale-'))
  try {
    const asked = Array.from({ length: runs }, (_, at) => ({ id: `run-${at}`, offset: 0 }))
    for (const [at, { id }] of asked.entries()) {
      mkdirSync(join(root, id))
      writeFileSync(join(root, id, 'job.json'), '{}')
      if (at < nodes) writeFileSync(join(root, id, 'progress.jsonl'), '{"type":"log"}\n'.repeat(20))
    }
    const tasksOf = (folders: readonly string[]) =>
      Promise.resolve(
        new Map(
          folders.map((folder, at): [string, Task] => [
            folder,
            at < nodes
              ? { state: 'running', where: `node${at}` }
              : { state: 'waiting', where: 'Priority', position: at }
          ])
        )
      )
    const folders = new JobFolders(root, { tasksOf } as unknown as Slurm)
    await folders.look(asked)
    const started = performance.now()
    await folders.look(asked)
    return (performance.now() - started) / 1000
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

async function labThrough(runs: number): Promise<{ secondsPerEnd: number; megabytes: number; looks: number }> {
  const home = mkdtempSync(join(tmpdir(), 'recross-scale-'))
  let [looks, over] = [0, 0]
  let cpu: NodeJS.CpuUsage | undefined
  const link = {
    ask: (verb: string, ask: { jobs?: { id: string; offset: number }[] }) => {
      if (verb === 'missing') return Promise.resolve([])
      if (verb === 'open') return Promise.resolve({ state: 'new' })
      if (verb !== 'look') return Promise.resolve({})
      looks++
      // In every look one job ends on each node, and the next one begins.
      const jobs = (ask.jobs ?? []).map(({ id, offset }, at): Look => {
        const known = {
          id,
          offset,
          lines: '',
          position: null,
          expected: null,
          error: null,
          lastWords: '',
          result: null
        }
        if (at >= 2 * nodes) return { ...known, state: 'waiting', where: 'Priority', position: at }
        if (at >= nodes) return { ...known, state: 'running', where: `node${at % nodes}` }
        return { ...known, state: 'done', where: '', result: { output: { steps: 1 }, files: [] } }
      })
      return Promise.resolve({ jobs: JSON.parse(JSON.stringify(jobs)) as Look[] })
    },
    close: () => undefined
  } as unknown as PlaceLink
  const settings = placeSettingsSchema.parse({ name: 'busy', kind: 'slurm', folder: 'x' })
  const workers = new PlaceWorkers(link, settings, { pollMilliseconds: 5, gatherMilliseconds: 20 })
  try {
    const patience = { hungMilliseconds: 600_000, silentMilliseconds: 600_000 }
    const all = Array.from({ length: runs }, (_, at) => {
      const id = `run-${at}`
      const worker = new PooledWorker(workers.start(), patience)
      return worker.run({ id, kind: 'self-test', input: {}, folder: join(home, id), home, threads: 1 }, {}).then(() => {
        cpu ??= process.cpuUsage()
        over++
      })
    })
    await Promise.race([Promise.all(all), sleep(300_000)])
    const { user, system } = process.cpuUsage(cpu)
    return { secondsPerEnd: (user + system) / 1e6 / over, megabytes: process.memoryUsage().rss / 2 ** 20, looks }
  } finally {
    workers.close()
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
}
