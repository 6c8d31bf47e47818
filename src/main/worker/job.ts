import type { LogLine } from '../contract/jobs.ts'
import type { PartInput, PartKind, PartOutput } from '../contract/parts.ts'
import type { QuestionKind } from '../contract/questions.ts'
import type { WorkInput, WorkKind, WorkOutput } from '../contract/work.ts'
import type { ProgressReport } from '../contract/worker-messages.ts'

/** What a job gets to work with. */
export interface JobContext<K extends WorkKind> {
  /** Checked against the kind's schema before the job runs. */
  readonly input: WorkInput<K>
  /**
   * Absolute path of the one folder the job may write into; it exists. A resumed job finds there what it left. Questions write
   * nothing and have none.
   */
  readonly folder: K extends QuestionKind ? null : string
  /** Absolute path of the open home: files of a job keep paths of it by files/portable.ts. */
  readonly home: string
  /** Threads for heavy work; undefined: all physical cores. */
  readonly threads: number | undefined
  /** Aborted when the user cancels. Pass it on, and check it in long loops; throwing its reason ends the job as cancelled. */
  readonly signal: AbortSignal
  /** Says how far the job is; cheap enough to be called on every step. */
  readonly report: (progress: ProgressReport) => void
  /** Adds a row to the job's curve, e.g. `{ step, loss }`. */
  readonly curve: (row: Record<string, number>) => void
  readonly log: (text: string, level?: LogLine['level']) => void
  /** Await this at every safe point: it returns at once, or waits while the user has paused; throws when cancelled. */
  readonly paused: () => Promise<void>
  /** The process is about to be handed back: save at the next occasion, however short ago the last time was. */
  readonly saveNow?: () => boolean
  /** Has other workers of the lab do parts of this job, in its folder; left out where there are no others. */
  readonly share?: Share
}

/**
 * One worker a part, each with `threads`; `report` hears how far each is. They pause and are cancelled with the job. Throws what
 * the first part threw that failed, or how its process died.
 */
export type Share = <K extends PartKind>(
  kind: K,
  inputs: readonly PartInput<K>[],
  threads: number,
  report: (part: number, progress: ProgressReport) => void
) => Promise<PartOutput<K>[]>

export interface JobDefinition<K extends WorkKind> {
  readonly kind: K
  run(context: JobContext<K>): Promise<WorkOutput<K>>
}

/**
 * A job or a question is one object in one file of this folder, exported as `job` and listed in registry.ts. What its kind
 * needs of the machine, and how the queue treats it, says its row in the contract.
 */
export function defineJob<K extends WorkKind>(definition: JobDefinition<K>): JobDefinition<K> {
  return definition
}
