import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { placeSettingsSchema } from '../../../src/main/contract/places.ts'
import { placePrograms } from '../../../src/main/hosts/place-programs.ts'
import { projectFolder } from '../../../src/main/hosts/project.ts'
import { PooledWorker } from '../../../src/main/jobs/pooled-worker.ts'
import { PlaceLink } from '../../../src/main/places/link.ts'
import { PlaceWorkers } from '../../../src/main/places/place-workers.ts'
import { commandFor, type Programs } from '../../../src/main/places/programs.ts'
import { startSlurm } from '../../../test/cluster/cluster.ts'
import type { Campaign } from '../campaign.ts'

const patience = { hungMilliseconds: 600_000, silentMilliseconds: 60_000 }
const tasks = 6
const steps = { steps: 20, milliseconds: 100, fail: 'no' }

/** As an installed lab has them: bundled, where this checkout has been built. */
function programs(): Programs {
  const built = (name: string) => join(projectFolder(), 'out', 'main', `${name}.js`)
  const [agent, worker] = [built('place-agent'), built('file-worker')]
  return existsSync(agent) && existsSync(worker) ? { ...placePrograms(), agent, worker } : placePrograms()
}

/**
 * A stage of tasks of two seconds each, one at a time through a real Slurm, with the waits that users have: what it takes beside the
 * tasks, and whose time that is.
 */
export async function overhead(home: string, report: Parameters<Campaign['run']>[0]): Promise<void> {
  const cluster = await startSlurm()
  if (typeof cluster === 'string') return void process.stderr.write(`Slurm is left out: ${cluster}\n`)
  try {
    for (const atOnce of [1, 2]) await stage(home, cluster.folder, atOnce, report)
  } finally {
    cluster.stop()
  }
}

async function stage(home: string, folder: string, atOnce: number, report: Parameters<Campaign['run']>[0]) {
  const place = placeSettingsSchema.parse({ name: 'slurm', kind: 'slurm', folder, atOnce })
  const link = new PlaceLink('this computer', () => commandFor(place, programs()))
  await link.ask('hello', {})
  const workers = new PlaceWorkers(link, place)
  const ids = Array.from({ length: tasks }, (_, at) => `stage-${atOnce}-${at}`)
  const began = Date.now()
  await Promise.all(
    ids.map((id) => {
      const worker = new PooledWorker(workers.start(), patience)
      const task = { id, kind: 'self-test' as const, input: steps, folder: join(home, 'runs', id), home, threads: 1 }
      return worker.run(task, {})
    })
  )
  const whole = Date.now() - began
  const jobs = ids.map((id) => join(folder, 'jobs', id))
  const at = (path: string, name: string) => statSync(join(path, name))
  const spans = jobs
    .map((path) => ({
      handed: at(path, 'slurm.json').mtimeMs,
      script: at(path, 'log').birthtimeMs,
      worker: at(path, 'progress.jsonl').birthtimeMs,
      result: at(path, 'result.json').mtimeMs
    }))
    .sort((a, b) => a.script - b.script)
  const total = (values: number[]) => values.reduce((sum, value) => sum + Math.max(0, value), 0) / 1000
  const last = Math.max(...spans.map(({ result }) => result))
  const handing = total([Math.max(...spans.map(({ handed }) => handed)) - began])
  // Between the end of a task and the start of the script of the one that takes its place.
  const scheduling = total(spans.map(({ script }, n) => script - (spans[n - atOnce]?.result ?? spans[n]!.handed)))
  const starting = total(spans.map(({ script, worker }) => worker - script))
  const computing = total(spans.map(({ worker, result }) => result - worker))
  const taking = total([began + whole - last])
  const value = whole / 1000 - (tasks * steps.steps * steps.milliseconds) / 1000 / atOnce
  report({
    name: `overhead of a stage of ${tasks} tasks through Slurm, ${atOnce} at a time`,
    ...{ value, unit: 's', aim: '< 5 on an idle cluster', holds: null },
    detail:
      `${(whole / 1000).toFixed(1)} s for ${tasks} tasks of ${(steps.steps * steps.milliseconds) / 1000} s: handing over ${handing.toFixed(1)}, ` +
      `Slurm ${(scheduling / atOnce).toFixed(1)}, starting processes ${(starting / atOnce).toFixed(1)}, ` +
      `tasks themselves ${(computing / atOnce).toFixed(1)}, taking the last result in ${taking.toFixed(1)}`
  })
  workers.close()
}
