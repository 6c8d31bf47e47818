import { availableParallelism } from 'node:os'
import { LabError } from '../contract/error.ts'
import { jobPolicies, type Job, type JobKind, type JobStatus, type LogLine } from '../contract/jobs.ts'
import type { JobPolicy } from '../contract/kinds/kind.ts'
import type { QuestionKind, QuestionOutput } from '../contract/questions.ts'
import type { Needs } from '../contract/worker-messages.ts'
import type { HomeFolder } from '../store/home.ts'
import { publicJob, type JobFilter } from '../store/jobs.ts'
import { newId } from '../store/new-id.ts'
import type { JobRecord } from '../store/schema.ts'
import type { Store } from '../store/store.ts'
import { AheadOfTurn } from './ahead.ts'
import { JobBoard } from './board.ts'
import { Claims } from './claims.ts'
import { DiskWaits } from './disk-waits.ts'
import { Dispatch } from './dispatch.ts'
import { Endings } from './endings.ts'
import { JobHandlers, type FinishedHandler, type StoppedHandler } from './handlers.ts'
import { checkedInput, type JobRequest, type QuestionRequest } from './input.ts'
import { needsOf } from '../costs/needs.ts'
import { neverRun } from './never-run.ts'
import type { AddOptions, JobsOptions, JobsOver } from './options.ts'
import { Patience } from './patience.ts'
import type { WorkerPool } from './pool.ts'
import { Questions } from './questions.ts'
import { titleFields } from './title-fields.ts'
import type { Underway } from './underway.ts'
import { workOfJob } from './work.ts'
import type { WorkerStarter } from './worker-process.ts'

const ended: readonly JobStatus[] = ['finished', 'failed', 'crashed', 'cancelled']

/**
 * The queue: what users and feature code do with jobs. Everything about a job is in the store before anything happens to it, so that
 * a lab that dies at any moment finds at its next start what there was. Feature code takes a result into its own tables in
 * `onFinished`, which may be called twice for one job. What begins when is `Dispatch`, how jobs end `Endings`.
 */
export class Jobs {
  readonly #store: Store
  readonly #home: HomeFolder
  readonly #pool: WorkerPool
  readonly #questions: Questions
  readonly #grace: number
  readonly #fault: JobsOptions['fault']
  /** Ids of the jobs that may run; null for all. */
  readonly #own: Set<string> | null
  readonly #policies: Record<JobKind, JobPolicy>
  readonly #ahead: AheadOfTurn
  readonly #handlers = new JobHandlers()
  readonly #board: JobBoard
  readonly #underway: Underway
  readonly #claims = new Claims()
  readonly #disk: DiskWaits
  readonly #endings: Endings
  readonly #dispatch: Dispatch

