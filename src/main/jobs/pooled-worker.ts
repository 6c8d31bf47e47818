import type { SentRequest } from '../contract/requests.ts'
import type { WorkKind } from '../contract/work.ts'
import type { LogLine, Whereabouts, WireError } from '../contract/jobs.ts'
import {
  heartbeatMark,
  type FromWorker,
  type Heartbeat,
  type ProgressReport,
  type ToWorker
} from '../contract/worker-messages.ts'
import { memoryKills } from '../machine/memory-kills.ts'
import type { Room } from '../costs/room.ts'
import { describeCrash, describeHang, describeSpin } from './crash.ts'
import type { WorkerExit, WorkerProcess } from './worker-process.ts'

/** What a worker is told, and how long it may take. */
export interface Task extends Omit<Extract<ToWorker, { type: 'start' }>, 'type'> {
  /** The longest that one step may take, in seconds; left out: as long as it takes. */
  stepSeconds?: number | undefined
}

/** How a task ended. Crashed: its process died; failed: the job itself said no. */
export type Outcome =
  | { type: 'finished'; output: unknown }
  | { type: 'failed'; error: WireError }
  | { type: 'crashed'; error: WireError }
  | { type: 'cancelled' }

export interface TaskListener {
  progress?(report: ProgressReport): void
  log?(level: LogLine['level'], text: string): void
  curve?(row: Record<string, number>): void
  paused?(): void
  /** Of a job at a place. */
  where?(where: Whereabouts): void
  /** It asks for other workers to do parts of it. */
  share?(message: Extract<FromWorker, { type: 'share' }>): void
  /** Nothing has been heard of it for a while, or it is heard again. */
  answering?(answers: boolean): void
}

export interface Patience {
  /** A worker that neither answers nor computes for this long is stopped. */
  hungMilliseconds: number
  /** One of which nothing is heard for this long, not even its heartbeat, does not answer. */
  silentMilliseconds: number
}

const lastWordsLength = 8_000
/** Heartbeats come every second. */
const lately = 5000

/** One worker process and the task it is on. It outlives its tasks, so that what they loaded stays loaded. */
export class PooledWorker {
  readonly room: Room
  readonly #process: WorkerProcess
  readonly #patience: Patience
  readonly #sent: (request: SentRequest) => void
  readonly #gone = Promise.withResolvers<void>()
  #task: { task: Task; listener: TaskListener; end: (outcome: Outcome) => void } | null = null
  #lastWords = ''
  #partialLine = ''
  #rss = 0
  /** Moments of the monotonic clock: setting the computer's clock changes nothing. */
  #idleSince: number | null = null
  #heard = performance.now()
  #answers = true
  #watch: NodeJS.Timeout | undefined
  #memoryKills: number | null = null
  #hung = false
  #spinning = false
  #cancelled = false
  gone = false
  lastKind: WorkKind | null = null

