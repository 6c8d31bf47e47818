import { setTimeout as sleep } from 'node:timers/promises'
import { noneIfEmpty } from '../contract/none-if-empty.ts'
import { messageOf } from '../contract/error.ts'
import { resultFileSchema } from '../contract/job-folder.ts'
import type { PlaceForecast, PlaceSettings } from '../contract/places.ts'
import type { FromWorker } from '../contract/worker-messages.ts'
import { toWireError } from '../contract/wire-error.ts'
import { HashCache } from '../files/hashed-files.ts'
import { paths } from '../files/portable.ts'
import type { AheadTask, WorkerProcess, WorkerStarter } from '../jobs/worker-process.ts'
import type { Look } from './agent/protocol.ts'
import { AheadJobs } from './ahead.ts'
import { slurmOptionsOf, type Nodes } from './slurm-options.ts'
import type { SlurmOptions } from './agent/protocol.ts'
import { sendInputs, takeResult } from './carry.ts'
import { inputFilesOf, jobFileOf } from './job-file.ts'
import { isLoss, type PlaceLink } from './link.ts'
import { explainNotShared, notShared } from './not-shared.ts'
import { Pace } from './pace.ts'
import { PlacedJob, type Keeper } from './placed-job.ts'

export interface PlaceWorkersOptions {
  /** How often all jobs are asked for. */
  pollMilliseconds?: number
  /** Between attempts to reach a place that is lost. */
  retryMilliseconds?: number
  /** Jobs that come within this time go to the scheduler as one array. */
  gatherMilliseconds?: number
}

/** An array of Slurm holds at most about so many; a cluster allows 1,001 unless it was set up otherwise. */
const largestArray = 1000
/** In milliseconds: what is ready waits no longer for those that are still being prepared. */
const longestGathering = 20_000
/** A process counts as dead when two looks in a row say so: a network file system shows files late. */
const looksUntilGone = 2
const mostTurns = 1000
/** Why a job of a machine without a scheduler waits; Slurm has its own words. */
const atOnceReached = 'AtOnce'
/** How often a job is given twice the memory. */
const mostMemoryLosses = 3
/** Slurm ended it, and it goes on from what it has saved. */
const passing = new Set(['TIMEOUT', 'PREEMPTED', 'NODE_FAIL', 'BOOT_FAIL', 'REQUEUED'])

/**
 * Workers on one place: the same interface as local ones, the file protocol behind it. One connection, one question for all
 * jobs; what was under way when the lab ended is found again by its id.
 */
