import type { PlacedJob } from './placed-job.ts'

/** Jobs that a place has no more, and that are not over: paused until the user lets them go on, or for a while. */
export class Parked {
  readonly #jobs = new Map<PlacedJob, NodeJS.Timeout | null>()
  readonly #goOn: (job: PlacedJob) => void

  constructor(goOn: (job: PlacedJob) => void) {
    this.#goOn = goOn
  }

  /** Without a time in milliseconds it stays until it is taken out. */
  add(job: PlacedJob, milliseconds?: number): void {
    this.delete(job)
    const goOn = () => {
      if (this.delete(job)) this.#goOn(job)
    }
    this.#jobs.set(job, milliseconds === undefined ? null : setTimeout(goOn, milliseconds))
  }

  /** Says whether it was parked. */
  delete(job: PlacedJob): boolean {
    clearTimeout(this.#jobs.get(job) ?? undefined)
    return this.#jobs.delete(job)
  }

  close(): void {
    for (const job of [...this.#jobs.keys()]) this.delete(job)
  }
}
