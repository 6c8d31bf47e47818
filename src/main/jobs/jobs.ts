import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { LabError, messageOf } from '../contract/error.ts'
import { type Job, type JobKind, type JobStatus, type LogLine, type WireError } from '../contract/jobs.ts'
import type { QuestionKind, QuestionOutput } from '../contract/questions.ts'
import { toWireError } from '../contract/wire-error.ts'
import type { WorkKind } from '../contract/work.ts'
import type { Needs } from '../contract/worker-messages.ts'
import { asDiskError, diskProblemOf, isDiskProblem } from '../files/disk-error.ts'
import type { HomeFolder } from '../store/home.ts'
import { publicJob, type JobFilter } from '../store/jobs.ts'
import { newId } from '../store/new-id.ts'
import type { JobRecord } from '../store/schema.ts'
import type { Store } from '../store/store.ts'
import { AheadOfTurn } from './ahead.ts'
import type { Changes } from './changes.ts'
import { computingCores } from './cores.ts'
import { DiskWatch } from './disk-watch.ts'
import { JobHandlers, type FinishedHandler, type StoppedHandler } from './handlers.ts'
import { checkedInput, type JobRequest, type QuestionRequest } from './input.ts'
import { policies, type JobPolicy } from './policies.ts'
import type { WorkerPool } from './pool.ts'
import type { Outcome, PooledWorker } from './pooled-worker.ts'
import { Claims } from './claims.ts'
import { Questions, type QuestionsOptions } from './questions.ts'
import { needsOf } from './needs.ts'
import { roomOf, type Room } from './room.ts'
import { usesOf } from './uses.ts'
import { RunningJob } from './running-job.ts'
import type { WorkerStarter } from './worker-process.ts'

export interface AddOptions {
  /** What the job list shows, e.g. "Import P3 sample". */
  title: string
  /** The folder that the job may write into; default: a scratch folder that goes with the job. */
  folder?: string
  /** Higher goes first; default 0. */
  priority?: number
  /** Ids of jobs that must have finished, with their results recorded, before this one starts. */
  dependsOn?: readonly string[]
  experimentId?: string | null
  /** On how many processor cores it computes; default: all that the lab may use. Jobs that ask for few run side by side. */
  cores?: number | null
  /** Of jobs with the same name here only one runs at a time. */
  mutex?: string | null
  /** Id of the place where it computes; default: this computer. */
  place?: string | null
}

export interface JobsOptions {
  /** How many jobs of each resource run at once; of the accelerator, how many cores they share. */
  slots?: Partial<Record<JobRecord['resource'], number>>
  /** How long a cancelled job may take to end by itself, in milliseconds. */
  graceMilliseconds?: number
  /** Runs only jobs that were added, resumed or retried through this object; what an earlier lab left waits. */
  onlyOwn?: boolean
  /** How long a question that measures waits for the machine, in milliseconds. */
  claimMilliseconds?: number
  questionSeconds?: QuestionsOptions['seconds']
  /** Other rows than those of policies.ts. */
  policies?: Partial<Record<JobKind, JobPolicy>>
  /** Workers of a place. Throws `not-found`. */
  places?: (id: string) => WorkerStarter
  /** Put over a job's input when it starts, where it has a field of that name that is null: never stored. */
  secrets?: () => Record<string, string | null>
  /** Hears of a fault of the lab's own in what is done around jobs. */
  fault?: (thrown: unknown) => void
}

const retryMilliseconds = 1000
const ended: readonly JobStatus[] = ['finished', 'failed', 'crashed', 'cancelled']

/**
 * The queue. Everything about a job is in the store before anything happens to it, so that a lab that dies at any moment
 * finds at its next start what there was. Feature code takes a result into its own tables in `onFinished`, which may be
 * called twice for one job.
 */
