import type { FromWorker, ToWorker } from '../contract/worker-messages.ts'

/** How a worker process ended: exit code, or the signal that killed it, as the host tells it; death.ts reads it. */
export interface WorkerExit {
  code: number | null
  signal: string | null
  /** Electron tells only one number, whatever the end. */
  host?: 'electron'
}

/** A worker process as the pool sees it, whichever host started it. */
export interface WorkerProcess {
  readonly pid: number | undefined
  send(message: ToWorker): void
  /** Ends it at once. */
  kill(): void
  /** The lab ends: lets go of it. What is missing here ends with the lab. */
  leave?(): void
  onMessage(listener: (message: FromWorker) => void): void
  onOutput(listener: (stream: 'stdout' | 'stderr', text: string) => void): void
  /** Called once, after all its output. */
  onExit(listener: (exit: WorkerExit) => void): void
}

/** What a host supplies: Electron forks a utility process, plain Node a child process, both with worker/index as entry. */
export interface WorkerStarter {
  start(): WorkerProcess
  /** Of places whose scheduler keeps an order itself: takes a job whose turn comes when others have ended. */
  ahead?(task: AheadTask): void
  /** It shall not start there any more. */
  withdraw?(id: string): void
}

/** A job that waits for others of its place. */
export interface AheadTask {
  start: Extract<ToWorker, { type: 'start' }> & { folder: string }
  after: readonly { id: string; folder: string }[]
  log(text: string): void
}
