import type { PlaceForecast, PlaceSettings } from '../contract/places.ts'
import { toWireError } from '../contract/wire-error.ts'
import { HashCache } from '../files/hashed-files.ts'
import type { AheadTask, WorkerProcess, WorkerStarter } from '../jobs/worker-process.ts'
import type { SlurmOptions } from './agent/protocol.ts'
import { AheadJobs } from './ahead.ts'
import { slurmOptionsOf, type Nodes } from './slurm-options.ts'
import { sendInputs } from './carry.ts'
import { inputFilesOf, jobFileOf } from './job-file.ts'
import { HandIn, largestArray } from './hand-in.ts'
import type { PlaceLink } from './link.ts'
import { Looks } from './looks.ts'
import { Persistence } from './persistence.ts'
import { Sightings } from './sightings.ts'
import { PlacedJob, type Keeper } from './placed-job.ts'

export interface PlaceWorkersOptions {
  /** How often all jobs are asked for. */
  pollMilliseconds?: number
  /** Between attempts to reach a place that is lost. */
  retryMilliseconds?: number
  /** Jobs that come within this time go to the scheduler as one array. */
  gatherMilliseconds?: number
}

/**
 * Workers on one place: the same interface as local ones, the file protocol behind it. One connection, one question for all
 * jobs; what was under way when the lab ended is found again by its id.
 */
export class PlaceWorkers implements WorkerStarter, Keeper {
  readonly #link: PlaceLink
  readonly #settings: PlaceSettings
  readonly #options: Required<PlaceWorkersOptions>
  readonly #nodes: () => Nodes
  readonly #hashes = new HashCache()
  readonly #handIn: HandIn
  readonly #looks: Looks
  /** Null where no scheduler keeps an order: the lab does. */
  readonly #ahead: AheadJobs | null
  readonly #closing = new AbortController()
  readonly #persistence: Persistence
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
        ? { pollMilliseconds: 2000, gatherMilliseconds: 300 }
        : { pollMilliseconds: 500, gatherMilliseconds: 20 }
    this.#options = { retryMilliseconds: 5000, ...usual, ...options }
    const { pollMilliseconds, gatherMilliseconds, retryMilliseconds } = this.#options
    const { signal } = this.#closing
    this.#persistence = new Persistence(retryMilliseconds, signal)
    this.#handIn = new HandIn({
      ...{ link, settings, persistence: this.#persistence, gatherMilliseconds, signal },
      slurmFor: (job) => this.#slurmFor(job),
      handedIn: (job, well) => {
        this.#ahead?.begun(job.id, well)
        if (well && !job.over) this.#looks.add(job)
      }
    })
    this.#looks = new Looks({ link, pollMilliseconds, retryMilliseconds, signal })
    const sightings = new Sightings({
      ...{ link, settings, persistence: this.#persistence, handIn: this.#handIn, looks: this.#looks },
      ...{ retryMilliseconds, slurmFor: (job) => this.#slurmFor(job), begin: (job) => this.begin(job) }
    })
    this.#looks.onSeen((job, look) => sightings.take(job, look))
    const { threads } = settings
    this.#ahead =
      settings.kind !== 'slurm'
        ? null
        : new AheadJobs({
            ...{ link, hashes: this.#hashes, threads, largestArray, signal },
            slurm: (needs) => slurmOptionsOf(settings, needs, nodes()),
            gatherMilliseconds,
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
    this.#link.close()
  }

  begin(job: PlacedJob): void {
    void this.#handIn.preparing(job, () => this.#begin(job))
  }

  pause(job: PlacedJob): void {
    if (this.#handIn.withdraw(job)) return job.tell({ type: 'paused', id: job.id })
    void this.#persistence.for(job, () => this.#link.ask('mark', { id: job.id, name: 'pause', on: true }))
  }

  resume(job: PlacedJob): void {
    void this.#persistence.for(job, async () => {
      await this.#link.ask('mark', { id: job.id, name: 'pause', on: false })
      if (!this.#looks.has(job)) this.#handIn.soon(job)
    })
  }

  cancel(job: PlacedJob): void {
    if (this.#handIn.withdraw(job)) return job.finish({ type: 'cancelled', id: job.id })
    if (!this.#looks.has(job)) return
    void this.#persistence.for(job, () => this.#link.ask('mark', { id: job.id, name: 'cancel', on: true }))
  }

  stop(job: PlacedJob): void {
    this.leave(job)
    const work = async () => {
      await this.#link.ask('stop', { id: job.id })
      await this.#link.ask('again', { id: job.id })
    }
    work().catch(() => undefined)
  }

  leave(job: PlacedJob): void {
    this.#handIn.withdraw(job)
    this.#looks.remove(job)
    this.#handIn.free(job)
  }

  /** Carries what is needed, and starts the job or finds it again. */
  async #begin(job: PlacedJob): Promise<void> {
    const start = job.start!
    job.isAt({ state: 'sending', text: null, position: null, expected: null })
    try {
      if (await this.#ahead?.take(job.id)) return await this.#find(job)
      const file = await jobFileOf(start, this.#settings.threads, this.#hashes)
      await this.#persistence.for(job, () =>
        this.#inTurn(async () => {
          if (job.over) return
          const bytes = await sendInputs(this.#link, start.home, file.inputs, this.#closing.signal)
          if (bytes > 0) job.log(`${file.inputs.length} inputs are there; ${bytes} bytes had to be sent.`)
        })
      )
      if (job.over) return
      const known = await this.#persistence.for(job, () =>
        this.#link.ask('open', { id: job.id }, Buffer.from(JSON.stringify(file)))
      )
      if (job.over || known === undefined) return
      if (job.cancelled) return job.finish({ type: 'cancelled', id: job.id })
      if (['new', 'gone', 'handed-back'].includes(known.state)) return this.#handIn.soon(job)
      job.log(`The job was found again: it is ${known.state} there.`)
      this.#handOver(job)
    } catch (thrown) {
      this.#ahead?.begun(job.id, false)
      job.finish({ type: 'error', id: job.id, error: toWireError(thrown) })
    }
  }

  /** A job that the scheduler has had for a while; one that it has given up is handed in anew. */
  async #find(job: PlacedJob): Promise<void> {
    const ask = () => this.#link.ask('look', { jobs: [{ id: job.id, offset: Number.MAX_SAFE_INTEGER }] })
    const state = (await this.#persistence.for(job, ask))?.jobs[0]!.state
    if (job.over || state === undefined) return
    if (job.cancelled) return this.#cancelThere(job)
    if (['new', 'gone', 'handed-back'].includes(state)) return this.#begin(job)
    this.#handOver(job)
  }

  #cancelThere(job: PlacedJob): void {
    this.#handOver(job)
    this.cancel(job)
  }

  /** The scheduler has it; from now on it is looked at. */
  #handOver(job: PlacedJob): void {
    this.#handIn.occupy(job)
    this.#ahead?.begun(job.id, true)
    this.#looks.add(job)
  }

  /** Files go over one after the other: what two jobs need is sent once. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#sending.then(work)
    this.#sending = turn.then(
      () => undefined,
      () => undefined
    )
    return turn
  }

  #slurmFor({ start, memoryLosses }: PlacedJob): SlurmOptions | null {
    if (this.#settings.kind !== 'slurm') return null
    return slurmOptionsOf(this.#settings, start!.needs ?? null, this.#nodes(), { attempt: memoryLosses })
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
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
