import type { PlaceForecast, PlaceSettings } from '../contract/places.ts'
import { toWireError } from '../contract/wire-error.ts'
import { HashCache } from '../files/hashed-files.ts'
import type { AheadTask, WorkerProcess, WorkerStarter } from '../jobs/worker-process.ts'
import type { SlurmOptions } from './agent/protocol.ts'
import { AheadJobs } from './ahead.ts'
import { sendInputs } from './carry.ts'
import { HandIn, largestArray, startsAnew } from './hand-in.ts'
import { inputFilesOf, jobFileOf } from './job-file.ts'
import type { PlaceLink } from './link.ts'
import { Parked } from './parked.ts'
import { PlacedJob, type Keeper } from './placed-job.ts'
import { Persistence } from './persistence.ts'
import { Sightings } from './sightings.ts'
import { slurmOptionsOf, type Nodes } from './slurm-options.ts'
import { Looks } from './looks.ts'

export interface PlaceWorkersOptions {
  /** How often all jobs are asked for. */
  pollMilliseconds?: number
  /** Between attempts to reach a place that is lost; they become more seldom. */
  retryMilliseconds?: number
  /** Jobs that come within this time go to the scheduler as one array. */
  gatherMilliseconds?: number
  /** Between attempts to hand in what is more than an account may have at a time. */
  limitMilliseconds?: number
}

/**
 * Workers on one place: the same interface as local ones, the file protocol behind it. A job is here, in this order, being prepared
 * (`#begin`), handed in (`HandIn`), looked at (`Looks`), and taken in (`Sightings`); `Parked` has those that wait in between. What
 * the user wants of it meanwhile is looked at between any two of these, and what was under way when a lab ended is found again by its id.
 */
export class PlaceWorkers implements WorkerStarter, Keeper {
  readonly #link: PlaceLink
  readonly #settings: PlaceSettings
  readonly #nodes: () => Nodes
  readonly #hashes = new HashCache()
  /** Jobs whose inputs are being read or sent. */
  readonly #preparing = new Set<PlacedJob>()
  readonly #handIn: HandIn
  readonly #looks: Looks
  readonly #parked: Parked
  /** Null where no scheduler keeps an order: the lab does. */
  readonly #ahead: AheadJobs | null
  readonly #persistence: Persistence
  readonly #closing = new AbortController()
  /** Jobs that are being ended there: a new attempt waits for that. */
  readonly #stopping = new Map<string, Promise<void>>()
  #sending: Promise<void> = Promise.resolve()

