import { messageOf } from '../contract/error.ts'
import type { JobKind, JobStatus, WireError } from '../contract/jobs.ts'
import { toWireError } from '../contract/wire-error.ts'
import type { JobPolicy } from '../contract/kinds/kind.ts'
import { isDiskProblem } from '../files/disk-error.ts'
import type { JobRecord } from '../store/schema.ts'
import type { Store } from '../store/store.ts'
import type { JobBoard } from './board.ts'
import type { DiskWaits } from './disk-waits.ts'
import type { JobHandlers } from './handlers.ts'
import type { Patience } from './patience.ts'
import type { Outcome } from './pooled-worker.ts'
import { workDone } from './work.ts'
import type { RunningJob } from './running-job.ts'

export interface EndingsParts {
  store: Store
  board: JobBoard
  patience: Patience
  disk: DiskWaits
  handlers: JobHandlers
  policies: Record<JobKind, JobPolicy>
  /** Whether the lab still lives. */
  isOpen: () => boolean
  /** Hears of every job that ended without a result. */
  stopped: (id: string) => void
}

/** How jobs end: what is written, who hears of it, what is tried once more, and what cannot start any more. */
export class Endings {
  readonly #parts: EndingsParts
  readonly #crashes = new Map<string, number>()

  constructor(parts: EndingsParts) {
    this.#parts = parts
  }

  /** A worker is done with a job, in one way or another. */
  async ended(job: JobRecord, active: RunningJob, outcome: Outcome): Promise<void> {
    if (outcome.type === 'finished') return this.#finish(job.id, active, outcome.output)
    if (outcome.type === 'cancelled') return this.badly(job.id, 'cancelled', null)
    if (isDiskProblem(outcome.error.code)) return this.#parts.disk.add(job.id, outcome.error)
    if (outcome.type === 'crashed' && this.#mayRetry(job)) return this.#tryAgain(job, outcome.error)
    return this.badly(job.id, outcome.type, outcome.error)
  }

  /** Takes up what an earlier lab left. */
  async recover(): Promise<void> {
    const { store } = this.#parts
    for (const job of store.jobs.unrecorded()) await this.#record(job)
    for (const job of store.jobs.withStatus('running')) await this.#recoverOne(job)
    await this.#failDoomed()
  }

  /** A job starts afresh, or is no more: its crashes no longer count. */
  forget(id: string): void {
    this.#crashes.delete(id)
  }

  async badly(id: string, status: 'failed' | 'crashed' | 'cancelled', error: WireError | null): Promise<void> {
    const { store } = this.#parts
    const finishedAt = new Date().toISOString()
    const from: JobStatus[] = ['running', 'paused', 'queued', 'finished']
    const job = store.jobs.move(id, from, { status, error, finishedAt })
    if (job === undefined) return
    if (error !== null) store.jobHistory.log(id, 'error', error.message)
    await this.stop(job)
  }

  /** Tells feature code and clients of a job that ended without a result, and what cannot start without it. */
  async stop(job: JobRecord): Promise<void> {
    const { store, board, patience, handlers, stopped } = this.#parts
    stopped(job.id)
    try {
      await patience.untilWritten(() => handlers.stopped(job), job.id)
    } catch (error) {
      store.jobHistory.log(job.id, 'error', `Recording how the job ended failed: ${messageOf(error)}`)
    }
    board.publish(job)
    if (job.status !== 'interrupted') await this.#failDoomed()
  }

  async #finish(id: string, active: RunningJob, output: unknown): Promise<void> {
    const job = this.#parts.store.jobs.move(id, ['running', 'paused', 'queued'], {
      status: 'finished',
      output,
      error: null,
      progress: active.finalProgress(),
      finishedAt: new Date().toISOString(),
      work: active.job.work ?? workDone(active.job.kind, output, active.finalProgress()),
      // What an earlier attempt has done took its time as well, and nobody knows how long.
      workedSeconds: active.job.attempts > 1 ? null : active.workedSeconds
    })
    this.#crashes.delete(id)
    if (job !== undefined) await this.#record(job)
  }

  /** Lets feature code take in the result; only then is the job over for everybody else. */
  async #record(job: JobRecord): Promise<void> {
    const { store, board, patience, handlers, isOpen } = this.#parts
    const work = async () => {
      const outcome = await handlers.finished(job)
      board.publish(store.jobs.update(job.id, { recorded: true, outcome }))
    }
    await patience.untilWritten(work, job.id).catch(async (error: unknown) => {
      if (isOpen()) await this.badly(job.id, 'failed', toWireError(error))
    })
  }

  async #recoverOne(job: JobRecord): Promise<void> {
    const { store, policies } = this.#parts
    if (job.place != null) {
      store.jobHistory.log(
        job.id,
        'info',
        'The lab ended while this job was at its place. What became of it is found out now.'
      )
      store.jobs.move(job.id, ['running'], { status: 'queued' })
      return
    }
    if (policies[job.kind].resumes) {
      store.jobHistory.log(job.id, 'warn', 'The lab ended while this job ran. It goes on from what it has saved.')
      store.jobs.move(job.id, ['running'], { status: 'queued' })
      return
    }
    const error: WireError = {
      code: 'interrupted',
      message:
        'The lab ended while this job ran, and this kind of job starts from the beginning. Resume it, or cancel it.',
      details: {},
      cause: null
    }
    const changed = store.jobs.move(job.id, ['running'], { status: 'interrupted', error })
    if (changed !== undefined) await this.stop(changed)
  }

  #mayRetry(job: JobRecord): boolean {
    const crashes = (this.#crashes.get(job.id) ?? 0) + 1
    this.#crashes.set(job.id, crashes)
    return crashes <= this.#parts.policies[job.kind].retries
  }

  #tryAgain(job: JobRecord, error: WireError): void {
    const { store, board } = this.#parts
    store.jobHistory.log(job.id, 'warn', `${error.message} It is tried once more.`)
    const queued = store.jobs.move(job.id, ['running', 'paused'], { status: 'queued' })
    if (queued !== undefined) board.publish(queued)
  }

  async #failDoomed(): Promise<void> {
    for (const { id, needed, neededTitle, neededStatus } of this.#parts.store.jobs.doomed()) {
      await this.badly(id, 'failed', {
        code: 'dependency-failed',
        message: `This job needs "${neededTitle ?? needed}", which ${neededStatus === null ? 'is gone' : `has ${neededStatus}`}. Retry that one; this one follows.`,
        details: { needed },
        cause: null
      })
    }
  }
}