  constructor({ store, home, pool, changes, underway }: JobsOver, options: JobsOptions = {}) {
    this.#store = store
    this.#home = home
    this.#pool = pool
    this.#underway = underway
    this.#grace = options.graceMilliseconds ?? 5000
    this.#fault = options.fault
    this.#own = options.onlyOwn === true ? new Set() : null
    this.#policies = { ...jobPolicies, ...options.policies }
    const cores = availableParallelism()
    const claims = this.#claims
    const places = options.places ?? noPlaces
    const needs = (job: JobRecord): Needs => needsIn(store, job)
    this.#ahead = new AheadOfTurn(store, places, needs)
    this.#board = new JobBoard(store, changes)
    const patience = new Patience(this.#board, home.path, underway.closing)
    const common = { store, board: this.#board, patience, underway, policies: this.#policies }
    this.#disk = new DiskWaits({ ...common, home: home.path, own: this.#own, resume: (id) => void this.resume(id) })
    this.#endings = new Endings({
      ...{ ...common, disk: this.#disk, handlers: this.#handlers },
      isOpen: () => this.#dispatch.isOpen,
      stopped: (id) => this.#ahead.withdraw(id)
    })
    this.#dispatch = new Dispatch({
      ...{ ...common, home, pool, claims, ahead: this.#ahead, own: this.#own, places, needs },
      // Places have their own limits: whatever can begin there is handed over.
      slots: { cpu: cores, io: 4, elsewhere: 5000, ...options.slots },
      secrets: options.secrets ?? (() => ({})),
      ended: (job, active, outcome) => this.#endings.ended(job, active, outcome),
      refused: (id, error) => this.#also(this.#endings.badly(id, 'failed', error)),
      report: (thrown) => this.#report(thrown)
    })
    this.#questions = new Questions(pool, {
      room: (kind, input) => this.#dispatch.room(kind, input),
      atOnce: Math.max(2, cores),
      settings: () => ({ home: home.path, threads: store.settings.get().threads }),
      claim: (signal) => claims.take(options.claimMilliseconds ?? 5000, () => this.#dispatch.schedule(), signal),
      ...(options.questionSeconds === undefined ? {} : { seconds: options.questionSeconds })
    })
  }

  /** Whether work that needs much memory runs elsewhere than the rest. */
  get hasLargeWorkers(): boolean {
    return this.#pool.hasLarge
  }

  /** Called with every finished job of a kind, before clients hear of it and before jobs that wait for it start. */
  onFinished<K extends JobKind>(kind: K, handler: FinishedHandler<K>): void {
    this.#handlers.addFinished(kind, handler)
  }

  /** Called with every job of a kind that ended without a result. */
  onStopped<K extends JobKind>(kind: K, handler: StoppedHandler<K>): void {
    this.#handlers.addStopped(kind, handler)
  }

  /** Takes up what an earlier lab left, and starts to work. Called once all handlers are there. */
  async start(): Promise<void> {
    this.#dispatch.start()
    await this.#endings.recover()
    if (!this.#dispatch.isOpen) return
    this.#disk.start()
    this.#dispatch.schedule()
  }

  /** Queues a job. Throws `bad-job-input` when the input is not what the kind's schema wants, `not-for-places` for work of this computer. */
  add<K extends JobKind>(kind: K, input: JobRequest<K>, options: AddOptions): Job {
    if (options.place != null && !this.#policies[kind].elsewhere)
      throw new LabError(
        'not-for-places',
        `Jobs of the kind "${kind}" compute on this computer only: none of them can go to a place. Leave the place out.`,
        { details: { kind } }
      )
    const id = newId('job')
    this.#own?.add(id)
    const job = this.#store.jobs.add({
      id,
      kind,
      ...titleFields(options.title),
      ...neverRun,
      priority: options.priority ?? 0,
      dependsOn: [...(options.dependsOn ?? [])],
      experimentId: options.experimentId ?? null,
      createdAt: new Date().toISOString(),
      input: checkedInput(kind, input),
      folder: options.folder ?? this.#home.scratch(id),
      resource: options.place == null ? this.#policies[kind].resource : 'elsewhere',
      place: options.place ?? null,
      cores: options.cores ?? null,
      mutex: options.mutex ?? null,
      work: options.place == null ? workOfJob(kind, input, this.#store) : null
    })
    this.#board.publish(job)
    this.#dispatch.schedule()
    return publicJob(job)
  }

  /** Has a warm worker answer at once, beside the queue and without a record. */
  ask<K extends QuestionKind>(kind: K, input: QuestionRequest<K>, signal?: AbortSignal): Promise<QuestionOutput<K>> {
    return this.#questions.ask(kind, input, signal)
  }

  get(id: string): Job {
    return this.#board.live(publicJob(this.#store.jobs.get(id)))
  }

  list(filter: JobFilter, limit: number, offset: number): { total: number; jobs: Job[] } {
    const { total, jobs } = this.#store.jobs.page(filter, limit, offset)
    return { total, jobs: jobs.map((job) => this.#board.live(job)) }
  }

  log(id: string, tail: number): LogLine[] {
    this.#store.jobs.get(id)
    return this.#store.jobHistory.tail(id, tail)
  }

  curve(id: string): Record<string, number>[] {
    this.#store.jobs.get(id)
    return this.#store.jobHistory.curve(id)
  }

  /** A waiting job waits on; a running one stops at its next safe point, and its place goes to another. */
  pause(id: string): Job {
    const waiting = this.#store.jobs.move(id, ['queued'], { status: 'paused' })
    if (waiting !== undefined) {
      this.#ahead.withdraw(id)
      return this.#board.publish(waiting)
    }
    const active = this.#board.active.get(id)
    if (active === undefined) throw this.#board.wrongState(id, 'paused')
    active.pause()
    return this.#board.publishById(id)
  }

  /** Lets a paused or interrupted job go on as soon as there is a place. */
  resume(id: string): Job {
    this.#board.active.get(id)?.unpause()
    this.#own?.add(id)
    const job = this.#store.jobs.move(id, ['paused', 'interrupted'], {
      status: 'queued',
      error: null,
      finishedAt: null
    })
    this.#dispatch.schedule()
    const waits = this.#store.jobs.get(id).status === 'queued'
    if (job === undefined && !waits && !this.#board.active.has(id)) throw this.#board.wrongState(id, 'resumed')
    return this.#board.publish(job ?? this.#store.jobs.get(id))
  }

  /** Ends a job; called again for one that does not end by itself, it ends its process at once. */
  cancel(id: string): Job {
    const active = this.#board.active.get(id)
    if (active !== undefined) {
      active.cancel(this.#grace)
      return this.#board.publishById(id)
    }
    const changes = { status: 'cancelled' as const, finishedAt: new Date().toISOString() }
    const job = this.#store.jobs.move(id, ['queued', 'paused', 'interrupted'], changes)
    if (job === undefined) throw this.#board.wrongState(id, 'cancelled')
    this.#also(this.#endings.stop(job))
    return publicJob(job)
  }

  /** Starts a job that ended badly once more; those that failed only because of it wait for it again. */
  retry(id: string): Job {
    const fresh = { status: 'queued' as const, error: null, finishedAt: null, progress: null }
    const job = this.#store.jobs.move(id, ['failed', 'crashed', 'cancelled', 'interrupted'], fresh)
    if (job === undefined) throw this.#board.wrongState(id, 'started again')
    this.#endings.forget(id)
    this.#own?.add(id)
    for (const waiting of this.#store.jobs.failedBecauseOf(id)) this.retry(waiting)
    this.#dispatch.schedule()
    return this.#board.publish(job)
  }

  /** Moves a job that has not started forward or back in the queue: higher goes first. */
  setPriority(id: string, priority: number): Job {
    const job = this.#store.jobs.move(id, ['queued', 'paused', 'interrupted'], { priority })
    if (job === undefined) throw this.#board.wrongState(id, 'moved in the queue')
    return this.#board.publish(job)
  }

  /** Takes a job that has not begun out of the queue without a word, as what it was for is there; says whether it did. */
  withdraw(id: string): boolean {
    if (this.#board.active.has(id)) return false
    const job = this.#store.jobs.move(id, ['queued'], { status: 'cancelled', finishedAt: new Date().toISOString() })
    this.#ahead.withdraw(id)
    if (job !== undefined) this.#also(this.remove(id))
    return job !== undefined
  }

  /** Forgets a job that is over, with its log and its scratch folder. */
  async remove(id: string): Promise<void> {
    const job = this.#store.jobs.get(id)
    if (this.#board.active.has(id) || ![...ended, 'interrupted'].includes(job.status))
      throw this.#board.wrongState(id, 'removed')
    this.#store.jobs.remove(id)
    this.#endings.forget(id)
    this.#board.removed(id)
    if (job.folder === this.#home.scratch(id)) await this.#home.remove(job.folder)
  }

  /** Forgets what has finished or was cancelled and belongs to no experiment. Returns how many jobs that were. */
  async clear(): Promise<number> {
    const over = this.#store.jobs.withStatus('finished', 'cancelled')
    const gone = over.filter((job) => job.experimentId === null && publicJob(job).finishedAt !== null)
    for (const { id } of gone) await this.remove(id)
    return gone.length
  }

  /** Ends all workers. What was running goes on at the next start, where its kind allows. What is still being written is under way. */
  async close(): Promise<void> {
    this.#dispatch.close()
    this.#ahead.close()
    this.#disk.stop()
    this.#claims.close()
    await this.#pool.close()
    for (const active of this.#board.active.values()) active.keepProgress()
  }

  #also(work: Promise<void>): void {
    this.#underway.also(work, (thrown) => this.#report(thrown))
  }

  /** A bug in what is done when a job has ended must not end the lab with all that it runs. */
  #report(thrown: unknown): void {
    this.#fault?.(thrown)
    process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`)
  }
}

/** What the place of a job has to be asked for. */
function needsIn({ models, datasets }: Store, { kind, input }: JobRecord): Needs {
  const examples = (id: string) => datasets.find(id)?.examples ?? 0
  return needsOf(kind, input, { model: (id) => models.find(id), examples })
}

function noPlaces(id: string): WorkerStarter {
  throw new LabError('not-found', `There is no place with id "${id}".`, { details: { what: 'place', id } })
}
