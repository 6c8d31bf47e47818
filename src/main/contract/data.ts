import { z } from 'zod'

/** Records about data: datasets, tasks, targets, query sets. Plain data, safe to send over any wire. */

export const exampleSchema = z.object({
  /** 1…n within its dataset, in the order of the source file. */
  id: z.int().positive(),
  input: z.string(),
  /** One or more right answers; the first is the label text. */
  outputs: z.array(z.string()).min(1),
  task: z.string(),
  template: z.string(),
  group: z.string(),
  /** Free text of the source, e.g. `task|split|template|#n`. */
  sourceId: z.string(),
  /** Rows that are prompt variants of one source item share this number. */
  sourceItem: z.int(),
  /** Answer choices where the task has them. */
  choices: z.array(z.string()).nullable()
})
export type Example = z.infer<typeof exampleSchema>

export const datasetKindSchema = z.enum(['upstream', 'target'])
export type DatasetKind = z.infer<typeof datasetKindSchema>

export const datasetSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: datasetKindSchema,
  /** SHA-256 over the examples in order: the identity of the content, whatever the file format was. */
  contentHash: z.string(),
  examples: z.int(),
  tasks: z.int(),
  groups: z.int(),
  duplicates: z.int(),
  rejected: z.int(),
  bytes: z.int(),
  source: z.string(),
  licence: z.string(),
  createdAt: z.iso.datetime()
})
export type Dataset = z.infer<typeof datasetSchema>

export const taskSummarySchema = z.object({
  task: z.string(),
  group: z.string(),
  examples: z.int(),
  templates: z.int(),
  /** Mean length in characters. */
  inputLength: z.number(),
  outputLength: z.number()
})
export type TaskSummary = z.infer<typeof taskSummarySchema>

export const metricNames = [
  'em',
  'soft-em',
  'accuracy',
  'qa-f1',
  'rouge-l',
  'bleu',
  'macro-f1',
  'matthews',
  'pearson'
] as const
export const metricSchema = z.enum(metricNames)
export type MetricName = z.infer<typeof metricSchema>

/** A target task: a dataset of kind `target` with what is needed to evaluate on it. */
export const targetSchema = z.object({
  id: z.string(),
  datasetId: z.string(),
  name: z.string(),
  testExamples: z.int(),
  /** Clusters of prompt variants among the test examples. */
  sourceItems: z.int(),
  metrics: z.array(metricSchema).min(1),
  /** How answers are found: free generation, or the likeliest of the answer choices. */
  answerBy: z.enum(['generation', 'choices']),
  createdAt: z.iso.datetime()
})
export type Target = z.infer<typeof targetSchema>

export const queryExampleSchema = z.object({
  input: z.string(),
  /** Labels, where the source has them; used only by the few-shot merge modes, never for retrieval. */
  outputs: z.array(z.string()),
  sourceId: z.string()
})
export type QueryExample = z.infer<typeof queryExampleSchema>

export const querySetSchema = z.object({
  id: z.string(),
  targetId: z.string(),
  size: z.int().positive(),
  round: z.int().nonnegative(),
  origin: z.enum(['imported', 'sampled']),
  seed: z.int().nullable(),
  /** Queries that are also among the target's test examples; shown wherever it matters. */
  inTest: z.int(),
  queries: z.array(queryExampleSchema)
})
export type QuerySet = z.infer<typeof querySetSchema>

/** How the columns of a table become examples; shown with ten rows as they will be understood before an import. */
export const columnMappingSchema = z.object({
  input: z.string(),
  output: z.string(),
  task: z.string().optional(),
  template: z.string().optional(),
  group: z.string().optional(),
  id: z.string().optional(),
  choices: z.string().optional(),
  /** Used where no task column is mapped. */
  taskName: z.string().optional()
})
export type ColumnMapping = z.infer<typeof columnMappingSchema>

export const importFormats = [
  'line-array',
  'recross-jsonl',
  'natural-instructions',
  'json',
  'jsonl',
  'csv',
  'tsv',
  'parquet',
  'lab'
] as const
export const importFormatSchema = z.enum(importFormats)
export type ImportFormat = z.infer<typeof importFormatSchema>

export const rejectedLineSchema = z.object({
  file: z.string(),
  line: z.int(),
  field: z.string(),
  expected: z.string(),
  text: z.string()
})
export type RejectedLine = z.infer<typeof rejectedLineSchema>

/** What a look at a file shows before it is imported. */
export const importPreviewSchema = z.object({
  format: importFormatSchema,
  columns: z.array(z.string()),
  mapping: columnMappingSchema.nullable(),
  rows: z.array(exampleSchema),
  problems: z.array(rejectedLineSchema),
  bytes: z.int(),
  estimatedExamples: z.int().nullable()
})
export type ImportPreview = z.infer<typeof importPreviewSchema>

export const histogramSchema = z.object({ edges: z.array(z.number()), counts: z.array(z.int()) })
export type Histogram = z.infer<typeof histogramSchema>
