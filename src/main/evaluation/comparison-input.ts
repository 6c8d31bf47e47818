import type { Subject } from '../contract/comparison.ts'
import type { MetricName } from '../contract/data.ts'
import type { StrategyName } from '../contract/strategies.ts'
import type { RunPlace } from './columns.ts'

/** The test rows of one target, which all runs answered in the same order. */
export interface TargetRows {
  id: string
  name: string
  references: readonly (readonly string[])[]
  /** Source item of every row. */
  sourceItems: readonly number[]
  /** The questions themselves, where they are known. */
  inputs?: readonly string[]
}

/** Mean losses over tenths of the steps: the first, the lowest, the last. */
export interface TuningLoss {
  start: number
  least: number
  end: number
}

/** What one run answered. Zero-shot has one run, which stands for every round. */
export interface RunAnswers extends RunPlace {
  runId: string
  round: number
  /** Fingerprint of its weights; null or missing where it is not known. */
  tuning?: string | null
  /** Wall time of the whole run; null where it is unknown. */
  seconds: number | null
  /** Outputs by target, in the order of the target's rows. */
  outputs: ReadonlyMap<string, readonly string[]>
  /** Ids of the upstream examples that it was tuned on; none where it was not, or where they are not known. */
  retrieved: readonly number[]
  /** What it retrieved for, where it used queries. */
  queries?: readonly string[]
  /** The loss while it was tuned, smoothed; null where it was not, or where the curve is gone. */
  loss: TuningLoss | null
}

/** A comparison that was named before the start of its experiment. */
export interface Planned {
  sourceId: string
  strategy: StrategyName
  against: StrategyName
}

/** Runs of the compared experiments that have no answers yet. */
export interface MissingRuns {
  /** Still to come. */
  open: number
  failed: number
}

export interface ComparisonInput {
  subject: Subject
  name: string
  metric: MetricName
  metrics: readonly MetricName[]
  targets: readonly TargetRows[]
  runs: readonly RunAnswers[]
  planned?: readonly Planned[]
  missing?: MissingRuns
  /** What is drawn is seeded by it: the same answers always give the same p-values. */
  seed?: number
}