  constructor(
    process: WorkerProcess,
    patience: Patience,
    room: Room = 'usual',
    sent: (request: SentRequest) => void = () => undefined
  ) {
    this.#sent = sent
    this.room = room
    this.#process = process
    this.#patience = patience
    process.onMessage((message) => this.#take(message))
    process.onOutput((stream, text) => this.#hear(stream, text))
    process.onExit((exit) => this.#exited(exit))
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  /** Resident memory in bytes as of the last heartbeat. */
  get rss(): number {
    return this.#rss
  }

  /** Has anything been heard of it lately? */
  get answers(): boolean {
    return performance.now() - this.#heard < Math.min(lately, this.#patience.silentMilliseconds)
  }

  /** Resolves when the process has ended. */
  get whenGone(): Promise<void> {
    return this.#gone.promise
  }

  get busy(): boolean {
    return this.#task !== null
  }

  run(task: Task, listener: TaskListener): Promise<Outcome> {
    if (this.#task !== null) throw new Error('This worker is busy.')
    this.lastKind = task.kind
    this.#cancelled = false
    this.#idleSince = null
    this.#memoryKills = memoryKills()
    this.#watchSilence()
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    this.#task = { task, listener, end: resolve }
    this.#process.send({ type: 'start', ...task })
    return promise
  }

  control(type: 'pause' | 'resume' | 'cancel'): void {
    if (this.#task === null) return
    if (type === 'cancel') this.#cancelled = true
    this.#process.send({ type, id: this.#task.task.id })
  }

  /** Says how a part of its task fares. */
  tell(message: Extract<ToWorker, { part: number }>): void {
    if (message.id === this.#task?.task.id) this.#process.send(message)
  }

  kill(): void {
    this.#process.kill()
  }

  /** The lab ends: a process of this computer ends with it, what runs elsewhere runs on. */
  leave(): void {
    if (this.#process.leave === undefined) this.#process.kill()
    else this.#process.leave()
  }

  #take(message: FromWorker): void {
    this.#hearSign()
    if (message.type === 'request') return this.#sent(message.request)
    const current = this.#task
    if (message.type === 'ready' || current === null || message.id !== current.task.id) return
    this.#idleSince = null
    switch (message.type) {
      case 'progress':
        return current.listener.progress?.(message.progress)
      case 'log':
        return current.listener.log?.(message.level, message.text)
      case 'curve':
        return current.listener.curve?.(message.row)
      case 'where':
        return current.listener.where?.(message.where)
      case 'paused':
        return current.listener.paused?.()
      case 'share':
        return current.listener.share?.(message)
      case 'result':
        return this.#end({ type: 'finished', output: message.output })
      case 'cancelled':
        return this.#end({ type: 'cancelled' })
      case 'error':
        return this.#end({ type: 'failed', error: message.error })
    }
  }

  #end(outcome: Outcome): void {
    const current = this.#task
    this.#task = null
    clearInterval(this.#watch)
    current?.end(outcome)
  }

  /** This process's own clock notices a worker that is stopped, swapped out or waits for a disk: it cannot say so itself. */
  #watchSilence(): void {
    this.#answers = true
    this.#heard = performance.now()
    const every = this.#patience.silentMilliseconds / 6
    let last = performance.now()
    this.#watch = setInterval(() => {
      const now = performance.now()
      // Where this process was held up itself, what the worker sent meanwhile has not been read yet.
      const late = now - last > 2 * every
      last = now
      if (late || !this.#answers || now - this.#heard < this.#patience.silentMilliseconds) return
      this.#answers = false
      this.#task?.listener.answering?.(false)
    }, every)
    this.#watch.unref()
  }

  #hearSign(): void {
    this.#heard = performance.now()
    if (this.#answers) return
    this.#answers = true
    this.#task?.listener.answering?.(true)
  }

  #hear(stream: 'stdout' | 'stderr', text: string): void {
    this.#hearSign()
    if (stream === 'stderr') this.#lastWords = (this.#lastWords + text).slice(-lastWordsLength)
    const lines = stream === 'stdout' ? this.#wholeLines(text) : text.split('\n')
    for (const line of lines) {
      const at = line.indexOf(heartbeatMark)
      if (at >= 0) this.#beat(line.slice(at + heartbeatMark.length))
      const said = (at >= 0 ? line.slice(0, at) : line).trimEnd()
      if (said !== '') this.#task?.listener.log?.(stream === 'stderr' ? 'warn' : 'debug', said)
    }
  }

  #wholeLines(text: string): string[] {
    const lines = (this.#partialLine + text).split('\n')
    this.#partialLine = lines.pop() ?? ''
    return lines
  }

  #beat(json: string): void {
    let beat: Heartbeat
    try {
      beat = JSON.parse(json) as Heartbeat
    } catch {
      return
    }
    this.#rss = beat.rss
    // The heartbeat itself uses a few milliseconds; more than that is somebody computing.
    const { stepSeconds } = this.#task?.task ?? {}
    if (stepSeconds !== undefined && beat.quiet > stepSeconds * 1000) {
      this.#spinning = true
      return this.kill()
    }
    const idle = beat.quiet > 2000 && beat.cpu < 50
    if (!idle) this.#idleSince = null
    else this.#idleSince ??= performance.now()
    if (this.#idleSince === null || this.#task === null) return
    if (performance.now() - this.#idleSince > this.#patience.hungMilliseconds) {
      this.#hung = true
      this.kill()
    }
  }

  #exited(exit: WorkerExit): void {
    this.gone = true
    const current = this.#task
    if (current !== null) {
      if (this.#spinning)
        this.#end({ type: 'failed', error: describeSpin(current.task.kind, current.task.stepSeconds ?? 0) })
      else
        this.#end(
          this.#cancelled ? { type: 'cancelled' } : { type: 'crashed', error: this.#crash(current.task.kind, exit) }
        )
    }
    this.#gone.resolve()
  }

  #crash(kind: WorkKind, exit: WorkerExit): WireError {
    const lastWords = this.#lastWords.trim()
    if (this.#hung) return describeHang(kind, lastWords, this.#rss)
    const after = memoryKills()
    const killed = after === null || this.#memoryKills === null ? null : after - this.#memoryKills
    return describeCrash(kind, { exit, lastWords, memoryKills: killed, platform: process.platform }, this.#rss)
  }
}
