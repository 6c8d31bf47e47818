import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../contract/error.ts'
import type { Look } from './agent/protocol.ts'
import type { PlaceLink } from './link.ts'
import { Pace } from './pace.ts'
import type { PlacedJob } from './placed-job.ts'

export interface LooksOptions {
  link: PlaceLink
  /** How often all jobs are asked for. */
  pollMilliseconds: number
  /** Between attempts to reach a place that is lost. */
  retryMilliseconds: number
  /** When the lab closes. */
  signal: AbortSignal
}

/** Looks at the jobs that a place has, with one question for all of them, as long as there are any. */
export class Looks {
  readonly #options: LooksOptions
  readonly #active = new Map<string, PlacedJob>()
  readonly #pace: Pace
  #seen: (job: PlacedJob, look: Look) => void = () => undefined
  #polling = false

  constructor(options: LooksOptions) {
    this.#options = options
    this.#pace = new Pace(options.pollMilliseconds)
  }

  /** What is done with what was seen of one of them. */
  onSeen(listener: (job: PlacedJob, look: Look) => void): void {
    this.#seen = listener
  }

  has({ id }: PlacedJob): boolean {
    return this.#active.has(id)
  }

  add(job: PlacedJob): void {
    job.gone = 0
    this.#active.set(job.id, job)
    this.hurry()
    void this.#poll()
  }

  remove({ id }: PlacedJob): void {
    this.#active.delete(id)
  }

  /** Something has happened there: more tends to follow. */
  hurry(): void {
    this.#pace.hurry()
  }

  async #poll(): Promise<void> {
    if (this.#polling) return
    this.#polling = true
    const { link, signal, retryMilliseconds } = this.#options
    let lost = false
    while (this.#active.size > 0 && !signal.aborted) {
      const asked = [...this.#active.values()]
      try {
        const { jobs } = await link.ask('look', { jobs: asked.map(({ id, offset }) => ({ id, offset })) })
        if (lost) for (const job of asked) job.log('The connection is there again.')
        lost = false
        for (const look of jobs) {
          const job = this.#active.get(look.id)
          if (job !== undefined) this.#seen(job, look)
        }
      } catch (thrown) {
        if (!lost)
          for (const job of asked) job.log(`${messageOf(thrown)} The lab tries again; what runs there runs on.`, 'warn')
        lost = true
      }
      const wait = lost ? retryMilliseconds : this.#pace.next()
      await sleep(wait, undefined, { signal }).catch(() => undefined)
    }
    this.#polling = false
  }
}
