import type { Whereabouts } from '../contract/jobs.ts'
import type { FromWorker, ToWorker } from '../contract/worker-messages.ts'
import type { WorkerExit, WorkerProcess } from '../jobs/worker-process.ts'
import type { JobState } from './agent/protocol.ts'
import type { Start } from './job-file.ts'

/** What whoever looks after the jobs of a place does for one of them. */
export interface Keeper {
  begin(job: PlacedJob): void
  pause(job: PlacedJob): void
  resume(job: PlacedJob): void
  cancel(job: PlacedJob): void
  /** Ends it there, at once. */
  stop(job: PlacedJob): void
  /** Nobody here is interested any more; there it goes on. */
  leave(job: PlacedJob): void
}

/** A job on a place, to the pool a worker process like any other: it takes one job, and ends with it. */
export class PlacedJob implements WorkerProcess {
  readonly pid = undefined
  start: Start | null = null
  /** Where to go on in its progress file. */
  offset = 0
  paused = false
  cancelled = false
  over = false
  /** What it was at the last look. */
  seen: JobState | null = null
  /** How often in a row nobody was found to work on it, and since when, by the monotonic clock. */
  missed = 0
  missedSince = 0
  /** What the place has been told of what the user wants. */
  told: 'pause' | 'cancel' | null = null
  telling = false
  /** Aborted when it is cancelled or over: what is being sent for it needs not arrive. */
  readonly #unwanted = new AbortController()
  /** How often Slurm has ended it for want of memory. */
  memoryLosses = 0
  /** How often Slurm had lost it. */
  lost = 0
  /** How often it was put back. */
  turns = 0
  /** What was last said about where it is. */
  #where = ''
  #line = ''
  readonly #keeper: Keeper
  #message: (message: FromWorker) => void = () => undefined
  #output: (stream: 'stdout' | 'stderr', text: string) => void = () => undefined
  #exit: (exit: WorkerExit) => void = () => undefined

  constructor(keeper: Keeper) {
    this.#keeper = keeper
  }

  get id(): string {
    return this.start?.id ?? ''
  }

  get unwanted(): AbortSignal {
    return this.#unwanted.signal
  }

  /** What the user wants of it now. */
  get wish(): 'pause' | 'cancel' | null {
    return this.cancelled ? 'cancel' : this.paused ? 'pause' : null
  }

  send(message: ToWorker): void {
    if (message.type === 'start') {
      this.start = message
      return this.#keeper.begin(this)
    }
    if (message.type === 'cancel') {
      this.cancelled = true
      this.#unwanted.abort()
    }
    if (message.type === 'pause' || message.type === 'hand-back') this.paused = true
    if (message.type === 'resume') this.paused = false
    if (message.type === 'pause') this.#keeper.pause(this)
    else if (message.type === 'resume') this.#keeper.resume(this)
    else if (message.type === 'cancel') this.#keeper.cancel(this)
  }

  kill(): void {
    if (this.over) return
    if (this.start !== null) this.#keeper.stop(this)
    this.end({ code: null, signal: 'SIGKILL' })
  }

  leave(): void {
    if (this.over) return
    this.#keeper.leave(this)
    this.end({ code: null, signal: 'SIGKILL' })
  }

  onMessage(listener: (message: FromWorker) => void): void {
    this.#message = listener
  }

  onOutput(listener: (stream: 'stdout' | 'stderr', text: string) => void): void {
    this.#output = listener
  }

  onExit(listener: (exit: WorkerExit) => void): void {
    this.#exit = listener
  }

  /** The place answers for it. */
  alive(): void {
    this.#output('stdout', '')
  }

  said(text: string): void {
    this.#output('stderr', text)
  }

  log(text: string, level: 'info' | 'warn' = 'info'): void {
    this.#message({ type: 'log', id: this.id, level, text })
  }

  /** Tells where it is, when that has changed; the log keeps all but its turn. */
  isAt(where: Whereabouts): void {
    const before = this.#where
    this.#where = JSON.stringify(where)
    if (this.#where === before) return
    this.tell({ type: 'where', id: this.id, where })
    const line = lineOf(where)
    if (line === null || line === this.#line) return
    this.#line = line
    this.log(line)
  }

  tell(message: FromWorker): void {
    if (!this.over) this.#message(message)
  }

  /** The last message, and then the end of this process. */
  finish(message: Extract<FromWorker, { type: 'result' | 'error' | 'cancelled' }>): void {
    this.tell(message)
    this.end({ code: 0, signal: null })
  }

  end(exit: WorkerExit): void {
    if (this.over) return
    this.over = true
    this.#unwanted.abort()
    // After the message: the pool must not take the end for a crash.
    setImmediate(() => this.#exit(exit))
  }
}

function lineOf({ state, text, expected }: Whereabouts): string | null {
  // Said again and again by a long queue, or before anybody has looked, it would tell nothing.
  if (text === null || (state === 'waiting' && ['AtOnce', 'None'].includes(text))) return null
  if (state === 'waiting')
    return `Waits there: ${text}${expected === null ? '' : `, expected to start at ${expected}`}.`
  return state === 'running' ? `Runs on ${text}.` : null
}
