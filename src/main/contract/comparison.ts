import { z } from 'zod'
import { metricSchema } from './data.ts'
import { predictionSchema, retrievedExampleSchema, strategySchema, variedSchema } from './experiments.ts'

/** What the Compare screen, the command line and the reports show of an experiment. Differences are in points (0…100). */

const summarySchema = z.object({
  mean: z.number(),
  sd: z.number(),
  median: z.number(),
  min: z.number(),
  max: z.number(),
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
  z.object({ experimentId: z.string() }),
  z.object({
    picks: z.array(z.object({ experimentId: z.string(), runIds: z.array(z.string()).min(1).max(1000) })).min(1)
  })
])
export type Subject = z.infer<typeof subjectSchema>

/** A column of the comparison: a strategy, or a strategy without one group. */
export const columnSchema = z.object({
  key: z.string(),
  label: z.string(),
  strategy: strategySchema,
  ablatedGroup: z.string().nullable(),
  /** The values of a sweep that its runs had, with what they are called where that is another name; empty: none of their own. */
  variant: z.array(variedSchema.extend({ label: z.string().optional() })).default([]),
  /** The experiment whose runs the column shows, where runs of several are compared. */
  source: z.object({ id: z.string(), name: z.string(), modelId: z.string() }).nullable(),
  /** Key of the zero-shot column that it is measured against; null for zero-shot itself and where there is none. */
  baseline: z.string().nullable()
})
export type Column = z.infer<typeof columnSchema>

const cellSchema = z.object({
  targetId: z.string().nullable(),
  column: z.string(),
  summary: summarySchema.nullable(),
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
  targetId: z.string().nullable(),
  column: z.string(),
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
  /** Of this test alone. */
  p: z.number(),
  /** Corrected over the family. */
  pCorrected: z.number(),
  /** Tests in the family. */
  comparisons: z.int(),
  /** The smallest true difference that would have been found with 80 % power, in points; null: none could be. */
  detectable: z.number().nullable(),
  rounds: z.int(),
  rows: z.int(),
  sourceItems: z.int(),
  verdict: verdictSchema,
  sentence: z.string()
})
export type ComparisonTest = z.infer<typeof testSchema>

/** Why a result may be as it is, and what to do about it. */
const diagnosisSchema = z.object({
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
  targetId: z.string().nullable(),
  sentence: z.string(),
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
  column: z.string().nullable(),
  sentence: z.string()
})
export type Headline = z.infer<typeof headlineSchema>

export const comparisonSchema = z.object({
  subject: subjectSchema,
  name: z.string(),
  metric: metricSchema,
  metrics: z.array(metricSchema),
  columns: z.array(columnSchema),
  targets: z.array(z.object({ id: z.string(), name: z.string(), rows: z.int(), sourceItems: z.int() })),
  cells: z.array(cellSchema),
  /** Overall mean, median, min and max of the rounds, per column: cells with targetId null. */
  tests: z.array(testSchema),
  /** The averages once more with the targets as a sample: do they hold for tasks like these? From three targets on. */
  otherTargets: z.array(testSchema),
  headline: headlineSchema,
  warnings: z.array(z.string()),
  diagnoses: z.array(diagnosisSchema),
  /** Query sets of the compared runs, counted from the first. */
  rounds: z.int().min(1),
  /** Score against time of every run. */
  points: z.array(
    z.object({
      runId: z.string(),
      column: z.string(),
      round: z.int(),
      targetId: z.string(),
      score: z.number(),
      seconds: z.number()
    })
  )
})
export type Comparison = z.infer<typeof comparisonSchema>

/** Whether there are answers but no score anywhere, because nobody knows the right ones. */
export function isUnscored({ columns, cells }: Pick<Comparison, 'columns' | 'cells'>): boolean {
  return columns.length > 0 && cells.every(({ summary }) => summary === null)
}

/** One test example with every column's answer in one round. */
export const exampleRowSchema = z.object({
  exampleId: z.int(),
  input: z.string(),
  references: z.array(z.string()),
  sourceItem: z.int(),
  /** Scores are null where the question has no right answer. */
  answers: z.record(z.string(), z.object({ output: z.string(), score: z.number().nullable(), runId: z.string() }))
})
export type ExampleRow = z.infer<typeof exampleRowSchema>

export const lineageSchema = z.object({
  prediction: predictionSchema,
  strategy: strategySchema,
  retrieved: z.array(
    retrievedExampleSchema.extend({ input: z.string(), outputs: z.array(z.string()), queryText: z.string().nullable() })
  ),
  tasks: z.array(z.object({ task: z.string(), group: z.string(), count: z.int() }))
})
export type Lineage = z.infer<typeof lineageSchema>

export const heatMapBySchema = z.enum(['group', 'task'])
export type HeatMapBy = z.infer<typeof heatMapBySchema>

/** The answers of one strategy to a target, taken apart; see evaluation/breakdown.ts. Scores are shares of right answers, 0…100. */
export const breakdownSchema = z.object({
  column: z.string(),
  label: z.string(),
  labels: z.array(z.string()).nullable(),
  /** By right answer, then by answer. */
  confusion: z.array(z.array(z.int())),
  perLabel: z.array(
    z.object({
      label: z.string(),
      rows: z.int(),
      precision: z.number().nullable(),
      recall: z.number().nullable(),
      f1: z.number()
    })
  ),
  lengths: z.array(z.object({ from: z.int(), to: z.int(), rows: z.int(), score: z.number() })),
  templates: z.array(z.object({ template: z.string(), rows: z.int(), score: z.number() }))
})
export type AnswerBreakdown = z.infer<typeof breakdownSchema>
