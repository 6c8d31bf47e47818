import type { LogLine, Whereabouts, WireError } from './jobs.ts'
import type { PartKind } from './parts.ts'
import type { SentRequest } from './requests.ts'
import type { WorkKind } from './work.ts'

/** What the backend and a worker process say to each other. Plain data: it crosses a process boundary. */

/** What a job needs of a machine that has to be asked for it. */
export interface Needs {
  /** About the most that its process will take, in bytes. */
  memoryBytes: number
  /** no: it computes on the processor, or not much; may: on a graphics processor where there is one; must: there only. */
  graphics: 'no' | 'may' | 'must'
}

export type ToWorker =
  | {
      type: 'start'
      /** Id of the job or question. */
      id: string
      /** What kind of work it is. */
      kind: WorkKind
      /** What to do, as its kind's schema says. */
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
  | {
      /** What the job shall do. */
      type: 'pause' | 'resume' | 'cancel' | 'hand-back'
      /** Id of the job. */
      id: string
    }
  /** How a part is doing that the job `id` has shared. */
  | {
      type: 'part-progress'
      /** Id of the job. */
      id: string
      /** Number of the part, from 0. */
      part: number
      /** How far the part is. */
      progress: ProgressReport
    }
  | {
      type: 'part-result'
      /** Id of the job. */
      id: string
      /** Number of the part, from 0. */
      part: number
      /** What the part gives back. */
      output: unknown
    }
  | {
      type: 'part-error'
      /** Id of the job. */
      id: string
      /** Number of the part, from 0. */
      part: number
      /** Why the part ended. */
      error: WireError
    }

export type FromWorker =
  | { type: 'ready' }
  /** Something has left this computer. */
  | {
      type: 'request'
      /** What was sent. */
      request: SentRequest
    }
  | {
      type: 'progress'
      /** Id of the job. */
      id: string
      /** How far it is. */
      progress: ProgressReport
    }
  | {
      type: 'log'
      /** Id of the job. */
      id: string
      /** How much it matters. */
      level: LogLine['level']
      /** What is said. */
      text: string
    }
  | {
      type: 'curve'
      /** Id of the job. */
      id: string
      /** Figures of one step, by name. */
      row: Record<string, number>
    }
  /** Asks for other workers, one a part, each with so many threads. They work in this job's folder and stop with it. */
  | {
      type: 'share'
      /** Id of the job. */
      id: string
      /** What kind of part. */
      kind: PartKind
      /** What each part is to do. */
      inputs: unknown[]
      /** Threads of a part: how many. */
      threads: number
    }
  /** Of a job at a place: whether it waits there or runs, and where. */
  | {
      type: 'where'
      /** Id of the job. */
      id: string
      /** Where it is. */
      where: Whereabouts
    }
  /** The job has reached a safe point and waits there. */
  | {
      type: 'paused'
      /** Id of the job. */
      id: string
    }
  | {
      type: 'result'
      /** Id of the job or question. */
      id: string
      /** What it gives back. */
      output: unknown
    }
  | {
      type: 'cancelled'
      /** Id of the job or question. */
      id: string
    }
  | {
      type: 'error'
      /** Id of the job or question. */
      id: string
      /** Why it ended. */
      error: WireError
    }

/** What a job says about how far it is. Rate and time left are worked out by the backend. */
export interface ProgressReport {
  /** What it is doing, in words. */
  phase: string
  /** How much of the phase is done, in `unit`. */
  done: number
  /** How much the phase comes to, in `unit`; null or left out: unknown. */
  total?: number | null
  /** What is counted, such as rows or steps; left out: nothing is. */
  unit?: string
  /** 0…1 over the whole job, where done/total covers one phase only. */
  fraction?: number | null
  /** The newest figures by name, such as the loss. */
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
