import { z } from 'zod'
import { textIfAny, textOrNone } from './text-or-none.ts'
import { metricSchema } from './data.ts'
import { strategySchema, variedSchema } from './experiments.ts'
import { strategyNames } from './strategies.ts'

/** What the Compare screen, the command line and the reports show of an experiment. Differences are in points (0…100). */

const summarySchema = z.object({
  /** Mean over the rounds, in points. */
  mean: z.number(),
  /** Standard deviation between the rounds, in points. */
  sd: z.number(),
  /** Median of the rounds, in points. */
  median: z.number(),
  /** Lowest round, in points. */
  min: z.number(),
  /** Highest round, in points. */
  max: z.number(),
  /** How many rounds were scored. */
  rounds: z.int()
})
export type Summary = z.infer<typeof summarySchema>

/**
 * csv: scores. tests, answers: tests and every answer, as CSV and JSON lines. answers-xlsx: the answers side by side. xlsx: scores, tests and answers in one workbook. json: everything.
 * curves: what runs reported at each step, as CSV; tensorboard, mlflow: the same as their programs read it, as a zip.
 */
export const exportFormatSchema = z.enum([
  'csv',
  'tests',
  'tests-jsonl',
  'answers',
  'answers-jsonl',
  'answers-xlsx',
  'xlsx',
  'json',
  'latex',
  'html',
  'curves',
  'tensorboard',
  'mlflow'
])
export type ExportFormat = z.infer<typeof exportFormatSchema>

/** What is compared: a whole experiment, or runs picked from any experiments. */
export const subjectSchema = z.union([
  z.object({
    /** Id of the experiment. */
    experimentId: z.string()
  }),
  z.object({
    /** The runs, by experiment. At least one. */
    picks: z
      .array(
        z.object({
          /** Id of the experiment. */
          experimentId: z.string(),
          /** Ids of its runs that are compared. 1 to 1,000. */
          runIds: z.array(z.string()).min(1).max(1000)
        })
      )
      .min(1)
  })
])
export type Subject = z.infer<typeof subjectSchema>

/** A column of the comparison: a strategy, or a strategy without one group. */
export const columnSchema = z.object({
  /** Names the column within this comparison. */
  key: z.string(),
  /** What the column is called. */
  label: z.string(),
  /** The strategy that it shows. */
  strategy: strategySchema,
  /** The group that was left out of the upstream data; null: none. */
  ablatedGroup: textOrNone,
  /** The values of a sweep that its runs had, with what they are called where that is another name; empty: none of their own. */
  variant: z
    .array(
      variedSchema.extend({
        /** What the value is called, where that is another name than the value. */
        label: textIfAny
      })
    )
    .default([]),
  /** The experiment whose runs the column shows, where runs of several are compared. */
  source: z
    .object({
      /** Id of the experiment. */
      id: z.string(),
      /** Name of the experiment. */
      name: z.string(),
      /** Id of its base model. */
      modelId: z.string()
    })
    .nullable(),
  /** Key of the zero-shot column that it is measured against; null for zero-shot itself and where there is none. */
  baseline: textOrNone
})
export type Column = z.infer<typeof columnSchema>

/** Columns as they stand everywhere: strategies as in their table, each followed by its ablations, those of several experiments by name. */
export function inColumnOrder<C extends Pick<Column, 'strategy' | 'ablatedGroup' | 'source'>>(
  columns: readonly C[]
): C[] {
  return columns.toSorted(
    (a, b) =>
      strategyNames.indexOf(a.strategy) - strategyNames.indexOf(b.strategy) ||
      (a.ablatedGroup ?? '').localeCompare(b.ablatedGroup ?? '') ||
      (a.source?.name ?? '').localeCompare(b.source?.name ?? '')
  )
}

const cellSchema = z.object({
  /** Id of the target; null: the mean over all targets. */
  targetId: textOrNone,
  /** Key of the column. */
  column: z.string(),
  /** The scores of the column's rounds; null: nothing was scored. */
  summary: summarySchema.nullable(),
  /** Mean minus the mean of the zero-shot column, in points; null: there is none. */
  deltaToZeroShot: z.number().nullable(),
  /** Below the untuned model, beyond chance. */
  tuningHurt: z.boolean(),
  /** Better than every other column that was tested on the same, beyond chance. */
  best: z.boolean()
})
export type Cell = z.infer<typeof cellSchema>

/**
 * better, worse: beyond chance. equivalent: the whole interval lies within ±2 points. no-evidence: neither; a difference of
 * `detectable` points would probably have been found.
 */
const verdictSchema = z.enum(['better', 'worse', 'equivalent', 'no-evidence'])
export type Verdict = z.infer<typeof verdictSchema>

/**
 * A paired test between two columns: source items and query sets are crossed random effects, and all tests of a family are
 * corrected together (docs/methods.md). targetId null: the mean over the targets.
 */
