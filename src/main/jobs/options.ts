import type { Changes } from './changes.ts'
import type { WorkerPool } from './pool.ts'
import type { HomeFolder } from '../store/home.ts'
import type { Store } from '../store/store.ts'
import type { JobTitle } from '../contract/job-titles.ts'
import type { JobKind } from '../contract/jobs.ts'
import type { JobPolicy } from '../contract/kinds/kind.ts'
import type { JobRecord } from '../store/schema.ts'
import type { QuestionsOptions } from './questions.ts'
import type { Underway } from './underway.ts'
import type { WorkerStarter } from './worker-process.ts'

export interface AddOptions {
  /** What the job list shows, e.g. "Import P3 sample", in every language; a bare sentence stays as it is in all of them. */
  title: JobTitle | string
  /** The folder that the job may write into; default: a scratch folder that goes with the job. */
  folder?: string
  /** Higher goes first; default 0. */
  priority?: number
  /** Ids of jobs that must have finished, with their results recorded, before this one starts. */
  dependsOn?: readonly string[]
  experimentId?: string | null
  /** On how many processor cores it computes; default: all that the lab may use. Jobs that ask for few run side by side. */
  cores?: number | null
  /** Of jobs with the same name here only one runs at a time. */
  mutex?: string | null
  /** Id of the place where it computes; default: this computer. */
  place?: string | null
}

/** What jobs are kept in, run by and told through. */
export interface JobsOver {
  store: Store
  home: HomeFolder
  pool: WorkerPool
  changes: Changes
  underway: Underway
}

export interface JobsOptions {
  /** How many jobs of each resource run at once; of the accelerator, how many cores they share. */
  slots?: Partial<Record<JobRecord['resource'], number>>
  /** How long a cancelled job may take to end by itself, in milliseconds. */
  graceMilliseconds?: number
  /** Runs only jobs that were added, resumed or retried through this object; what an earlier lab left waits. */
  onlyOwn?: boolean
  /** How long a question that measures waits for the machine, in milliseconds. */
  claimMilliseconds?: number
  questionSeconds?: QuestionsOptions['seconds']
  /** Other policies than those of the contract. */
  policies?: Partial<Record<JobKind, JobPolicy>>
  /** Workers of a place. Throws `not-found`. */
  places?: (id: string) => WorkerStarter
  /** Put over a job's input when it starts, where it has a field of that name that is null: never stored. */
  secrets?: () => Record<string, string | null>
  /** Hears of a fault of the lab's own in what is done around jobs. */
  fault?: (thrown: unknown) => void
}
