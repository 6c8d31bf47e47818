import type { Dataset, QuerySet, Target } from '../contract/data.ts'
import type { BestScore, ExperimentSpec, ExperimentStatus } from '../contract/experiments.ts'
import type { Run, Score } from '../contract/runs.ts'
import type { Job, LogLine } from '../contract/jobs.ts'
import type { Index, Model } from '../contract/models.ts'
import type { Place } from '../contract/places.ts'
import type { Mining } from '../contract/minings.ts'
import type { Label, Thing } from '../contract/things.ts'

/** How a record's value lies in a column: booleans as 0 and 1, anything with a structure as JSON. */
type Stored<T> = T extends boolean ? number : T extends string | number | null ? T : string
export type Row<T> = { [K in keyof T]: Stored<T[K]> }

/** A job with what only the backend sees of it. */
export interface JobRecord extends Job {
  /** Order of arrival. */
  seq: number
  /** The title in all languages, for those who search; null: of an older version, whose title stands for itself. */
  sought: string | null
  input: unknown
  output: unknown
  folder: string
  /** elsewhere: nothing of this computer. */
  resource: 'accelerator' | 'cpu' | 'io' | 'elsewhere'
  /** Processor cores that it computes on; null: all that the lab may use. */
  cores: number | null
  /** Of jobs with the same name here only one runs at a time. */
  mutex: string | null
  /** How much work it is, in the unit of its kind (contract/expected-time.ts); null: not known, or nobody asks. */
  work: number | null
  /** How long it worked, without pauses; null: it has not finished, or was begun more than once. */
  workedSeconds: number | null
  /** Feature code has taken the output into its own tables. */
  recorded: boolean
}

export interface ExperimentRecord {
  id: string
  spec: ExperimentSpec
  status: ExperimentStatus
  createdAt: string
  finishedAt: string | null
}

/**
 * A run as part of an experiment: a finished run may serve several experiments, and of each another part. `key` is the plan's
 * key. Its round, targets and variant here, where they are not those that the run was made with: null.
 */
export interface ExperimentRun {
  experimentId: string
  runId: string
  key: string
  position: number
  round: number | null
  targetIds: string | null
  variant: string | null
}

export interface Leak {
  exampleId: number
  targetExampleId: number
  kind: 'exact' | 'near'
  similarity: number
}

/** The tables, as the query builder sees them. */
export interface Schema {
  settings: { key: string; value: string }
  datasets: Row<Dataset>
  targets: Row<Target>
  query_sets: Row<QuerySet>
  leak_checks: { targetId: string; datasetId: string; checkedAt: string; seconds: number }
  leaks: Leak & { targetId: string; datasetId: string }
  models: Row<Model>
  minings: Row<Mining>
  places: Row<Place>
  indices: Row<Index>
  experiments: Row<ExperimentRecord>
  runs: Row<Run>
  experiment_runs: ExperimentRun
  scores: Score
  best_scores: BestScore & { experimentId: string }
  /** Experiments whose best score has to be worked out anew. */
  unsettled_best: { experimentId: string }
  jobs: Row<JobRecord>
  labels: Omit<Label, 'tags' | 'archived'> & { tags: string; archived: number }
  bin: Row<BinRecord>
  measurements: { name: string; circumstances: string; value: number }
  drafts: { name: string; version: string; text: string }
  job_dependencies: { jobId: string; dependsOn: string }
  job_log: LogLine & { seq: number; jobId: string }
  job_curve: { seq: number; jobId: string; row: string }
}

export type Table = keyof Schema

/** Rows as they lie in their tables, in an order in which they can be put back. */
export type SavedRows = { table: Table; rows: Record<string, unknown>[] }[]

export interface BinRecord extends Thing {
  binId: string
  name: string
  others: number
  bytes: number
  deletedAt: string
  rows: SavedRows
  /** Folders of the home that go with it, each relative to the home. */
  folders: string[]
}