const testSchema = z.object({
  /** Id of the target; null: the mean over all targets. */
  targetId: textOrNone,
  /** Key of the column that is tested. */
  column: z.string(),
  /** Key of the column that it is compared with. */
  against: z.string(),
  /** Named before the start; planned comparisons are a family of their own. */
  planned: z.boolean(),
  /**
   * What the claim covers. any-query-sets: the strategy, with query sets like these. these-query-sets: only those that were
   * drawn, since fewer than three say nothing about others. no-query-sets: neither column uses any.
   */
  scope: z.enum(['any-query-sets', 'these-query-sets', 'no-query-sets']),
  /** column − against, in points. */
  difference: z.number(),
  /** 95 %, simultaneous over the family: it excludes 0 exactly where the verdict is better or worse. */
  interval: z.tuple([z.number(), z.number()]),
  /** p-value of this test alone, 0…1. */
  p: z.number(),
  /** p-value, corrected over the family, 0…1. */
  pCorrected: z.number(),
  /** Tests in the family: how many. */
  comparisons: z.int(),
  /** The smallest true difference that would have been found with 80 % power, in points; null: none could be. */
  detectable: z.number().nullable(),
  /** Rounds that both columns have; how many. */
  rounds: z.int(),
  /** How many rows were answered by both. */
  rows: z.int(),
  /** How many source items these rows come from. */
  sourceItems: z.int(),
  /** What the test says. */
  verdict: verdictSchema,
  /** The same in a sentence. */
  sentence: z.string()
})
export type ComparisonTest = z.infer<typeof testSchema>

/** Why a result may be as it is, and what to do about it. */
const diagnosisSchema = z.object({
  /** What was noticed. */
  kind: z.enum([
    'loss-flat',
    'loss-rose',
    'floor',
    'ceiling',
    'same-retrieved',
    'same-answers',
    'format',
    'one-label',
    'common-answer',
    'outlier',
    'queries-in-test'
  ]),
  /** Null: it is about the whole experiment. */
  targetId: textOrNone,
  /** What was noticed, in a sentence. */
  sentence: z.string(),
  /** What to do about it, in a sentence. */
  next: z.string(),
  /** Where to go for that: the answers, what was retrieved, the target's query sets, or another experiment. */
  action: z.enum(['examples', 'retrieved', 'query-sets', 'new-experiment'])
})
export type Diagnosis = z.infer<typeof diagnosisSchema>

/** What the comparison says in one sentence, in every state that an experiment can be in. */
const headlineSchema = z.object({
  /** waiting: runs are still to come. nothing: no two columns to compare. best, better, worse, equivalent, open: what tests say. */
  kind: z.enum(['waiting', 'failed', 'nothing', 'best', 'better', 'worse', 'equivalent', 'open']),
  /** The column that it is about, where it is about one. */
  column: textOrNone,
  /** What is said. */
  sentence: z.string()
})
export type Headline = z.infer<typeof headlineSchema>

export const comparisonSchema = z.object({
  /** What is compared. */
  subject: subjectSchema,
  /** Name of the experiment, or of the selection. */
  name: z.string(),
  /** The metric that is shown and tested. */
  metric: metricSchema,
  /** The metrics that can be shown. */
  metrics: z.array(metricSchema),
  /** The columns, in the order in which they are shown. */
  columns: z.array(columnSchema),
  /** The targets, in the order in which they are shown. */
  targets: z.array(
    z.object({
      /** Id of the target. */
      id: z.string(),
      /** Name of the target. */
      name: z.string(),
      /** How many rows were tested. */
      rows: z.int(),
      /** How many source items these rows come from. */
      sourceItems: z.int()
    })
  ),
  /** A cell for each column and target, and one for each column over all targets. */
  cells: z.array(cellSchema),
  /** Overall mean, median, min and max of the rounds, per column: cells with targetId null. */
  tests: z.array(testSchema),
  /** The averages once more with the targets as a sample: do they hold for tasks like these? From three targets on. */
  otherTargets: z.array(testSchema),
  /** What the comparison says in one sentence. */
  headline: headlineSchema,
  /** What one should know before believing it, in sentences. */
  warnings: z.array(z.string()),
  /** What was noticed in the answers. */
  diagnoses: z.array(diagnosisSchema),
  /** Query sets of the compared runs, counted from the first. At least 1. */
  rounds: z.int().min(1),
  /** Score against time of every run. */
  points: z.array(
    z.object({
      /** Id of the run. */
      runId: z.string(),
      /** Key of the column. */
      column: z.string(),
      /** Query set of the run, from 0. */
      round: z.int(),
      /** Id of the target. */
      targetId: z.string(),
      /** Score of the run on the target, in points. */
      score: z.number(),
      /** How long the run took, in seconds. */
      seconds: z.number()
    })
  )
})
export type Comparison = z.infer<typeof comparisonSchema>

/** Whether there are answers but no score anywhere, because nobody knows the right ones. */
export function isUnscored({ columns, cells }: Pick<Comparison, 'columns' | 'cells'>): boolean {
  return columns.length > 0 && cells.every(({ summary }) => summary === null)
}
