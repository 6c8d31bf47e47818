import type { SentRequest } from '../contract/requests.ts'
import type { WorkKind } from '../contract/work.ts'
import { PooledWorker, type Patience } from './pooled-worker.ts'
import type { Room } from '../costs/room.ts'
import { labClosed } from './underway.ts'
import type { WorkerStarter } from './worker-process.ts'

export interface PoolOptions {
  /** How long a worker without work stays, in milliseconds. */
  idleMilliseconds?: number
  /** How many workers without work stay at most. */
  idleWorkers?: number
  /** A worker that neither answers nor computes for this long is stopped. */
  hungMilliseconds?: number
  /** A worker of which nothing is heard for this long, not even its heartbeat, counts as not answering. */
  silentMilliseconds?: number
  /** Starts workers that need more memory than the usual ones can have; default: as the others. */
  large?: WorkerStarter
  /** Hears of every request that a worker sends over the network. */
  sent?: (request: SentRequest) => void
}

/** Worker processes: taken for a task, kept warm for the next one, ended when nobody wants them. */
export class WorkerPool {
  readonly #starters: Record<Room, WorkerStarter>
  readonly #idleMilliseconds: number
  readonly #idleWorkers: number
  readonly #patience: Patience
  readonly #sent: ((request: SentRequest) => void) | undefined
  #closed = false
  readonly #all = new Set<PooledWorker>()
  readonly #idle = new Map<PooledWorker, NodeJS.Timeout>()

  constructor(starter: WorkerStarter, options: PoolOptions = {}) {
    this.#starters = { usual: starter, large: options.large ?? starter }
    this.#sent = options.sent
    this.#idleMilliseconds = options.idleMilliseconds ?? 20_000
    this.#idleWorkers = options.idleWorkers ?? 3
    this.#patience = {
      hungMilliseconds: options.hungMilliseconds ?? 600_000,
      silentMilliseconds: options.silentMilliseconds ?? 30_000
    }
  }

  /** Whether work that needs much memory runs elsewhere than the rest. */
  get hasLarge(): boolean {
    return this.#starters.large !== this.#starters.usual
  }

  /** The lab closes: what a worker has not done by now is not done. */
  get closed(): boolean {
    return this.#closed
  }

  /** From now on everything runs where there is room for large work; what runs elsewhere ends as it is. */
  useLargeOnly(): void {
    this.#starters.usual = this.#starters.large
  }

  /**
   * A worker for a task of this kind, with the room that it needs: an idle one that has done the same before, else any idle
   * one, else a new one. Throws `lab-closed`.
   */
  take(kind: WorkKind, asked: Room = 'usual'): PooledWorker {
    const room = this.hasLarge ? asked : 'usual'
    if (this.#closed) throw labClosed()
    // One that was stopped while it had nothing to do would take the task and sit on it.
    const idle = [...this.#idle.keys()].filter((worker) => worker.answers && worker.room === room)
    const worker = idle.findLast(({ lastKind }) => lastKind === kind) ?? idle.at(-1)
    if (worker === undefined) return this.#start(room)
    this.#notIdle(worker)
    return worker
  }

  /** A worker of another starter, for one task alone. Throws `lab-closed`. */
  takeFrom(starter: WorkerStarter): PooledWorker {
    if (this.#closed) throw labClosed()
    return this.#start('usual', starter)
  }

  /** Gives a worker back after its task. */
  release(worker: PooledWorker): void {
    if (worker.gone || worker.busy) return
    const oldest = this.#idle.keys().next().value
    if (oldest !== undefined && this.#idle.size >= this.#idleWorkers) this.#retire(oldest)
    const timer = setTimeout(() => this.#retire(worker), this.#idleMilliseconds)
    timer.unref()
    this.#idle.set(worker, timer)
  }

  /** Processes alive, with their memory in bytes and whether anything was heard of them lately. */
  workers(): { pid: number | undefined; busy: boolean; rss: number; answers: boolean }[] {
    return [...this.#all].map(({ pid, busy, rss, answers }) => ({ pid, busy, rss, answers }))
  }

  /** Ends every worker, starts none any more, and waits until they are gone. */
  async close(): Promise<void> {
    this.#closed = true
    const gone = [...this.#all].map((worker) => worker.whenGone)
    for (const worker of this.#all) worker.leave()
    await Promise.all(gone)
  }

  #start(room: Room, starter = this.#starters[room]): PooledWorker {
    const worker = new PooledWorker(starter.start(), this.#patience, room, this.#sent)
    this.#all.add(worker)
    void worker.whenGone.then(() => {
      this.#all.delete(worker)
      this.#notIdle(worker)
    })
    return worker
  }

  #retire(worker: PooledWorker): void {
    this.#notIdle(worker)
    worker.kill()
  }

  #notIdle(worker: PooledWorker): void {
    clearTimeout(this.#idle.get(worker))
    this.#idle.delete(worker)
  }
}
