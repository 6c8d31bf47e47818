import { LabError, messageOf } from '../contract/error.ts'
import type { PlaceSettings } from '../contract/places.ts'
import type { SlurmOptions } from './agent/protocol.ts'
import { isLoss, type PlaceLink } from './link.ts'
import type { PlacedJob } from './placed-job.ts'
import type { Persistence } from './persistence.ts'

export interface HandInParts {
  link: PlaceLink
  settings: PlaceSettings
  persistence: Persistence
  closing: AbortSignal
  gatherMilliseconds: number
  /** Between attempts to hand in what is more than an account may have at a time. */
  limitMilliseconds: number
  /** What Slurm is asked for; null where there is none. */
  slurm: (job: PlacedJob) => SlurmOptions | null
  /** Whether inputs of further jobs are on their way. */
  preparing: () => boolean
  /** Shall it still start? One that is not to has been told so by then. */
  wanted: (job: PlacedJob) => boolean
  /** The place has it. */
  handed: (job: PlacedJob) => void
  /** The place does not take it. */
  refused: (job: PlacedJob, thrown: unknown) => void
}

/** An array of Slurm holds at most about so many; a cluster allows 1,001 unless it was set up otherwise. */
export const largestArray = 1000
/** In milliseconds: what is ready waits no longer for those that are still being prepared. */
const longestGathering = 20_000
/** Why a job of a machine without a scheduler waits; Slurm has its own words. */
const atOnceReached = 'AtOnce'
/** Why a job waits that an account may not hand in yet. */
const submitLimit = 'AssocMaxSubmitJobLimit'

/**
 * What is ready to run, on its way to the place: to Slurm as one array for what comes at the same time, on a machine of one's own as
 * many at a time as may run at once.
 */
export class HandIn {
  readonly #parts: HandInParts
  readonly #ready: PlacedJob[] = []
  /** Jobs that the place has, or is about to have. */
  readonly #occupied = new Set<PlacedJob>()
  #gathering = false

  constructor(parts: HandInParts) {
    this.#parts = parts
  }

  add(job: PlacedJob): void {
    this.#ready.push(job)
    this.#gather()
  }

  /** The place has it already. */
  occupy(job: PlacedJob): void {
    this.#occupied.add(job)
  }

  /** It is not there any more: another one may come. */
  free(job: PlacedJob): void {
    if (this.#occupied.delete(job) && this.#ready.length > 0) this.#gather()
  }

  /** Takes it out of those that wait here; says whether it was among them. */
  withdraw(job: PlacedJob): boolean {
    const at = this.#ready.indexOf(job)
    if (at >= 0) this.#ready.splice(at, 1)
    return at >= 0
  }

  #gather(): void {
    if (this.#gathering) return
    this.#gathering = true
    void this.#gathered().then(() => this.#submit())
  }

  async #gathered(): Promise<void> {
    const { settings, persistence, closing, gatherMilliseconds, preparing } = this.#parts
    const until = performance.now() + longestGathering
    // Jobs whose inputs are still on their way belong to the same array, if that does not take too long.
    do await persistence.pause(gatherMilliseconds)
    while (settings.kind === 'slurm' && preparing() && performance.now() < until && !closing.aborted)
    this.#gathering = false
  }

  async #submit(): Promise<void> {
    const { settings, closing, slurm } = this.#parts
    // What is not handed in when the lab closes is in its queue when it opens again.
    if (closing.aborted) return
    const room = settings.kind === 'slurm' ? largestArray : Math.max(1, settings.atOnce) - this.#occupied.size
    const jobs = this.#ready.splice(0, Math.max(0, room))
    if (settings.kind === 'process')
      for (const [before, job] of this.#ready.entries())
        job.isAt({ state: 'waiting', text: atOnceReached, position: before + 1, expected: null })
    for (const job of jobs) this.#occupied.add(job)
    if (this.#ready.length > 0 && settings.kind === 'slurm') this.#gather()
    // Tasks of an array get the same from Slurm.
    const groups = Map.groupBy(jobs, (job) => JSON.stringify(slurm(job)))
    for (const [options, group] of groups) await this.#submitGroup(group, JSON.parse(options) as SlurmOptions | null)
  }

  async #submitGroup(group: readonly PlacedJob[], slurm: SlurmOptions | null): Promise<void> {
    const { link, settings, persistence, closing, limitMilliseconds, handed, refused } = this.#parts
    for (let [losses, limits] = [0, 0]; !closing.aborted;) {
      const jobs = group.filter((job) => this.#isWanted(job))
      if (jobs.length === 0) return
      try {
        // What was lost may have been the answer only.
        const open = losses === 0 ? jobs : await this.#notThere(jobs)
        const ids = open.map(({ id }) => id)
        if (ids.length > 0) await link.ask('submit', { by: settings.kind, ids, slurm, after: [] })
        return jobs.forEach(handed)
      } catch (thrown) {
        if (closing.aborted) return
        if (isLoss(thrown)) {
          if (++losses === 1) for (const job of jobs) job.log(`${messageOf(thrown)} The lab tries again.`, 'warn')
          await persistence.pause(persistence.waitAfter(losses))
          continue
        }
        const code = thrown instanceof LabError ? thrown.code : null
        if (jobs.length > 1 && (code === 'slurm-limit' || code === 'slurm-array')) {
          // A part of it may be what this cluster takes at a time.
          const half = Math.ceil(jobs.length / 2)
          await this.#submitGroup(jobs.slice(0, half), slurm)
          return this.#submitGroup(jobs.slice(half), slurm)
        }
        if (code !== 'slurm-limit') return jobs.forEach((job) => refused(job, thrown))
        for (const job of jobs) {
          if (++limits === 1) job.log(messageOf(thrown), 'warn')
          job.isAt({ state: 'waiting', text: submitLimit, position: null, expected: null })
        }
        await persistence.pause(limitMilliseconds)
      }
    }
  }

  #isWanted(job: PlacedJob): boolean {
    const wanted = this.#parts.wanted(job)
    if (!wanted) this.free(job)
    return wanted
  }

  async #notThere(jobs: readonly PlacedJob[]): Promise<PlacedJob[]> {
    const looks = await this.#parts.link.ask('look', {
      jobs: jobs.map(({ id }) => ({ id, offset: Number.MAX_SAFE_INTEGER }))
    })
    const open = new Set(looks.jobs.filter(({ state }) => startsAnew(state)).map(({ id }) => id))
    return jobs.filter(({ id }) => open.has(id))
  }
}

/** Nobody works on it, and it has not come to an end: it is to be handed in. */
export function startsAnew(state: string): boolean {
  return ['new', 'gone', 'handed-back'].includes(state)
}