export class PlaceWorkers implements WorkerStarter, Keeper {
  readonly #link: PlaceLink
  readonly #settings: PlaceSettings
  readonly #options: Required<PlaceWorkersOptions>
  readonly #nodes: () => Nodes
  readonly #active = new Map<string, PlacedJob>()
  readonly #hashes = new HashCache()
  /** Jobs that are ready to run and wait for a place among those that do. */
  readonly #ready: PlacedJob[] = []
  readonly #occupied = new Set<PlacedJob>()
  /** Jobs whose inputs are being read or sent. */
  readonly #preparing = new Set<PlacedJob>()
  /** Null where no scheduler keeps an order: the lab does. */
  readonly #ahead: AheadJobs | null
  readonly #pace: Pace
  readonly #closing = new AbortController()
  #sending: Promise<void> = Promise.resolve()
  #gathering = false
  #polling = false

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
    this.#pace = new Pace(this.#options.pollMilliseconds)
    const { threads } = settings
    this.#ahead =
      settings.kind !== 'slurm'
        ? null
        : new AheadJobs({
            ...{ link, hashes: this.#hashes, threads, largestArray, signal: this.#closing.signal },
            slurm: (needs) => slurmOptionsOf(settings, needs, nodes()),
            gatherMilliseconds: this.#options.gatherMilliseconds,
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
    void this.#begin(job)
  }

  pause(job: PlacedJob): void {
    if (this.#withdrawReady(job)) return job.tell({ type: 'paused', id: job.id })
    void this.#persistently(job, () => this.#link.ask('mark', { id: job.id, name: 'pause', on: true }))
  }

  resume(job: PlacedJob): void {
    void this.#persistently(job, async () => {
      await this.#link.ask('mark', { id: job.id, name: 'pause', on: false })
      if (!this.#active.has(job.id)) this.#submitSoon(job)
    })
  }

  cancel(job: PlacedJob): void {
    if (this.#withdrawReady(job)) return job.finish({ type: 'cancelled', id: job.id })
    if (!this.#active.has(job.id)) return
    void this.#persistently(job, () => this.#link.ask('mark', { id: job.id, name: 'cancel', on: true }))
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
    this.#withdrawReady(job)
    this.#active.delete(job.id)
    this.#free(job)
  }

  /** Carries what is needed, and starts the job or finds it again. */
  async #begin(job: PlacedJob): Promise<void> {
    const start = job.start!
    this.#preparing.add(job)
    job.isAt({ state: 'sending', text: null, position: null, expected: null })
    try {
      if (await this.#ahead?.take(job.id)) return await this.#find(job)
      const file = await jobFileOf(start, this.#settings.threads, this.#hashes)
      await this.#persistently(job, () =>
        this.#inTurn(async () => {
          if (job.over) return
          const bytes = await sendInputs(this.#link, start.home, file.inputs, this.#closing.signal)
          if (bytes > 0) job.log(`${file.inputs.length} inputs are there; ${bytes} bytes had to be sent.`)
        })
      )
      if (job.over) return
      const known = await this.#persistently(job, () =>
        this.#link.ask('open', { id: job.id }, Buffer.from(JSON.stringify(file)))
      )
      if (job.over || known === undefined) return
      if (job.cancelled) return job.finish({ type: 'cancelled', id: job.id })
      if (['new', 'gone', 'handed-back'].includes(known.state)) return this.#submitSoon(job)
      job.log(`The job was found again: it is ${known.state} there.`)
      this.#handOver(job)
    } catch (thrown) {
      this.#ahead?.begun(job.id, false)
      job.finish({ type: 'error', id: job.id, error: toWireError(thrown) })
    } finally {
      this.#preparing.delete(job)
    }
  }

  /** A job that the scheduler has had for a while; one that it has given up is handed in anew. */
  async #find(job: PlacedJob): Promise<void> {
    const ask = () => this.#link.ask('look', { jobs: [{ id: job.id, offset: Number.MAX_SAFE_INTEGER }] })
    const state = (await this.#persistently(job, ask))?.jobs[0]!.state
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
    this.#occupied.add(job)
    this.#ahead?.begun(job.id, true)
    this.#watch(job)
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

  #submitSoon(job: PlacedJob): void {
    this.#ready.push(job)
    this.#gather()
  }

  #gather(): void {
    if (this.#gathering) return
    this.#gathering = true
    const until = performance.now() + longestGathering
    const look = () => {
      // Jobs whose inputs are still on their way belong to the same array, if that does not take too long.
      const several = this.#settings.kind === 'slurm' && this.#preparing.size > 0 && performance.now() < until
      // What is not handed in when the lab closes is in its queue when it opens again.
      if (this.#closing.signal.aborted) return
      if (several) return void setTimeout(look, this.#options.gatherMilliseconds)
      this.#gathering = false
      void this.#submit()
    }
    setTimeout(look, this.#options.gatherMilliseconds)
  }

  async #submit(): Promise<void> {
    const { kind, atOnce } = this.#settings
    const room = kind === 'slurm' ? largestArray : Math.max(1, atOnce) - this.#occupied.size
    const jobs = this.#ready.splice(0, Math.max(0, room))
    for (const [before, job] of this.#ready.entries())
      if (kind === 'process') job.isAt({ state: 'waiting', text: atOnceReached, position: before + 1, expected: null })
    if (jobs.length === 0) return
    for (const job of jobs) this.#occupied.add(job)
    // Tasks of an array get the same from Slurm.
    const groups = Map.groupBy(jobs, (job) => JSON.stringify(this.#slurmFor(job)))
    for (const [options, group] of groups) await this.#submitGroup(group, JSON.parse(options) as SlurmOptions | null)
    if (this.#ready.length > 0 && kind === 'slurm') this.#gather()
  }

  async #submitGroup(jobs: readonly PlacedJob[], slurm: SlurmOptions | null): Promise<void> {
    const { kind } = this.#settings
    try {
      await this.#persistently(jobs[0]!, () =>
        this.#link.ask('submit', { by: kind, ids: jobs.map(({ id }) => id), slurm, after: [] })
      )
      for (const job of jobs) {
        this.#ahead?.begun(job.id, true)
        if (job.over) continue
        if (kind === 'slurm') job.isAt({ state: 'waiting', text: 'None', position: null, expected: null })
        this.#watch(job)
      }
    } catch (thrown) {
      for (const job of jobs) {
        this.#ahead?.begun(job.id, false)
        this.#free(job)
        job.finish({ type: 'error', id: job.id, error: toWireError(thrown) })
      }
    }
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

  #watch(job: PlacedJob): void {
    job.gone = 0
    this.#active.set(job.id, job)
    this.#pace.hurry()
    void this.#poll()
  }

  /** Asks for all jobs at once, as long as there are any. */
  async #poll(): Promise<void> {
    if (this.#polling) return
    this.#polling = true
    let lost = false
    const pace = this.#pace
    while (this.#active.size > 0 && !this.#closing.signal.aborted) {
      const asked = [...this.#active.values()]
      try {
        const { jobs } = await this.#link.ask('look', { jobs: asked.map(({ id, offset }) => ({ id, offset })) })
        if (lost) for (const job of asked) job.log('The connection is there again.')
        lost = false
        for (const look of jobs) {
          const job = this.#active.get(look.id)
          if (job !== undefined) this.#take(job, look)
        }
      } catch (thrown) {
        if (!lost)
          for (const job of asked) job.log(`${messageOf(thrown)} The lab tries again; what runs there runs on.`, 'warn')
        lost = true
      }
      const wait = lost ? this.#options.retryMilliseconds : pace.next()
      await sleep(wait, undefined, { signal: this.#closing.signal }).catch(() => undefined)
    }
    this.#polling = false
  }

  #take(job: PlacedJob, look: Look): void {
    job.offset = look.offset
    if (look.state !== job.seen) this.#pace.hurry()
    job.seen = look.state
    job.alive()
    for (const line of look.lines.split('\n')) {
      const message = messageIn(line)
      if (message !== null && 'id' in message && message.id === job.id) job.tell(message)
    }
    const { position, expected } = look
    const text = noneIfEmpty(look.where)
    if (look.state === 'waiting') job.isAt({ state: 'waiting', text, position, expected })
    if (look.state === 'running') job.isAt({ state: 'running', text, position: null, expected: null })
    if (look.state !== 'gone') job.gone = 0
    if (look.state === 'done') return this.#end(job, () => this.#takeResult(job, look))
    if (look.state === 'failed') return this.#end(job, () => this.#takeError(job, look))
    if (look.state === 'handed-back') return this.#putBack(job)
    if (look.state === 'gone' && ++job.gone >= looksUntilGone) this.#takeDeath(job, look)
  }

  #end(job: PlacedJob, work: () => Promise<void>): void {
    this.#active.delete(job.id)
    this.#free(job)
    this.#persistently(job, work).catch((thrown: unknown) =>
      job.finish({ type: 'error', id: job.id, error: toWireError(thrown) })
    )
  }

  async #takeResult(job: PlacedJob, look: Look): Promise<void> {
    const { folder, input, home } = job.start!
    const { output, files } = resultFileSchema.omit({ version: true, host: true }).parse(look.result)
    const part = (input as { part?: unknown } | null)?.part
    const merge = part !== undefined && part !== null
    await takeResult(this.#link, { id: job.id, folder: folder!, merge }, files)
    job.finish({ type: 'result', id: job.id, output: paths.unpack(output, home) })
  }

  async #takeError(job: PlacedJob, look: Look): Promise<void> {
    const { cancelled, error } = look.error!
    await this.#link.ask('again', { id: job.id })
    if (error.code === 'input-missing' && ++job.turns < 3) {
      job.log(error.message, 'warn')
      return this.#begin(job)
    }
    job.finish(cancelled ? { type: 'cancelled', id: job.id } : { type: 'error', id: job.id, error })
  }

  #putBack(job: PlacedJob): void {
    this.#active.delete(job.id)
    this.#free(job)
    if (job.paused) return job.tell({ type: 'paused', id: job.id })
    if (++job.turns > mostTurns) return job.end({ code: 75, signal: null })
    job.log('The job was put back and goes on from what it has saved.')
    // What made it stop, a full disk for instance, may last.
    setTimeout(() => (job.over ? undefined : this.#submitSoon(job)), this.#options.retryMilliseconds)
  }

  #takeDeath(job: PlacedJob, look: Look): void {
    if (passing.has(look.where) && ++job.turns <= mostTurns) {
      job.log(`Slurm ended it (${look.where}); it goes on from what it has saved.`, 'warn')
      this.#active.delete(job.id)
      this.#free(job)
      return this.#submitSoon(job)
    }
    this.#active.delete(job.id)
    this.#free(job)
    if (look.where.startsWith(notShared))
      return job.finish({ type: 'error', id: job.id, error: toWireError(explainNotShared(look.where, this.#settings)) })
    if (look.where === 'OUT_OF_MEMORY' && this.#askForMore(job)) return
    if (look.lastWords !== '') job.said(look.lastWords)
    if (look.where === 'OUT_OF_MEMORY')
      job.said('Slurm ended the job: out of memory. Ask for more memory at this place.')
    job.end(look.where === 'CANCELLED' ? { code: null, signal: 'SIGTERM' } : { code: null, signal: 'SIGKILL' })
  }

  /** Whether a job that was thought to need less memory goes in again, with twice as much. */
  #askForMore(job: PlacedJob): boolean {
    if (this.#settings.memoryMegabytes > 0 || job.start!.needs === undefined) return false
    const before = this.#slurmFor(job)!.memoryMegabytes
    job.memoryLosses++
    const now = this.#slurmFor(job)!.memoryMegabytes
    if (job.memoryLosses > mostMemoryLosses || now <= before) return false
    job.log(`Slurm ended it: ${before} MB of memory were too little. It is handed in again with ${now} MB.`, 'warn')
    this.#submitSoon(job)
    return true
  }

  #free(job: PlacedJob): void {
    if (this.#occupied.delete(job) && this.#ready.length > 0) this.#gather()
  }

  #withdrawReady(job: PlacedJob): boolean {
    const at = this.#ready.indexOf(job)
    if (at < 0) return false
    this.#ready.splice(at, 1)
    return true
  }

  /** Does something that needs the connection, as soon as there is one. Undefined when nobody waits for it any more. */
  async #persistently<T>(job: PlacedJob, work: () => Promise<T>): Promise<T | undefined> {
    for (let told = false; ;) {
      try {
        return await work()
      } catch (thrown) {
        if (job.over || this.#closing.signal.aborted) return undefined
        if (!isLoss(thrown)) throw thrown
        if (!told) job.log(`${messageOf(thrown)} The lab tries again.`, 'warn')
        told = true
        await sleep(this.#options.retryMilliseconds, undefined, { signal: this.#closing.signal }).catch(() => undefined)
      }
    }
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

function messageIn(line: string): FromWorker | null {
  try {
    return line === '' ? null : (JSON.parse(line) as FromWorker)
  } catch {
    // Half a line that a killed worker left.
    return null
  }
}
