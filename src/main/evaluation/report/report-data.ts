import type { RetrievalQuality } from '../../contract/retrieval-quality.ts'
import type { Column, Comparison } from '../../contract/comparison.ts'
import type { ExampleRow } from '../../contract/answers.ts'
import type { MetricName } from '../../contract/data.ts'
import type { ExperimentSpec } from '../../contract/experiments.ts'
import type { Identity, Run } from '../../contract/runs.ts'
import type { RunPlace } from '../columns.ts'
import type { HeatMap } from '../retrieved.ts'

/** Everything that an exported report shows. Plain data, gathered by whoever has the store. */
export interface ReportData {
  comparison: Comparison
  /** The experiments that the runs belong to, each with the command that runs it again. */
  experiments: readonly { id: string; name: string; spec: ExperimentSpec; command: string }[]
  /** What people call the things that the settings name by id. */
  names: ReadonlyMap<string, string>
  scores: readonly ScoreLine[]
  runs: readonly (Run & Pick<RunPlace, 'source'>)[]
  /** Hashes of what went in: datasets, targets, models. */
  identities: readonly Identity[]
  /** Where each strategy's examples came from. */
  retrieval: readonly { column: Column; heatMap: HeatMap }[]
  /** Jaccard overlap of two columns' retrieved sets, the mean over targets and rounds. */
  overlap: readonly { a: string; b: string; jaccard: number }[]
  /** How well the strategies retrieve by themselves; null where nobody asked for it. */
  quality: RetrievalQuality | null
  examples: readonly ShownExample[]
  madeAt: string
}

/** The test rows of a target, once, and what every run answered to them, in their order. */
export interface AnswerTable {
  targetId: string
  target: string
  rows: readonly { exampleId: number; sourceItem: number; input: string; references: readonly string[] }[]
  runs: readonly {
    runId: string
    column: string
    round: number
    seed: number
    outputs: readonly string[]
    /** 0…100 by metric; null where a row has no score of its own. */
    scores: Readonly<Record<string, readonly (number | null)[]>>
  }[]
}

/** One score of one run. */
export interface ScoreLine {
  targetId: string
  target: string
  column: string
  round: number
  seed: number
  metric: MetricName
  value: number
  examples: number
  runId: string
  seconds: number | null
}

/** A test row that a strategy fixed or broke against zero-shot, or answers otherwise where nobody knows what is right. */
export interface ShownExample {
  kind: 'fixed' | 'broken' | 'differs'
  target: string
  column: string
  against: string
  row: ExampleRow
}
