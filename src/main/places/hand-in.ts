import type { PlaceSettings } from '../contract/places.ts'
import { toWireError } from '../contract/wire-error.ts'
import type { SlurmOptions } from './agent/protocol.ts'
import type { PlaceLink } from './link.ts'
import type { Persistence } from './persistence.ts'
import type { PlacedJob } from './placed-job.ts'

/** An array of Slurm holds at most about so many; a cluster allows 1,001 unless it was set up otherwise. */
export const largestArray = 1000
/** In milliseconds: what is ready waits no longer for those that are still being prepared. */
const longestGathering = 20_000
/** Why a job of a machine without a scheduler waits; Slurm has its own words. */
const atOnceReached = 'AtOnce'

export interface HandInOptions {
  link: PlaceLink
  settings: PlaceSettings
  persistence: Persistence
  /** Jobs that come within this time go to the scheduler as one array. */
  gatherMilliseconds: number
  /** When the lab closes. */
  signal: AbortSignal
  /** What is asked of Slurm for a job; null at a machine without. */
  slurmFor: (job: PlacedJob) => SlurmOptions | null
  /** A job was handed in, or could not be. */
  handedIn: (job: PlacedJob, well: boolean) => void
}

/** Jobs that are ready to run: gathered, and handed in at a place together, so many at a time as have room there. */
export class HandIn {
  readonly #options: HandInOptions
  /** Jobs that are ready to run and wait for a place among those that do. */
  readonly #ready: PlacedJob[] = []
  readonly #occupied = new Set<PlacedJob>()
  /** Jobs whose inputs are being read or sent. */
  readonly #preparing = new Set<PlacedJob>()
  #gathering = false

  constructor(options: HandInOptions) {
    this.#options = options
  }

  /** Others wait for a job while this is done for it, so that they go in together. */
  async preparing(job: PlacedJob, work: () => Promise<void>): Promise<void> {
    this.#preparing.add(job)
    try {
      await work()
    } finally {
      this.#preparing.delete(job)
    }
  }

  soon(job: PlacedJob): void {
    this.#ready.push(job)
    this.#gather()
  }

  /** It is there already. */
  occupy(job: PlacedJob): void {
    this.#occupied.add(job)
  }

  free(job: PlacedJob): void {
    if (this.#occupied.delete(job) && this.#ready.length > 0) this.#gather()
  }

  /** Whether it was ready, and not handed in yet. */
  withdraw(job: PlacedJob): boolean {
    const at = this.#ready.indexOf(job)
    if (at < 0) return false
    this.#ready.splice(at, 1)
    return true
  }

  #gather(): void {
    if (this.#gathering) return
    this.#gathering = true
    const { settings, signal, gatherMilliseconds } = this.#options
    const until = performance.now() + longestGathering
    const look = () => {
      // Jobs whose inputs are still on their way belong to the same array, if that does not take too long.
      const several = settings.kind === 'slurm' && this.#preparing.size > 0 && performance.now() < until
      // What is not handed in when the lab closes is in its queue when it opens again.
      if (signal.aborted) return
      if (several) return void setTimeout(look, gatherMilliseconds)
      this.#gathering = false
      void this.#submit()
    }
    setTimeout(look, gatherMilliseconds)
  }

  async #submit(): Promise<void> {
    const { kind, atOnce } = this.#options.settings
    const room = kind === 'slurm' ? largestArray : Math.max(1, atOnce) - this.#occupied.size
    const jobs = this.#ready.splice(0, Math.max(0, room))
    for (const [before, job] of this.#ready.entries())
      if (kind === 'process') job.isAt({ state: 'waiting', text: atOnceReached, position: before + 1, expected: null })
    if (jobs.length === 0) return
    for (const job of jobs) this.#occupied.add(job)
    // Tasks of an array get the same from Slurm.
    const groups = Map.groupBy(jobs, (job) => JSON.stringify(this.#options.slurmFor(job)))
    for (const [options, group] of groups) await this.#submitGroup(group, JSON.parse(options) as SlurmOptions | null)
    if (this.#ready.length > 0 && kind === 'slurm') this.#gather()
  }

  async #submitGroup(jobs: readonly PlacedJob[], slurm: SlurmOptions | null): Promise<void> {
    const { link, settings, persistence, handedIn } = this.#options
    const { kind } = settings
    try {
      await persistence.for(jobs[0]!, () =>
        link.ask('submit', { by: kind, ids: jobs.map(({ id }) => id), slurm, after: [] })
      )
      for (const job of jobs) {
        if (kind === 'slurm' && !job.over) job.isAt({ state: 'waiting', text: 'None', position: null, expected: null })
        handedIn(job, true)
      }
    } catch (thrown) {
      for (const job of jobs) {
        handedIn(job, false)
        this.free(job)
        job.finish({ type: 'error', id: job.id, error: toWireError(thrown) })
      }
    }
  }
}
