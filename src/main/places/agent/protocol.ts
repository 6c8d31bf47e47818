import type { FileRef } from '../../contract/job-folder.ts'
import type { WireError } from '../../contract/jobs.ts'
import type { Hello, PlaceContents } from '../../contract/places.ts'

/** What the lab asks its agent on a place: one row per verb with what goes there and what comes back, beside the bytes. */
export interface Verbs {
  /** What is this machine, and is a scheduler there? */
  hello: { ask: object; answer: Hello }
  /** Which of these contents are not there, and how much of each is already. */
  missing: { ask: { objects: { sha256: string; bytes: number }[] }; answer: { sha256: string; have: number }[] }
  /** Adds the body to an unfinished content at `offset`. */
  put: { ask: { sha256: string; offset: number }; answer: { have: number } }
  /** All of it has been sent: checks the hash, and keeps it or throws it away. */
  seal: { ask: { sha256: string; bytes: number }; answer: { whole: boolean } }
  /** Makes a job's folder, with the body as its job file; one that somebody works on, or that has ended, stays as it is. */
  open: { ask: { id: string }; answer: Known }
  /** When would one more job of these options start, as the scheduler estimates it? Nothing is handed in. */
  forecast: { ask: { slurm: SlurmOptions }; answer: Forecast }
  submit: { ask: Submission; answer: { started: string[] } }
  /** What became of jobs since the given places in their progress files. */
  look: { ask: { jobs: { id: string; offset: number }[] }; answer: { jobs: Look[] } }
  /** Those of these jobs that have their result, by their folders alone: no scheduler is asked. */
  done: { ask: { jobs: { id: string; offset: number }[] }; answer: { jobs: Look[] } }
  mark: { ask: { id: string; name: 'pause' | 'cancel'; on: boolean }; answer: object }
  /** Ends what works on a job, at once. */
  stop: { ask: { id: string }; answer: object }
  /** Forgets how the last attempt ended, so that the job can go on. */
  again: { ask: { id: string }; answer: object }
  /** A piece of a file of a job's own folder, as the body. */
  read: { ask: { id: string; path: string; offset: number; length: number }; answer: object }
  list: { ask: object; answer: PlaceContents }
  remove: { ask: { ids: string[]; objects: boolean }; answer: { freedBytes: number } }
  /** Deletes all that a lab has put there, the agent's own programs too; it must not be asked anything afterwards. */
  empty: { ask: object; answer: { freedBytes: number } }
}
export type Verb = keyof Verbs

/** How jobs are started: as processes of this machine, or handed to Slurm as one array. */
interface Submission {
  by: 'process' | 'slurm'
  ids: string[]
  slurm: SlurmOptions | null
  /** Ids of jobs that must have ended well before these start; the scheduler sees to it. */
  after: string[]
}

export interface SlurmOptions {
  name: string
  /** How many tasks of an array run at the same time; 0: as Slurm likes. */
  atOnce: number
  /** Null: the usual one. */
  partition: string | null
  account: string | null
  /** Minutes; 0: the partition's own limit. */
  minutes: number
  cores: number
  memoryMegabytes: number
  gpus: number
  /** Further options of sbatch, one each, as `--option=value`. */
  extra: string[]
}

/** `new`: never started; `waiting`: in a queue; `handed-back`: wants to be started again; `gone`: its process died. */
export type JobState = 'new' | 'waiting' | 'running' | 'done' | 'failed' | 'handed-back' | 'gone'

/** `startsAt` as the scheduler writes it, in its own clock; `inSeconds` by that clock. Null where it does not say. */
export interface Forecast {
  startsAt: string | null
  inSeconds: number | null
}

interface Known {
  state: JobState
}

export interface Look {
  id: string
  state: JobState
  /** New whole lines of progress.jsonl, and where to go on. */
  lines: string
  offset: number
  /** The node, the reason why it waits, or why it is gone; empty where nobody knows. */
  where: string
  /** Its turn among this user's waiting jobs, from 1. */
  position: number | null
  /** When the scheduler expects it to start. */
  expected: string | null
  result: { output: unknown; files: FileRef[] } | null
  error: { cancelled: boolean; error: WireError } | null
  /** The end of what the process wrote, where it is gone. */
  lastWords: string
}

/** Slurm says that a job has ended by itself, and what it must have written is not to be seen: a network file system shows files late. */
export const filesAreLate = 'LATE'
/** Slurm does not know a job any more that it was given, or thinks that it runs where nobody works on it. */
export const lostBySlurm = 'LOST'
