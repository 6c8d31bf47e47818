import { LabError } from '../contract/error.ts'
import type { Job, WireError } from '../contract/jobs.ts'
import { publicJob } from '../store/jobs.ts'
import type { JobRecord } from '../store/schema.ts'
import type { Store } from '../store/store.ts'
import type { Changes } from './changes.ts'
import type { RunningJob } from './running-job.ts'

/** Jobs as clients see them: what the store has, and over it what is known at this moment. */
export class JobBoard {
  /** Jobs with a worker, the paused ones that keep theirs included. */
  readonly active = new Map<string, RunningJob>()
  /** Jobs whose end could not be written yet, and why. */
  readonly unwritten = new Map<string, WireError>()
  /** Why jobs that could begin do not: that they have begun cannot be written. */
  cannotBegin: WireError | null = null
  readonly #store: Store
  readonly #changes: Changes

  constructor(store: Store, changes: Changes) {
    this.#store = store
    this.#changes = changes
  }

  live<T extends Job>(job: T): T {
    const unwritten = this.unwritten.get(job.id)
    if (unwritten !== undefined) return { ...job, status: 'paused', error: unwritten }
    if (job.status === 'queued' && this.cannotBegin !== null)
      return { ...job, status: 'paused', error: this.cannotBegin }
    return this.active.get(job.id)?.overlay(job) ?? job
  }

  /** Tells clients of a job, and gives it as they see it. */
  publish(record: JobRecord): Job {
    const job = this.live(publicJob(record))
    this.#changes.publish({ type: 'job', job })
    return job
  }

  publishById(id: string): Job {
    return this.publish(this.#store.jobs.get(id))
  }

  removed(id: string): void {
    this.#changes.publish({ type: 'job-removed', id })
  }

  wrongState(id: string, wanted: string): LabError {
    const { title, status } = this.#store.jobs.get(id)
    return new LabError('job-state', `"${title}" is ${status} and cannot be ${wanted}.`, { details: { id, status } })
  }
}