  constructor(
    link: PlaceLink,
    settings: PlaceSettings,
    options: PlaceWorkersOptions = {},
    /** As they were last looked at: a check tells more of them. */
    nodes: () => Nodes = () => ({ memoryMegabytes: null, graphics: false })
  ) {
    this.#nodes = nodes
    this.#link = link
    this.#settings = settings
    // A machine of one's own is asked often and not waited with; a scheduler that many use is asked seldom.
    const usual =
      settings.kind === 'slurm'
        ? { pollMilliseconds: 2000, gatherMilliseconds: 100 }
        : { pollMilliseconds: 500, gatherMilliseconds: 20 }
    const waits = { retryMilliseconds: 5000, limitMilliseconds: 30_000, glanceMilliseconds: 400, ...usual, ...options }
    const { signal: closing } = this.#closing
    this.#persistence = new Persistence(waits.retryMilliseconds, closing)
    const common = { ...waits, link, settings, closing, persistence: this.#persistence }
    this.#parked = new Parked((job) => this.#handIn.add(job))
    this.#handIn = new HandIn({
      ...common,
      slurm: (job) => this.#slurmFor(job),
      preparing: () => this.#preparing.size > 0,
      wanted: (job) => !this.#isSettled(job),
      handed: (job) => this.#handed(job),
      refused: (job, thrown) => this.#fail(job, thrown)
    })
    const sightings = new Sightings({
      ...{ ...common, parked: this.#parked, leave: (job) => this.leave(job), again: (job) => this.#handIn.add(job) },
      slurm: (job) => this.#slurmFor(job),
      isSettled: (job) => this.#isSettled(job),
      begin: (job) => this.begin(job),
      failed: (job, thrown) => this.#fail(job, thrown)
    })
    this.#looks = new Looks({ ...common, take: (job, look) => sightings.take(job, look) })
    const { threads } = settings
    this.#ahead =
      settings.kind !== 'slurm'
        ? null
        : new AheadJobs({
            ...{ link, hashes: this.#hashes, threads, largestArray, signal: closing },
            slurm: (needs) => slurmOptionsOf(settings, needs, nodes()),
            gatherMilliseconds: waits.gatherMilliseconds,
            inTurn: (work) => this.#inTurn(work)
          })
  }

  ahead(task: AheadTask): void {
    this.#ahead?.add(task)
  }

  withdraw(id: string): void {
    // What cannot be reached now is found by the place's own list.
    this.#ahead?.withdraw(id).catch(() => undefined)
  }

  start(): WorkerProcess {
    return new PlacedJob(this)
  }

  close(): void {
    this.#closing.abort()
    this.#parked.close()
    this.#link.close()
  }

  begin(job: PlacedJob): void {
    void this.#begin(job)
  }

  pause(job: PlacedJob): void {
    if (this.#handIn.withdraw(job) || this.#parked.delete(job)) return this.#park(job)
    this.#tellWish(job)
  }

  resume(job: PlacedJob): void {
    if (this.#parked.delete(job)) return this.#handIn.add(job)
    this.#tellWish(job)
  }

  cancel(job: PlacedJob): void {
    if (this.#handIn.withdraw(job) || this.#parked.delete(job)) return this.#cancelled(job)
    this.#tellWish(job)
  }

  stop(job: PlacedJob): void {
    this.leave(job)
    const who = { wanted: () => true, tell: () => undefined }
    const work = async () => {
      await this.#link.ask('stop', { id: job.id })
      await this.#link.ask('again', { id: job.id })
    }
    // What cannot be ended there is found by the place's own list.
    const ending = this.#persistence.until(who, work).then(nothing, nothing)
    this.#stopping.set(job.id, ending)
    void ending.then(() => (this.#stopping.get(job.id) === ending ? this.#stopping.delete(job.id) : false))
  }

  leave(job: PlacedJob): void {
    this.#handIn.withdraw(job)
    this.#parked.delete(job)
    this.#looks.delete(job)
    this.#handIn.free(job)
  }

  /** What jobs with these inputs would need of this home, and what of it is not there yet. */
  async toCarry(home: string, inputs: readonly unknown[]): Promise<Pick<PlaceForecast, 'bytes' | 'missingBytes'>> {
    const files = await inputFilesOf(home, inputs, this.#hashes)
    const objects = [...new Map(files.map(({ sha256, bytes }) => [sha256, { sha256, bytes }])).values()]
    const missing = new Map((await this.#link.ask('missing', { objects })).map(({ sha256, have }) => [sha256, have]))
    const left = objects.filter(({ sha256 }) => missing.has(sha256))
    return {
      bytes: sum(objects.map(({ bytes }) => bytes)),
      missingBytes: sum(left.map(({ sha256, bytes }) => bytes - missing.get(sha256)!))
    }
  }

  /** Carries what is needed, and starts the job or finds it again. */
  async #begin(job: PlacedJob): Promise<void> {
    const start = job.start!
    this.#preparing.add(job)
    job.isAt({ state: 'sending', text: null, position: null, expected: null })
    try {
      await this.#stopping.get(job.id)
      if (await this.#ahead?.take(job.id)) return await this.#find(job)
      const file = await jobFileOf(start, this.#settings.threads, this.#hashes)
      const unwanted = AbortSignal.any([this.#closing.signal, job.unwanted])
      await this.#persistence.for(job, () =>
        this.#inTurn(async () => {
          if (unwanted.aborted) return
          const bytes = await sendInputs(this.#link, start.home, file.inputs, unwanted)
          if (bytes > 0) job.log(`${file.inputs.length} inputs are there; ${bytes} bytes had to be sent.`)
        })
      )
      if (job.over) return
      const body = Buffer.from(JSON.stringify(file))
      const known = await this.#persistence.for(job, () => this.#link.ask('open', { id: job.id }, body))
      if (job.over || known === undefined) return
      if (startsAnew(known.state)) {
        if (!this.#isSettled(job)) this.#handIn.add(job)
        return
      }
      job.log(`The job was found again: it is ${known.state} there.`)
      this.#handOver(job)
    } catch (thrown) {
      if (job.cancelled) this.#cancelled(job)
      else if (!this.#closing.signal.aborted) this.#fail(job, thrown)
    } finally {
      this.#preparing.delete(job)
    }
  }

  /** A job that the scheduler has had for a while; one that it has given up is handed in anew. */
  async #find(job: PlacedJob): Promise<void> {
    const ask = () => this.#link.ask('look', { jobs: [{ id: job.id, offset: Number.MAX_SAFE_INTEGER }] })
    const state = (await this.#persistence.for(job, ask))?.jobs[0]!.state
    if (job.over || state === undefined) return
    if (startsAnew(state)) return this.#begin(job)
    this.#handOver(job)
  }

  #handed(job: PlacedJob): void {
    if (this.#settings.kind === 'slurm') job.isAt({ state: 'waiting', text: 'None', position: null, expected: null })
    this.#handOver(job)
  }

  /** The place has it; from now on it is looked at. */
  #handOver(job: PlacedJob): void {
    this.#ahead?.begun(job.id, true)
    if (job.over) return
    this.#handIn.occupy(job)
    job.told = null
    this.#looks.add(job)
    this.#tellWish(job)
  }

  /** Before it starts: one that nobody wants to start now is over, or parked, with this. */
  #isSettled(job: PlacedJob): boolean {
    if (job.over) return true
    if (job.cancelled) this.#cancelled(job)
    else if (job.paused) this.#park(job)
    return job.cancelled || job.paused
  }

  #park(job: PlacedJob): void {
    this.#parked.add(job)
    job.tell({ type: 'paused', id: job.id })
  }

  #cancelled(job: PlacedJob): void {
    this.#ahead?.begun(job.id, false)
    job.finish({ type: 'cancelled', id: job.id })
  }

  #fail(job: PlacedJob, thrown: unknown): void {
    this.#ahead?.begun(job.id, false)
    this.#handIn.free(job)
    job.finish({ type: 'error', id: job.id, error: toWireError(thrown) })
  }

  /** Has the place know what the user wants of a job that it has, one wish after the other. */
  #tellWish(job: PlacedJob): void {
    if (job.telling || !this.#looks.has(job)) return
    job.telling = true
    const work = async () => {
      while (job.wish !== job.told && this.#looks.has(job) && !this.#closing.signal.aborted) {
        const { wish } = job
        const mark = { id: job.id, name: wish ?? 'pause', on: wish !== null } as const
        await this.#persistence.for(job, () => this.#link.ask('mark', mark))
        job.told = wish
      }
    }
    // A folder that is not there any more is noticed by the next look.
    void work()
      .then(nothing, nothing)
      .finally(() => (job.telling = false))
  }

  /** Files go over one after the other: what two jobs need is sent once. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#sending.then(work)
    this.#sending = turn.then(nothing, nothing)
    return turn
  }

  #slurmFor({ start, memoryLosses }: PlacedJob): SlurmOptions | null {
    if (this.#settings.kind !== 'slurm') return null
    return slurmOptionsOf(this.#settings, start!.needs ?? null, this.#nodes(), { attempt: memoryLosses })
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const nothing = () => undefined
