import type { PlaceSettings } from '../contract/places.ts'
import { toWireError } from '../contract/wire-error.ts'
import { filesAreLate, lostBySlurm, type Look, type SlurmOptions } from './agent/protocol.ts'
import { explainNotShared, notShared } from './not-shared.ts'
import type { PlacedJob } from './placed-job.ts'

export interface DeathsParts {
  settings: PlaceSettings
  /** What Slurm is asked for; null where there is none. */
  slurm: (job: PlacedJob) => SlurmOptions | null
  /** It is handed in once more. */
  again: (job: PlacedJob) => void
}

/** A process counts as dead when two looks in a row say so. */
const looksUntilGone = 2
/** In milliseconds: for so long a network file system may hide what a job that has ended by itself has written. */
const longestHidden = 60_000
/** How often a job is given twice the memory. */
const mostMemoryLosses = 3
const mostPassing = 1000
/** How often one goes in again of which Slurm knows nothing: it may have ended there for a reason of its own. */
const mostLost = 3
/** Slurm ended it, and it goes on from what it has saved. */
const passing = new Set([
  'TIMEOUT',
  'PREEMPTED',
  'NODE_FAIL',
  'BOOT_FAIL',
  'REQUEUED',
  'DEADLINE',
  'DEPENDENCY',
  'REVOKED'
])

/** Jobs on which nobody works any more, and which have left no word of why. */
export class Deaths {
  readonly #parts: DeathsParts

  constructor(parts: DeathsParts) {
    this.#parts = parts
  }

  /** To be asked once a look: is it certain by now? */
  isGone(job: PlacedJob, { state, where }: Look): boolean {
    if (state !== 'gone' && state !== 'new') {
      job.missed = 0
      return false
    }
    const now = performance.now()
    if (job.missed++ === 0) job.missedSince = now
    return where === filesAreLate ? now - job.missedSince > longestHidden : job.missed >= looksUntilGone
  }

  /** What comes after it: another turn, or the end as of a process that was killed. */
  take(job: PlacedJob, { where, lastWords }: Look): void {
    if (passing.has(where) && ++job.turns <= mostPassing) {
      job.log(`Slurm ended it (${where}); it goes on from what it has saved.`, 'warn')
      return this.#parts.again(job)
    }
    if (where === lostBySlurm && ++job.lost <= mostLost) {
      job.log(
        'Slurm knows nothing of the job any more. It is handed in again, and goes on from what it has saved.',
        'warn'
      )
      return this.#parts.again(job)
    }
    if (where.startsWith(notShared)) {
      const error = toWireError(explainNotShared(where, this.#parts.settings))
      return job.finish({ type: 'error', id: job.id, error })
    }
    if (where === 'OUT_OF_MEMORY' && this.#askForMore(job)) return
    if (lastWords !== '') job.said(lastWords)
    if (where === 'OUT_OF_MEMORY') job.said('Slurm ended the job: out of memory. Ask for more memory at this place.')
    job.end(where === 'CANCELLED' ? { code: null, signal: 'SIGTERM' } : { code: null, signal: 'SIGKILL' })
  }

  /** Whether a job that was thought to need less memory goes in again, with twice as much. */
  #askForMore(job: PlacedJob): boolean {
    const { settings, slurm, again } = this.#parts
    if (settings.memoryMegabytes > 0 || job.start!.needs === undefined) return false
    const before = slurm(job)!.memoryMegabytes
    job.memoryLosses++
    const now = slurm(job)!.memoryMegabytes
    if (job.memoryLosses > mostMemoryLosses || now <= before) return false
    job.log(`Slurm ended it: ${before} MB of memory were too little. It is handed in again with ${now} MB.`, 'warn')
    again(job)
    return true
  }
}
