import type { LogLine, Whereabouts, WireError } from './jobs.ts'
import type { PartKind } from './parts.ts'
import type { SentRequest } from './requests.ts'
import type { WorkKind } from './work.ts'

/** What the backend and a worker process say to each other. Plain data: it crosses a process boundary. */

/** What a job needs of a machine that has to be asked for it. */
export interface Needs {
  /** About the most that its process will take. */
  memoryBytes: number
  /** no: it computes on the processor, or not much; may: on a graphics processor where there is one; must: there only. */
  graphics: 'no' | 'may' | 'must'
}

export type ToWorker =
  | {
      type: 'start'
      id: string
      kind: WorkKind
      input: unknown
      /** The one folder that the job may write into; created before the job runs. Null for questions. */
      folder: string | null
      /** The open home: what is kept in files names paths of it without it. */
      home: string
      /** Threads for heavy work, 0 for all physical cores. */
      threads: number
      /** Whether other workers can do parts of it; left out: it is alone. */
      canShare?: boolean
      /** What a place must have for it; left out: nobody knows, or nobody has to be asked. */
      needs?: Needs
    }
  /** hand-back: save, then stop at the next safe point as after a pause, for this process is about to end. */
  | { type: 'pause' | 'resume' | 'cancel' | 'hand-back'; id: string }
  /** How a part is doing that the job `id` has shared. */
  | { type: 'part-progress'; id: string; part: number; progress: ProgressReport }
  | { type: 'part-result'; id: string; part: number; output: unknown }
  | { type: 'part-error'; id: string; part: number; error: WireError }

export type FromWorker =
  | { type: 'ready' }
  /** Something has left this computer. */
  | { type: 'request'; request: SentRequest }
  | { type: 'progress'; id: string; progress: ProgressReport }
  | { type: 'log'; id: string; level: LogLine['level']; text: string }
  | { type: 'curve'; id: string; row: Record<string, number> }
  /** Asks for other workers, one a part, each with so many threads. They work in this job's folder and stop with it. */
  | { type: 'share'; id: string; kind: PartKind; inputs: unknown[]; threads: number }
  /** Of a job at a place: whether it waits there or runs, and where. */
  | { type: 'where'; id: string; where: Whereabouts }
  /** The job has reached a safe point and waits there. */
  | { type: 'paused'; id: string }
  | { type: 'result'; id: string; output: unknown }
  | { type: 'cancelled'; id: string }
  | { type: 'error'; id: string; error: WireError }

/** What a job says about how far it is. Rate and time left are worked out by the backend. */
export interface ProgressReport {
  phase: string
  done: number
  total?: number | null
  unit?: string
  /** 0…1 over the whole job, where done/total covers one phase only. */
  fraction?: number | null
  figures?: Record<string, number>
}

/** Written to a worker's stdout by its heartbeat thread, also while the main thread computes. */
export interface Heartbeat {
  /** Milliseconds since the main thread last ran its event loop. */
  quiet: number
  /** Processor time used since the last beat, in milliseconds. */
  cpu: number
  /** Resident memory in bytes. */
  rss: number
}

/** Marks a heartbeat among whatever else a worker prints: mark, JSON, end of line. */
export const heartbeatMark = '\u001eheartbeat '
