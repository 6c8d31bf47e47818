import { type JobKind, type WireError } from '../contract/jobs.ts'
import { toWireError } from '../contract/wire-error.ts'
import type { WorkKind } from '../contract/work.ts'
import type { Needs } from '../contract/worker-messages.ts'
import { asDiskError, diskProblemOf } from '../files/disk-error.ts'
import type { HomeFolder } from '../store/home.ts'
import type { JobRecord } from '../store/schema.ts'
import type { Store } from '../store/store.ts'
import type { AheadOfTurn } from './ahead.ts'
import type { JobBoard } from './board.ts'
import type { Claims } from './claims.ts'
import { computingCores } from './cores.ts'
import type { Patience } from './patience.ts'
import type { WorkerPool } from './pool.ts'
import type { Outcome, PooledWorker } from './pooled-worker.ts'
import { roomOf, type Room } from '../costs/room.ts'
import { RunningJob } from './running-job.ts'
import type { Underway } from './underway.ts'
import type { JobPolicy } from '../contract/kinds/kind.ts'
import { usesOf } from '../contract/work.ts'
import type { WorkerStarter } from './worker-process.ts'

export interface DispatchParts {
  store: Store
  home: HomeFolder
  pool: WorkerPool
  board: JobBoard
  patience: Patience
  underway: Underway
  claims: Claims
  ahead: AheadOfTurn
  policies: Record<JobKind, JobPolicy>
  slots: Partial<Record<JobRecord['resource'], number>>
  /** Ids of the jobs that may run; null for all. */
  own: ReadonlySet<string> | null
  secrets: () => Record<string, string | null>
  /** Workers of a place. Throws `not-found`. */
  places: (id: string) => WorkerStarter
  /** What the place of a job has to be asked for. */
  needs: (job: JobRecord) => Needs
  /** A worker is done with a job. */
  ended: (job: JobRecord, active: RunningJob, outcome: Outcome) => Promise<void>
  /** A job cannot begin at all. */
  refused: (id: string, error: WireError) => void
  /** A bug in what is done around jobs. */
  report: (thrown: unknown) => void
}

/** Which waiting job begins when: as many of each resource as there is room for, in the order of the queue. */
export class Dispatch {
  readonly #parts: DispatchParts
  #open = false
  #scheduled = false

  constructor(parts: DispatchParts) {
    this.#parts = parts
  }

  start(): void {
    this.#open = true
  }

  /** Nothing begins any more. */
  close(): void {
    this.#open = false
  }

  get isOpen(): boolean {
    return this.#open
  }

  /** Something has changed: whatever can begin does so soon. */
  schedule(): void {
    const { ahead, patience, underway, report } = this.#parts
    ahead.changed()
    if (!this.#open || this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      underway.also(
        patience.untilWritten(() => this.#fillAll()),
        report
      )
    })
  }

  /** Where workers have no limits of their own, nobody needs to know. */
  room(kind: WorkKind, input: unknown): Room {
    const { pool, store } = this.#parts
    return pool.hasLarge ? roomOf(usesOf(kind, input), store.models.list()) : 'usual'
  }

  #fillAll(): void {
    const { ahead, own, board, home } = this.#parts
    try {
      for (const resource of ['accelerator', 'cpu', 'io', 'elsewhere'] as const) if (this.#open) this.#fill(resource)
      if (this.#open) ahead.look(own)
      board.cannotBegin = null
    } catch (thrown) {
      if (diskProblemOf(thrown) !== null) board.cannotBegin = toWireError(asDiskError(thrown, home.path))
      throw thrown
    }
  }

  #fill(resource: JobRecord['resource']): void {
    const { store, board, claims, own, slots } = this.#parts
    const busy = [...board.active.values()].filter(({ job, parked }) => job.resource === resource && !parked)
    if (resource === 'accelerator' && claims.wanted) {
      if (busy.length === 0) claims.grant()
      return
    }
    let free = slots[resource] ?? computingCores(store)
    for (const { job } of busy) free -= this.#places(job)
    while (free > 0) {
      const job = store.jobs.next(resource, own)
      // Whoever is first in the queue waits until there is room for it, and nobody passes.
      if (job === undefined || this.#places(job) > free) return
      free -= this.#places(job)
      this.#begin(job)
    }
  }

  /** How many of its resource's places a job takes. One that wants more cores than there are takes them all. */
  #places({ resource, cores }: JobRecord): number {
    if (resource !== 'accelerator') return 1
    const all = this.#parts.slots.accelerator ?? computingCores(this.#parts.store)
    return Math.min(cores ?? all, all)
  }

  #begin(queued: JobRecord): void {
    const { store, board, ahead } = this.#parts
    const parked = board.active.get(queued.id)
    const job = store.jobs.move(queued.id, ['queued'], {
      status: 'running',
      startedAt: queued.startedAt ?? new Date().toISOString(),
      ...(parked === undefined ? { attempts: queued.attempts + 1, progress: null } : {})
    })
    if (job === undefined) return
    board.publish(job)
    if (parked !== undefined) return parked.goOn()
    ahead.began(job.id)
    const worker = this.#workerFor(job)
    if (worker !== null) this.#run(job, worker)
  }

  #run(job: JobRecord, worker: PooledWorker): void {
    const { store, board, pool, patience, underway, policies, secrets, needs, ended, report } = this.#parts
    const helpers = {
      take: () => pool.take(job.kind, this.room(job.kind, job.input)),
      release: (helper: PooledWorker) => pool.release(helper)
    }
    const how = { store, worker, helpers: job.place == null ? helpers : null }
    const active = new RunningJob(job, how, {
      changed: () => board.publishById(job.id),
      parked: () => this.#park(job.id)
    })
    board.active.set(job.id, active)
    const run = active
      .run(job.cores ?? store.settings.get().threads, secrets(), {
        stepSeconds: policies[job.kind].stepSeconds,
        ...(job.place == null ? {} : { needs: needs(job) })
      })
      .then(async (outcome) => {
        if (!this.#open) return
        // What is shown from now on is what the store has, and it must not be less than what was shown.
        active.keepProgress()
        board.active.delete(job.id)
        pool.release(active.worker)
        await patience.untilWritten(() => ended(job, active, outcome), job.id)
        this.schedule()
      })
    underway.also(run, report)
  }

  /** Null where its place is gone: the job has ended with a word about that. */
  #workerFor(job: JobRecord): PooledWorker | null {
    const { pool, places, refused } = this.#parts
    if (job.place == null) return pool.take(job.kind, this.room(job.kind, job.input))
    try {
      return pool.takeFrom(places(job.place))
    } catch (thrown) {
      refused(job.id, toWireError(thrown))
      return null
    }
  }

  #park(id: string): void {
    const { store, board, patience, underway, report } = this.#parts
    const parked = patience.untilWritten(() => {
      const job = store.jobs.move(id, ['running'], { status: 'paused' })
      if (job !== undefined) board.publish(job)
      this.schedule()
    })
    underway.also(parked, report)
  }
}
