import type { Job, JobProgress, Whereabouts } from '../contract/jobs.ts'
import { diskProblemOf } from '../files/disk-error.ts'
import type { JobRecord } from '../store/schema.ts'
import type { Store } from '../store/store.ts'
import { Helpers, type HelperSource } from './helpers.ts'
import type { Outcome, PooledWorker, Task } from './pooled-worker.ts'
import { ProgressMeter } from './progress-meter.ts'

const publishMilliseconds = 100
const saveMilliseconds = 1000

/** A job with the worker that is on it: live progress, pause and cancel. */
export class RunningJob {
  readonly worker: PooledWorker
  readonly job: JobRecord
  readonly #store: Store
  readonly #listener: { changed(): void; parked(): void }
  readonly #meter = new ProgressMeter()
  #state: 'running' | 'pausing' | 'parked' = 'running'
  #force: NodeJS.Timeout | undefined
  #publishing: NodeJS.Timeout | undefined
  #published = -Infinity
  #saved = -Infinity
  #cancelling = false
  /** Milliseconds up to the last pause. */
  #worked = 0
  /** When it went on last; null while it waits. */
  #since: number | null = performance.now()
  #where: Whereabouts | null = null
  readonly #silent = new Set<PooledWorker>()
  /** Null where no other worker can help: the job runs at a place. */
  readonly #helpers: Helpers | null

  constructor(
    job: JobRecord,
    { store, worker, helpers }: { store: Store; worker: PooledWorker; helpers: HelperSource | null },
    listener: { changed(): void; parked(): void }
  ) {
    this.job = job
    this.#helpers =
      helpers &&
      new Helpers(helpers, (message) => worker.tell(message), {
        log: (level, text) => store.jobHistory.log(job.id, level, text),
        answering: (helper, answers) => this.#answered(helper, answers)
      })
    this.#store = store
    this.#listener = listener
    this.worker = worker
  }

  /** Seconds that it has worked, without its pauses. */
  get workedSeconds(): number {
    const since = this.#since === null ? 0 : performance.now() - this.#since
    return (this.#worked + since) / 1000
  }

  /** At a safe point, waiting: it holds its memory, not its place. */
  get parked(): boolean {
    return this.#state === 'parked'
  }

  async run(
    threads: number,
    secrets: Record<string, string | null>,
    more: Pick<Task, 'stepSeconds' | 'needs'>
  ): Promise<Outcome> {
    const { id, kind, folder } = this.job
    const input = withSecrets(this.job.input, secrets)
    const history = this.#store.jobHistory
    const home = this.#store.database.home
    const task: Task = { id, kind, input, folder, home, threads, ...more, canShare: this.#helpers !== null }
    const outcome = await this.worker.run(task, {
      progress: (report) => {
        this.#meter.take(report)
        this.#progressed()
      },
      log: (level, text) => history.log(id, level, text),
      curve: (row) => history.addRow(id, row),
      paused: () => this.#reachedSafePoint(),
      where: (where) => {
        this.#where = where
        this.#listener.changed()
      },
      share: (message) => this.#helpers?.start(message, task),
      answering: (answers) => this.#answered(this.worker, answers)
    })
    clearTimeout(this.#force)
    clearTimeout(this.#publishing)
    this.#helpers?.end()
    // It ended as a part of it had died, and what is done about a death is done about that.
    const crash = this.#helpers?.crash ?? null
    return outcome.type === 'failed' && crash !== null ? { type: 'crashed', error: crash } : outcome
  }

  pause(): void {
    if (this.#state !== 'running') return
    this.#state = 'pausing'
    this.#control('pause')
  }

  /** Withdraws a pause that has not been reached yet. */
  unpause(): void {
    if (this.#state !== 'pausing') return
    this.#state = 'running'
    this.#control('resume')
  }

  /** Leaves the safe point: there is a place again. */
  goOn(): void {
    this.#state = 'running'
    this.#since = performance.now()
    this.#meter.skipTime()
    this.#control('resume')
  }

  cancel(graceMilliseconds: number): void {
    this.#control('cancel')
    if (this.#cancelling) return this.worker.kill()
    this.#cancelling = true
    this.#force = setTimeout(() => this.worker.kill(), graceMilliseconds)
  }

  /** The record as clients should see it at this moment. */
  overlay<T extends Job>(record: T): T {
    const job = this.#where === null || record.status !== 'running' ? record : { ...record, where: this.#where }
    const progress = this.#meter.state ?? job.progress
    const word = this.#word()
    if (word === null) return { ...job, progress }
    const shown = { ...(progress ?? nothingYet), phase: word }
    if (this.#silent.size === 0) return { ...job, progress: shown }
    return { ...job, notAnswering: true, progress: { ...shown, rate: null, secondsLeft: null } }
  }

  keepProgress(): void {
    if (this.#meter.state === null) return
    try {
      this.#store.jobs.update(this.job.id, { progress: this.#meter.state })
    } catch (thrown) {
      // The next second tries again; the job itself notices a full disk when it writes.
      if (diskProblemOf(thrown) === null) throw thrown
    }
  }

  finalProgress(): JobProgress | null {
    const state = this.#meter.state
    return state === null ? null : { ...state, fraction: 1, secondsLeft: 0 }
  }

  #word(): string | null {
    if (this.#cancelling) return 'cancelling'
    if (this.#silent.size > 0) return 'not answering'
    return this.#state === 'pausing' ? 'pausing' : null
  }

  #control(type: 'pause' | 'resume' | 'cancel'): void {
    this.worker.control(type)
    this.#helpers?.control(type)
  }

  /** A job answers while its worker does, and all that do parts of it. */
  #answered(worker: PooledWorker, answers: boolean): void {
    const before = this.#silent.size
    if (answers) this.#silent.delete(worker)
    else this.#silent.add(worker)
    if (before > 0 === this.#silent.size > 0) return
    if (answers) this.#meter.skipTime()
    this.#store.jobHistory.log(this.job.id, answers ? 'info' : 'warn', answers ? answersAgain : noAnswer)
    this.#listener.changed()
  }

  #reachedSafePoint(): void {
    // A resume that crossed this message has been sent already.
    if (this.#state !== 'pausing') return
    this.#state = 'parked'
    this.#worked += performance.now() - (this.#since ?? performance.now())
    this.#since = null
    this.keepProgress()
    this.#listener.parked()
  }

  #progressed(): void {
    const now = performance.now()
    if (now - this.#saved > saveMilliseconds) {
      this.#saved = now
      this.keepProgress()
    }
    if (this.#publishing !== undefined) return
    const wait = Math.max(0, this.#published + publishMilliseconds - now)
    this.#publishing = setTimeout(() => {
      this.#publishing = undefined
      this.#published = performance.now()
      this.#listener.changed()
    }, wait)
  }
}

const noAnswer =
  'Nothing has been heard of the worker process for half a minute: it was stopped, waits for a disk or a network drive, or the computer is short of memory. It goes on by itself when that is over. Cancel ends it and keeps what it has saved.'
const answersAgain = 'The worker process answers again and goes on.'

const nothingYet: JobProgress = {
  fraction: null,
  phase: null,
  done: 0,
  total: null,
  unit: null,
  rate: null,
  secondsLeft: null,
  figures: {}
}

function withSecrets(input: unknown, secrets: Record<string, string | null>): unknown {
  if (typeof input !== 'object' || input === null) return input
  const wanted = Object.entries(secrets).filter(([name]) => (input as Record<string, unknown>)[name] === null)
  return wanted.length === 0 ? input : { ...input, ...Object.fromEntries(wanted) }
}
