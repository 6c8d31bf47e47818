import { messageOf } from '../contract/error.ts'
import type { Look } from './agent/protocol.ts'
import type { PlaceLink } from './link.ts'
import { Pace } from './pace.ts'
import type { PlacedJob } from './placed-job.ts'
import type { Persistence } from './persistence.ts'

export interface LooksParts {
  link: PlaceLink
  persistence: Persistence
  closing: AbortSignal
  pollMilliseconds: number
  /** How often the folders of what runs are glanced at in between, for which no scheduler is asked. */
  glanceMilliseconds: number
  /** What was found of a job; it may be let go of by this. */
  take: (job: PlacedJob, look: Look) => void
}

/** With more jobs that run, there is no hurry for one of them: the next look sees it. */
const mostGlanced = 64

/** The jobs that a place has: one question for all of them, again and again, as long as there are any. */
export class Looks {
  readonly #parts: LooksParts
  readonly #pace: Pace
  readonly #jobs = new Map<string, PlacedJob>()
  #asking = false
  #added = false

  constructor(parts: LooksParts) {
    this.#parts = parts
    this.#pace = new Pace(parts.pollMilliseconds)
  }

  add(job: PlacedJob): void {
    job.missed = 0
    this.#jobs.set(job.id, job)
    this.#pace.hurry()
    this.#added = true
    void this.#ask()
  }

  /** Says whether it was watched. */
  delete(job: PlacedJob): boolean {
    return this.has(job) && this.#jobs.delete(job.id)
  }

  has(job: PlacedJob): boolean {
    return this.#jobs.get(job.id) === job
  }

  async #ask(): Promise<void> {
    if (this.#asking) return
    this.#asking = true
    const { link, persistence, closing } = this.#parts
    let losses = 0
    while (this.#jobs.size > 0 && !closing.aborted) {
      const asked = [...this.#jobs.values()]
      this.#added = false
      try {
        const { jobs } = await link.ask('look', { jobs: asked.map(({ id, offset }) => ({ id, offset })) })
        if (losses > 0) for (const job of asked) job.log('The connection is there again.')
        losses = 0
        for (const look of jobs) this.#found(look)
      } catch (thrown) {
        if (++losses === 1)
          for (const job of asked) job.log(`${messageOf(thrown)} The lab tries again; what runs there runs on.`, 'warn')
      }
      await (losses > 0 ? persistence.pause(persistence.waitAfter(losses)) : this.#wait(this.#pace.next()))
    }
    this.#asking = false
  }

  /** Ends before its time when a job is seen to have ended, or another one came, and there may be a look at once. */
  async #wait(milliseconds: number): Promise<void> {
    const { persistence, closing, glanceMilliseconds } = this.#parts
    const until = performance.now() + milliseconds
    for (let left = milliseconds; left > 0 && !closing.aborted; left = until - performance.now()) {
      await persistence.pause(Math.min(left, glanceMilliseconds))
      const news = (await this.#glance(left)) || this.#added
      this.#added = false
      if (news && this.#pace.early()) return
    }
  }

  /** What has its result is taken in; says whether anything had. */
  async #glance(left: number): Promise<boolean> {
    const { link, closing, glanceMilliseconds } = this.#parts
    const running = [...this.#jobs.values()].filter(({ seen }) => seen === 'running')
    if (left <= glanceMilliseconds || running.length === 0 || running.length > mostGlanced || closing.aborted)
      return false
    try {
      const ids = running.map(({ id, offset }) => ({ id, offset }))
      const { jobs } = await link.ask('done', { jobs: ids })
      for (const look of jobs) this.#found(look)
      return jobs.length > 0
    } catch {
      // The next look tells of it.
      return false
    }
  }

  #found(look: Look): void {
    const job = this.#jobs.get(look.id)
    if (job === undefined) return
    if (look.state !== job.seen) this.#pace.hurry()
    job.seen = look.state
    job.offset = look.offset
    job.alive()
    this.#parts.take(job, look)
  }
}
