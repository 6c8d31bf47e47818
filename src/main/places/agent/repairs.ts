import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { jobFileSchema } from '../../contract/job-folder.ts'
import type { Commands } from './commands.ts'
import { readJson } from './read-json.ts'
import type { Queued } from './slurm-queue.ts'

/** In milliseconds: between two rounds, and for how long something must have been odd. */
const between = 10_000
const overButRunning = 60_000
const neededIsThere = 30_000
const beatStandsStill = 300_000
/** Slurm says so of a task that it could not start on its node, and keeps it then until somebody lets it go. */
const heldAfterLaunch = /launch.failed/i

/**
 * Where Slurm's idea of a task is not what the folders of jobs say, as after a controller that was killed took up an older state: it is
 * put right by Slurm's own commands, as it may take Slurm hours to notice. Nothing of a job is touched.
 */
export class Repairs {
  readonly #commands: Commands
  #last = -Infinity
  /** Since when, by the monotonic clock, something is as it is; by task and what that is. */
  readonly #since = new Map<string, number>()
  /** Tasks that were ended here, as nobody works on them. */
  readonly #ended = new Set<string>()

  constructor(commands: Commands) {
    this.#commands = commands
  }

  /** Was this task ended here? Its job goes in again then. */
  hasEnded(task: string): boolean {
    return this.#ended.has(task)
  }

  /** A round over the queue, where the last one was long enough ago. `folderOf`: of a task, if it is one of the lab's. */
  async look(tasks: ReadonlyMap<string, Queued>, folderOf: (id: string, task: Queued) => string | null): Promise<void> {
    const now = this.#commands.clock()
    if (now - this.#last < between) return
    this.#last = now
    const odd = new Set<string>()
    const lasts = (what: string, milliseconds: number) => {
      odd.add(what)
      if (!this.#since.has(what)) this.#since.set(what, now)
      return now - this.#since.get(what)! >= milliseconds
    }
    for (const [id, task] of tasks) {
      const folder = folderOf(id, task)
      if (folder === null || !existsSync(folder)) continue
      if (task.state === 'running') await this.#running(id, folder, lasts)
      else if (heldAfterLaunch.test(task.where)) await this.#told('scontrol', ['release', id])
      else if (task.where === 'Dependency' && needsNothing(folder) && lasts(`${id} waits`, neededIsThere))
        await this.#told('scontrol', ['update', `JobId=${id}`, 'Dependency='])
    }
    for (const what of [...this.#since.keys()]) if (!odd.has(what)) this.#since.delete(what)
  }

  async #running(id: string, folder: string, lasts: (what: string, milliseconds: number) => boolean): Promise<void> {
    const names = readdirSync(folder)
    if (['result.json', 'error.json'].some((name) => names.includes(name))) {
      if (lasts(`${id} is over`, overButRunning)) await this.#told('scancel', [id])
      return
    }
    const holders = names.map((name) => Number(/^holder-(\d+)\.json$/.exec(name)?.[1] ?? 0))
    const beat = JSON.stringify(readJson(join(folder, `holder-${Math.max(...holders)}.json`)))
    // Also where nobody has taken it up: a worker does so with its first breath.
    if (!lasts(`${id} at ${beat}`, beatStandsStill)) return
    this.#ended.add(id)
    await this.#told('scancel', [id])
  }

  async #told(program: string, options: readonly string[]): Promise<void> {
    // What it does not do now it may do in the next round.
    await this.#commands.soon(program, options).catch(() => '')
  }
}

/** Is everything there that this job waits for? */
function needsNothing(folder: string): boolean {
  const job = jobFileSchema.safeParse(readJson(join(folder, 'job.json')))
  return job.success && job.data.after.every((id) => existsSync(join(folder, '..', id, 'result.json')))
}
