import { resultFileSchema } from '../contract/job-folder.ts'
import { noneIfEmpty } from '../contract/none-if-empty.ts'
import type { PlaceSettings } from '../contract/places.ts'
import { toWireError } from '../contract/wire-error.ts'
import type { FromWorker } from '../contract/worker-messages.ts'
import { paths } from '../files/portable.ts'
import type { Look, SlurmOptions } from './agent/protocol.ts'
import { takeResult } from './carry.ts'
import type { HandIn } from './hand-in.ts'
import type { PlaceLink } from './link.ts'
import type { Looks } from './looks.ts'
import { explainNotShared, notShared } from './not-shared.ts'
import type { Persistence } from './persistence.ts'
import type { PlacedJob } from './placed-job.ts'

/** A process counts as dead when two looks in a row say so: a network file system shows files late. */
const looksUntilGone = 2
const mostTurns = 1000
/** How often a job is given twice the memory. */
const mostMemoryLosses = 3
/** Slurm ended it, and it goes on from what it has saved. */
const passing = new Set(['TIMEOUT', 'PREEMPTED', 'NODE_FAIL', 'BOOT_FAIL', 'REQUEUED'])

export interface SightingsOptions {
  link: PlaceLink
  settings: PlaceSettings
  persistence: Persistence
  handIn: HandIn
  looks: Looks
  /** What is asked of Slurm for a job; null at a machine without. */
  slurmFor: (job: PlacedJob) => SlurmOptions | null
  /** Before a job that was put back goes in again. */
  retryMilliseconds: number
  /** Carries its inputs once more, and starts it. */
  begin: (job: PlacedJob) => void
}

/** What is seen of a job at its place, and what follows from it: it is told, taken, put back, or has died. */
export class Sightings {
  readonly #options: SightingsOptions

  constructor(options: SightingsOptions) {
    this.#options = options
  }

  take(job: PlacedJob, look: Look): void {
    job.offset = look.offset
    if (look.state !== job.seen) this.#options.looks.hurry()
    job.seen = look.state
    job.alive()
    for (const line of look.lines.split('\n')) {
      const message = messageIn(line)
      if (message !== null && 'id' in message && message.id === job.id) job.tell(message)
    }
    const { position, expected } = look
    const text = noneIfEmpty(look.where)
    if (look.state === 'waiting') job.isAt({ state: 'waiting', text, position, expected })
    if (look.state === 'running') job.isAt({ state: 'running', text, position: null, expected: null })
    if (look.state !== 'gone') job.gone = 0
    if (look.state === 'done') return this.#end(job, () => this.#takeResult(job, look))
    if (look.state === 'failed') return this.#end(job, () => this.#takeError(job, look))
    if (look.state === 'handed-back') return this.#putBack(job)
    if (look.state === 'gone' && ++job.gone >= looksUntilGone) this.#takeDeath(job, look)
  }

  #end(job: PlacedJob, work: () => Promise<void>): void {
    this.#options.looks.remove(job)
    this.#options.handIn.free(job)
    this.#options.persistence
      .for(job, work)
      .catch((thrown: unknown) => job.finish({ type: 'error', id: job.id, error: toWireError(thrown) }))
  }

  async #takeResult(job: PlacedJob, look: Look): Promise<void> {
    const { folder, input, home } = job.start!
    const { output, files } = resultFileSchema.omit({ version: true, host: true }).parse(look.result)
    const part = (input as { part?: unknown } | null)?.part
    const merge = part !== undefined && part !== null
    await takeResult(this.#options.link, { id: job.id, folder: folder!, merge }, files)
    job.finish({ type: 'result', id: job.id, output: paths.unpack(output, home) })
  }

  async #takeError(job: PlacedJob, look: Look): Promise<void> {
    const { cancelled, error } = look.error!
    await this.#options.link.ask('again', { id: job.id })
    if (error.code === 'input-missing' && ++job.turns < 3) {
      job.log(error.message, 'warn')
      return this.#options.begin(job)
    }
    job.finish(cancelled ? { type: 'cancelled', id: job.id } : { type: 'error', id: job.id, error })
  }

  #putBack(job: PlacedJob): void {
    this.#options.looks.remove(job)
    this.#options.handIn.free(job)
    if (job.paused) return job.tell({ type: 'paused', id: job.id })
    if (++job.turns > mostTurns) return job.end({ code: 75, signal: null })
    job.log('The job was put back and goes on from what it has saved.')
    // What made it stop, a full disk for instance, may last.
    setTimeout(() => (job.over ? undefined : this.#options.handIn.soon(job)), this.#options.retryMilliseconds)
  }

  #takeDeath(job: PlacedJob, look: Look): void {
    if (passing.has(look.where) && ++job.turns <= mostTurns) {
      job.log(`Slurm ended it (${look.where}); it goes on from what it has saved.`, 'warn')
      this.#options.looks.remove(job)
      this.#options.handIn.free(job)
      return this.#options.handIn.soon(job)
    }
    this.#options.looks.remove(job)
    this.#options.handIn.free(job)
    if (look.where.startsWith(notShared))
      return job.finish({
        type: 'error',
        id: job.id,
        error: toWireError(explainNotShared(look.where, this.#options.settings))
      })
    if (look.where === 'OUT_OF_MEMORY' && this.#askForMore(job)) return
    if (look.lastWords !== '') job.said(look.lastWords)
    if (look.where === 'OUT_OF_MEMORY')
      job.said('Slurm ended the job: out of memory. Ask for more memory at this place.')
    job.end(look.where === 'CANCELLED' ? { code: null, signal: 'SIGTERM' } : { code: null, signal: 'SIGKILL' })
  }

  /** Whether a job that was thought to need less memory goes in again, with twice as much. */
  #askForMore(job: PlacedJob): boolean {
    if (this.#options.settings.memoryMegabytes > 0 || job.start!.needs === undefined) return false
    const before = this.#options.slurmFor(job)!.memoryMegabytes
    job.memoryLosses++
    const now = this.#options.slurmFor(job)!.memoryMegabytes
    if (job.memoryLosses > mostMemoryLosses || now <= before) return false
    job.log(`Slurm ended it: ${before} MB of memory were too little. It is handed in again with ${now} MB.`, 'warn')
    this.#options.handIn.soon(job)
    return true
  }
}

function messageIn(line: string): FromWorker | null {
  try {
    return line === '' ? null : (JSON.parse(line) as FromWorker)
  } catch {
    // Half a line that a killed worker left.
    return null
  }
}
