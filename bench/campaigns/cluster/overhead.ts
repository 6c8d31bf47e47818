import { existsSync, statSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { placeSettingsSchema } from '../../../src/main/contract/places.ts'
import { placePrograms } from '../../../src/main/hosts/place-programs.ts'
import { projectFolder } from '../../../src/main/hosts/project.ts'
import { PooledWorker } from '../../../src/main/jobs/pooled-worker.ts'
import { PlaceLink } from '../../../src/main/places/link.ts'
import { PlaceWorkers } from '../../../src/main/places/place-workers.ts'
import { commandFor, type Programs } from '../../../src/main/places/programs.ts'
import { startSlurm } from '../../../test/cluster/cluster.ts'
import type { Report } from './part.ts'

const patience = { hungMilliseconds: 600_000, silentMilliseconds: 60_000 }
const steps = { steps: 20, milliseconds: 100, fail: 'no' }
const taskSeconds = (steps.steps * steps.milliseconds) / 1000

/** As an installed lab has them: bundled, where this checkout has been built. */
function programs(): Programs {
  const built = (name: string) => join(projectFolder(), 'out', 'main', `${name}.js`)
  const [agent, worker] = [built('place-agent'), built('file-worker')]
  return existsSync(agent) && existsSync(worker) ? { ...placePrograms(), agent, worker } : placePrograms()
}

/**
 * What a stage takes beside its tasks, with the waits that users have, through a real Slurm: where the cluster has room for all tasks at
 * once, and where they follow each other in so few places. By whose time it is, from the times of the files in the folders of jobs.
 */
export async function overhead(home: string, report: Report): Promise<void> {
  const cluster = await startSlurm()
  if (typeof cluster === 'string') return void process.stderr.write(`Slurm is left out: ${cluster}\n`)
  try {
    for (const [tasks, atOnce] of [[2, 2] as const, [6, 2] as const, [6, 1] as const])
      await stage(home, cluster.folder, { tasks, atOnce }, report)
  } finally {
    cluster.stop()
  }
}

/** A link that counts what it is asked. */
class CountedLink extends PlaceLink {
  readonly asked = new Map<string, number>()

  override askForBytes: PlaceLink['askForBytes'] = (verb, ask, body) => {
    this.asked.set(verb, (this.asked.get(verb) ?? 0) + 1)
    return super.askForBytes(verb, ask, body)
  }
}

interface Stage {
  tasks: number
  atOnce: number
}

async function stage(home: string, folder: string, { tasks, atOnce }: Stage, report: Report) {
  const place = placeSettingsSchema.parse({ name: 'slurm', kind: 'slurm', folder, atOnce })
  const link = new CountedLink('this computer', () => commandFor(place, programs()))
  await link.ask('hello', {})
  const workers = new PlaceWorkers(link, place)
  const ids = Array.from({ length: tasks }, (_, at) => `stage-${tasks}-${atOnce}-${at}`)
  const load = loadavg()[0]!
  const began = Date.now()
  await Promise.all(
    ids.map((id) => {
      const worker = new PooledWorker(workers.start(), patience)
      const task = { id, kind: 'self-test' as const, input: steps, folder: join(home, 'runs', id), home, threads: 1 }
      return worker.run(task, {})
    })
  )
  const whole = Date.now() - began
  workers.close()
  const spans = ids.map((id) => spanOf(join(folder, 'jobs', id))).sort((a, b) => a.script - b.script)
  const seconds = (milliseconds: number) => Math.max(0, milliseconds) / 1000
  const total = (values: number[]) => values.reduce((sum, value) => sum + seconds(value), 0)
  const handing = seconds(Math.max(...spans.map(({ handed }) => handed)) - began)
  // Between the end of a task and the start of the script of the one that takes its place.
  const scheduling = total(spans.map(({ script }, n) => script - (spans[n - atOnce]?.result ?? spans[n]!.handed)))
  const starting = total(spans.map(({ script, worker }) => worker - script))
  const computing = total(spans.map(({ worker, result }) => result - worker))
  const taking = seconds(began + whole - Math.max(...spans.map(({ result }) => result)))
  const value = whole / 1000 - (tasks * taskSeconds) / atOnce
  const roomForAll = tasks <= atOnce
  const count = (verb: string) => link.asked.get(verb) ?? 0
  report({
    name: roomForAll
      ? `overhead of a stage of ${tasks} tasks through Slurm, with room for all of them`
      : `overhead of a stage of ${tasks} tasks through Slurm, ${atOnce} at a time`,
    ...{ value, unit: 's', aim: roomForAll ? '< 5' : null, holds: roomForAll ? value < 5 : null },
    detail: [
      `${(whole / 1000).toFixed(1)} s for ${tasks} tasks of ${taskSeconds} s at a load of ${load.toFixed(1)}`,
      `handing over ${handing.toFixed(2)}`,
      `Slurm ${(scheduling / atOnce).toFixed(2)}`,
      `starting processes ${(starting / atOnce).toFixed(2)}`,
      `tasks themselves ${(computing / atOnce).toFixed(2)}`,
      `taking the last result in ${taking.toFixed(2)}`,
      `${count('submit')} sbatch, ${count('look')} squeue, ${count('done')} glances at folders`
    ].join(', ')
  })
}

/** Moments in the life of a job, in milliseconds. */
function spanOf(path: string): { handed: number; script: number; worker: number; result: number } {
  const at = (name: string) => statSync(join(path, name))
  return {
    handed: at('slurm.json').mtimeMs,
    script: at('log').birthtimeMs,
    worker: at('progress.jsonl').birthtimeMs,
    result: at('result.json').mtimeMs
  }
}