export class Jobs {
  readonly #store: Store
  readonly #home: HomeFolder
  readonly #pool: WorkerPool
  readonly #changes: Changes
  readonly #questions: Questions
  readonly #slots: Partial<Record<JobRecord['resource'], number>>
  readonly #grace: number
  /** Ids of the jobs that may run; null for all. */
  readonly #own: Set<string> | null
  readonly #policies: Record<JobKind, JobPolicy>
  readonly #fault: (thrown: unknown) => void
  readonly #secrets: () => Record<string, string | null>
  readonly #placeWorkers: (id: string) => WorkerStarter
  readonly #ahead: AheadOfTurn
  readonly #active = new Map<string, RunningJob>()
  readonly #crashes = new Map<string, number>()
  readonly #handlers = new JobHandlers()
  readonly #claims = new Claims()
  readonly #recording = new Set<Promise<void>>()
  readonly #disk: DiskWatch
  /** Jobs whose end could not be written yet, and why. */
  readonly #unwritten = new Map<string, WireError>()
  /** Why jobs that could begin do not: that they have begun cannot be written. */
  #cannotBegin: WireError | null = null
  #open = false
  #scheduled = false

  constructor(store: Store, home: HomeFolder, pool: WorkerPool, changes: Changes, options: JobsOptions = {}) {
    this.#store = store
    this.#home = home
    this.#pool = pool
    this.#changes = changes
    const cores = availableParallelism()
    // Places have their own limits: whatever can begin there is handed over.
    this.#slots = { cpu: cores, io: 4, elsewhere: 5000, ...options.slots }
    this.#grace = options.graceMilliseconds ?? 5000
    this.#own = options.onlyOwn === true ? new Set() : null
    this.#disk = new DiskWatch(home.path, () => this.#lookAtDisk())
    this.#policies = { ...policies, ...options.policies }
    this.#fault = options.fault ?? (() => undefined)
    this.#secrets = options.secrets ?? (() => ({}))
    this.#placeWorkers = options.places ?? noPlaces
    this.#ahead = new AheadOfTurn(store, this.#placeWorkers, (job) => this.#needs(job))
    this.#questions = new Questions(pool, {
      room: (kind, input) => this.#room(kind, input),
      atOnce: Math.max(2, cores),
      settings: () => ({ home: home.path, threads: store.settings.get().threads }),
      claim: (signal) => this.#claims.take(options.claimMilliseconds ?? 5000, () => this.#schedule(), signal),
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
    this.#open = true
    for (const job of this.#store.jobs.unrecorded()) await this.#record(job)
    for (const job of this.#store.jobs.withStatus('running')) await this.#recover(job)
    await this.#failDoomed()
    if (this.#lookAtDisk()) this.#disk.start()
    this.#schedule()
  }

  /** Queues a job. Throws `bad-job-input` when the input is not what the kind's schema wants. */
  add<K extends JobKind>(kind: K, input: JobRequest<K>, options: AddOptions): Job {
    const id = newId('job')
    this.#own?.add(id)
    const job = this.#store.jobs.add({
      id,
      kind,
      title: options.title,
      status: 'queued',
      priority: options.priority ?? 0,
      dependsOn: [...(options.dependsOn ?? [])],
      experimentId: options.experimentId ?? null,
      progress: null,
      error: null,
      outcome: null,
      attempts: 0,
      createdAt: new Date().toISOString(),
      startedAt: null,
      finishedAt: null,
      input: checkedInput(kind, input),
      output: null,
      folder: options.folder ?? this.#home.scratch(id),
      resource: options.place == null ? this.#policies[kind].resource : 'elsewhere',
      place: options.place ?? null,
      cores: options.cores ?? null,
      mutex: options.mutex ?? null,
      recorded: false
    })
    this.#publish(job)
    this.#schedule()
    return publicJob(job)
  }

  /** Has a warm worker answer at once, beside the queue and without a record. */
  ask<K extends QuestionKind>(kind: K, input: QuestionRequest<K>, signal?: AbortSignal): Promise<QuestionOutput<K>> {
    return this.#questions.ask(kind, input, signal)
  }

  get(id: string): Job {
    return this.#live(publicJob(this.#store.jobs.get(id)))
  }

  list(filter: JobFilter, limit: number, offset: number): { total: number; jobs: Job[] } {
    const { total, jobs } = this.#store.jobs.page(filter, limit, offset)
    return { total, jobs: jobs.map((job) => this.#live(job)) }
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
      return this.#publish(waiting)
    }
    const active = this.#active.get(id)
    if (active === undefined) throw this.#wrongState(id, 'paused')
    active.pause()
    return this.#publish(this.#store.jobs.get(id))
  }

  /** Lets a paused or interrupted job go on as soon as there is a place. */
  resume(id: string): Job {
    this.#active.get(id)?.unpause()
    this.#own?.add(id)
    const job = this.#store.jobs.move(id, ['paused', 'interrupted'], {
      status: 'queued',
      error: null,
      finishedAt: null
    })
    this.#schedule()
    const waits = this.#store.jobs.get(id).status === 'queued'
    if (job === undefined && !waits && !this.#active.has(id)) throw this.#wrongState(id, 'resumed')
    return this.#publish(job ?? this.#store.jobs.get(id))
  }

  /** Ends a job; called again for one that does not end by itself, it ends its process at once. */
  cancel(id: string): Job {
    const active = this.#active.get(id)
    if (active !== undefined) {
      active.cancel(this.#grace)
      return this.#publish(this.#store.jobs.get(id))
    }
    const changes = { status: 'cancelled' as const, finishedAt: new Date().toISOString() }
    const job = this.#store.jobs.move(id, ['queued', 'paused', 'interrupted'], changes)
    if (job === undefined) throw this.#wrongState(id, 'cancelled')
    void this.#stop(job)
    return publicJob(job)
  }

  /** Starts a job that ended badly once more; those that failed only because of it wait for it again. */
  retry(id: string): Job {
    const fresh = { status: 'queued' as const, error: null, finishedAt: null, progress: null }
    const job = this.#store.jobs.move(id, ['failed', 'crashed', 'cancelled', 'interrupted'], fresh)
    if (job === undefined) throw this.#wrongState(id, 'started again')
    this.#crashes.delete(id)
    this.#own?.add(id)
    for (const waiting of this.#store.jobs.failedBecauseOf(id)) this.retry(waiting)
    this.#schedule()
    return this.#publish(job)
  }

  /** Moves a job that has not started forward or back in the queue: higher goes first. */
  setPriority(id: string, priority: number): Job {
    const job = this.#store.jobs.move(id, ['queued', 'paused', 'interrupted'], { priority })
    if (job === undefined) throw this.#wrongState(id, 'moved in the queue')
    return this.#publish(job)
  }

  /** Takes a job that has not begun out of the queue without a word, as what it was for is there; says whether it did. */
  withdraw(id: string): boolean {
    if (this.#active.has(id)) return false
    const job = this.#store.jobs.move(id, ['queued'], { status: 'cancelled', finishedAt: new Date().toISOString() })
    this.#ahead.withdraw(id)
    if (job !== undefined) void this.remove(id)
    return job !== undefined
  }

  /** Forgets a job that is over, with its log and its scratch folder. */
  async remove(id: string): Promise<void> {
    const job = this.#store.jobs.get(id)
    if (this.#active.has(id) || ![...ended, 'interrupted'].includes(job.status)) throw this.#wrongState(id, 'removed')
    this.#store.jobs.remove(id)
    this.#crashes.delete(id)
    this.#changes.publish({ type: 'job-removed', id })
    if (job.folder === this.#home.scratch(id)) await this.#home.remove(job.folder)
  }

  /** Forgets what has finished or was cancelled and belongs to no experiment. Returns how many jobs that were. */
  async clear(): Promise<number> {
    const over = this.#store.jobs.withStatus('finished', 'cancelled')
    const gone = over.filter((job) => job.experimentId === null && publicJob(job).finishedAt !== null)
    for (const { id } of gone) await this.remove(id)
    return gone.length
  }

  /** Ends all workers. What was running goes on at the next start, where its kind allows. */
  async close(): Promise<void> {
    this.#open = false
    this.#ahead.close()
    this.#disk.stop()
    await this.#pool.close()
    await Promise.all(this.#recording)
    for (const active of this.#active.values()) active.keepProgress()
  }

  #schedule(): void {
    this.#ahead.changed()
    if (!this.#open || this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#persistently(() => this.#fillAll()).catch(this.#report)
    })
  }

  #fillAll(): void {
    try {
      for (const resource of ['accelerator', 'cpu', 'io', 'elsewhere'] as const) if (this.#open) this.#fill(resource)
      if (this.#open) this.#ahead.look(this.#own)
      this.#cannotBegin = null
    } catch (thrown) {
      if (diskProblemOf(thrown) !== null) this.#cannotBegin = toWireError(asDiskError(thrown, this.#home.path))
      throw thrown
    }
  }

  #fill(resource: JobRecord['resource']): void {
    let free = this.#slots[resource] ?? computingCores(this.#store)
    for (const { job, parked } of this.#active.values())
      if (job.resource === resource && !parked) free -= this.#places(job)
    if (resource === 'accelerator' && this.#claims.wanted) {
      const busy = [...this.#active.values()].some(({ job, parked }) => job.resource === resource && !parked)
      if (!busy) this.#claims.grant()
      return
    }
    while (free > 0) {
      const job = this.#store.jobs.next(resource, this.#own)
      // Whoever is first in the queue waits until there is room for it, and nobody passes.
      if (job === undefined || this.#places(job) > free) return
      free -= this.#places(job)
      this.#begin(job)
    }
  }

  /** How many of its resource's places a job takes. One that wants more cores than there are takes them all. */
  #places({ resource, cores }: JobRecord): number {
    if (resource !== 'accelerator') return 1
    const all = this.#slots.accelerator ?? computingCores(this.#store)
    return Math.min(cores ?? all, all)
  }

  #begin(queued: JobRecord): void {
    const parked = this.#active.get(queued.id)
    const first = parked === undefined
    const job = this.#store.jobs.move(queued.id, ['queued'], {
      status: 'running',
      startedAt: queued.startedAt ?? new Date().toISOString(),
      ...(first ? { attempts: queued.attempts + 1, progress: null } : {})
    })
    if (job === undefined) return
    this.#publish(job)
    if (parked !== undefined) return parked.goOn()
    this.#ahead.began(job.id)
    const worker = this.#workerFor(job)
    if (worker === null) return
    const helpers = {
      take: () => this.#pool.take(job.kind, this.#room(job.kind, job.input)),
      release: (helper: PooledWorker) => this.#pool.release(helper)
    }
    const active = new RunningJob(job, this.#store, worker, job.place == null ? helpers : null, {
      changed: () => this.#publish(this.#store.jobs.get(job.id)),
      parked: () => this.#park(job.id)
    })
    this.#active.set(job.id, active)
    void active
      .run(job.cores ?? this.#store.settings.get().threads, this.#secrets(), {
        stepSeconds: this.#policies[job.kind].stepSeconds,
        ...(job.place == null ? {} : { needs: this.#needs(job) })
      })
      .then(async (outcome) => {
        if (!this.#open) return
        // What is shown from now on is what the store has, and it must not be less than what was shown.
        active.keepProgress()
        this.#active.delete(job.id)
        this.#pool.release(active.worker)
        await this.#persistently(() => this.#ended(job, active, outcome), job.id)
        this.#schedule()
      }, this.#report)
  }

  /** Null where its place is gone: the job has ended with a word about that. */
  #workerFor(job: JobRecord): PooledWorker | null {
    if (job.place == null) return this.#pool.take(job.kind, this.#room(job.kind, job.input))
    try {
      return this.#pool.takeFrom(this.#placeWorkers(job.place))
    } catch (thrown) {
      void this.#endBadly(job.id, 'failed', toWireError(thrown))
      return null
    }
  }

  /** A bug in what is done when a job has ended must not end the lab with all that it runs. */
  readonly #report = (thrown: unknown): void => {
    this.#fault(thrown)
    process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`)
  }

  async #ended(job: JobRecord, active: RunningJob, outcome: Outcome): Promise<void> {
    if (outcome.type === 'finished') return this.#finish(job.id, active, outcome.output)
    if (outcome.type === 'cancelled') return this.#endBadly(job.id, 'cancelled', null)
    if (isDiskProblem(outcome.error.code)) return this.#waitForDisk(job.id, outcome.error)
    if (outcome.type === 'crashed' && this.#mayRetry(job)) return this.#tryAgain(job, outcome.error)
    return this.#endBadly(job.id, outcome.type, outcome.error)
  }

  /** What its place has to be asked for. */
  #needs({ kind, input }: JobRecord): Needs {
    const { models, datasets } = this.#store
    const examples = (id: string) => datasets.find(id)?.examples ?? 0
    return needsOf(kind, input, { model: (id) => models.find(id), examples })
  }

  /** Where workers have no limits of their own, nobody needs to know. */
  #room(kind: WorkKind, input: unknown): Room {
    return this.#pool.hasLarge ? roomOf(usesOf(kind, input), this.#store.models.list()) : 'usual'
  }

  #park(id: string): void {
    void this.#persistently(() => {
      const job = this.#store.jobs.move(id, ['running'], { status: 'paused' })
      if (job !== undefined) this.#publish(job)
      this.#schedule()
    })
  }

  /** A job that a disk stopped is over for nobody: it waits as paused, and goes on by itself or when it is resumed. */
  #waitForDisk(id: string, error: WireError): void {
    const job = this.#store.jobs.move(id, ['running', 'paused', 'queued'], { status: 'paused', error })
    if (job === undefined) return
    this.#store.jobHistory.log(id, 'warn', error.message)
    this.#publish(job)
    this.#disk.start()
  }

  /** Lets go on what waits for a disk that works again; says whether anything still waits. */
  #lookAtDisk(): boolean {
    const waiting = this.#store.jobs
      .withStatus('paused')
      .filter(({ id, error }) => error !== null && isDiskProblem(error.code) && this.#own?.has(id) !== false)
    for (const { id, error } of waiting)
      if (this.#disk.passed(error!)) {
        void this.#persistently(() => {
          this.resume(id)
          this.#store.jobHistory.log(id, 'info', 'The disk takes writes again: the job goes on.')
        })
      }
    return waiting.length > 0
  }

  /**
   * Does what must be written, as soon as the disk takes it. Until then the job `of` is shown as waiting for that, and
   * nothing of it is lost while this lab lives; after its end the job is found as running, and goes on.
   */
  async #persistently(work: () => void | Promise<void>, of?: string): Promise<void> {
    for (;;) {
      try {
        await work()
        break
      } catch (thrown) {
        if (diskProblemOf(thrown) === null) throw thrown
        if (!this.#open) break
        if (of !== undefined && !this.#unwritten.has(of)) {
          this.#unwritten.set(of, toWireError(asDiskError(thrown, this.#home.path)))
          this.#publish(this.#store.jobs.get(of))
        }
        await sleep(retryMilliseconds)
        if (!this.#open) break
      }
    }
    if (of !== undefined) this.#unwritten.delete(of)
  }

  async #finish(id: string, active: RunningJob, output: unknown): Promise<void> {
    const job = this.#store.jobs.move(id, ['running', 'paused', 'queued'], {
      status: 'finished',
      output,
      error: null,
      progress: active.finalProgress(),
      finishedAt: new Date().toISOString()
    })
    this.#crashes.delete(id)
    if (job !== undefined) await this.#record(job)
  }

  /** Lets feature code take in the result; only then is the job over for everybody else. */
  async #record(job: JobRecord): Promise<void> {
    const work = async () => {
      const outcome = await this.#handlers.finished(job)
      this.#publish(this.#store.jobs.update(job.id, { recorded: true, outcome }))
    }
    const recording = this.#persistently(work, job.id).catch(async (error: unknown) => {
      if (this.#open) await this.#endBadly(job.id, 'failed', toWireError(error))
    })
    this.#recording.add(recording)
    await recording
    this.#recording.delete(recording)
  }

  async #recover(job: JobRecord): Promise<void> {
    if (job.place != null) {
      this.#store.jobHistory.log(
        job.id,
        'info',
        'The lab ended while this job was at its place. What became of it is found out now.'
      )
      this.#store.jobs.move(job.id, ['running'], { status: 'queued' })
      return
    }
    if (this.#policies[job.kind].resumes) {
      this.#store.jobHistory.log(job.id, 'warn', 'The lab ended while this job ran. It goes on from what it has saved.')
      this.#store.jobs.move(job.id, ['running'], { status: 'queued' })
      return
    }
    const error: WireError = {
      code: 'interrupted',
      message:
        'The lab ended while this job ran, and this kind of job starts from the beginning. Resume it, or cancel it.',
      details: {},
      cause: null
    }
    const changed = this.#store.jobs.move(job.id, ['running'], { status: 'interrupted', error })
    if (changed !== undefined) await this.#stop(changed)
  }

  #mayRetry(job: JobRecord): boolean {
    const crashes = (this.#crashes.get(job.id) ?? 0) + 1
    this.#crashes.set(job.id, crashes)
    return crashes <= this.#policies[job.kind].retries
  }

  #tryAgain(job: JobRecord, error: WireError): void {
    this.#store.jobHistory.log(job.id, 'warn', `${error.message} It is tried once more.`)
    const queued = this.#store.jobs.move(job.id, ['running', 'paused'], { status: 'queued' })
    if (queued !== undefined) this.#publish(queued)
  }

  async #endBadly(id: string, status: 'failed' | 'crashed' | 'cancelled', error: WireError | null): Promise<void> {
    const finishedAt = new Date().toISOString()
    const from: JobStatus[] = ['running', 'paused', 'queued', 'finished']
    const job = this.#store.jobs.move(id, from, { status, error, finishedAt })
    if (job === undefined) return
    if (error !== null) this.#store.jobHistory.log(id, 'error', error.message)
    await this.#stop(job)
  }

  /** Tells feature code and clients of a job that ended without a result, and what cannot start without it. */
  async #stop(job: JobRecord): Promise<void> {
    this.#ahead.withdraw(job.id)
    try {
      await this.#persistently(() => this.#handlers.stopped(job), job.id)
    } catch (error) {
      this.#store.jobHistory.log(job.id, 'error', `Recording how the job ended failed: ${messageOf(error)}`)
    }
    this.#publish(job)
    if (job.status !== 'interrupted') await this.#failDoomed()
  }

  async #failDoomed(): Promise<void> {
    for (const { id, needed, neededTitle, neededStatus } of this.#store.jobs.doomed()) {
      await this.#endBadly(id, 'failed', {
        code: 'dependency-failed',
        message: `This job needs "${neededTitle ?? needed}", which ${neededStatus === null ? 'is gone' : `has ${neededStatus}`}. Retry that one; this one follows.`,
        details: { needed },
        cause: null
      })
    }
  }

  #live<T extends Job>(job: T): T {
    const unwritten = this.#unwritten.get(job.id)
    if (unwritten !== undefined) return { ...job, status: 'paused', error: unwritten }
    if (job.status === 'queued' && this.#cannotBegin !== null)
      return { ...job, status: 'paused', error: this.#cannotBegin }
    return this.#active.get(job.id)?.overlay(job) ?? job
  }

  #publish(record: JobRecord): Job {
    const job = this.#live(publicJob(record))
    this.#changes.publish({ type: 'job', job })
    return job
  }

  #wrongState(id: string, wanted: string): LabError {
    const { title, status } = this.#store.jobs.get(id)
    return new LabError('job-state', `"${title}" is ${status} and cannot be ${wanted}.`, { details: { id, status } })
  }
}

function noPlaces(id: string): WorkerStarter {
  throw new LabError('not-found', `There is no place with id "${id}".`, { details: { what: 'place', id } })
}
