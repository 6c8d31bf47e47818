import { z } from 'zod'

/** Records about data: datasets, tasks, targets, query sets. Plain data, safe to send over any wire. */

export const exampleSchema = z.object({
  /** 1…n within its dataset, in the order of the source file. */
  id: z.int().positive(),
  input: z.string(),
  /** Right answers; the first is the label text. None in a target of questions only. */
  outputs: z.array(z.string()),
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

/**
 * Prompts that are put over each row: one template of Jinja's language, input and answer with `|||` between, or the
 * templates.yaml of PromptSource.
 */
const promptTemplatesSchema = z.object({
  source: z.string().min(1).max(2_000_000),
  /** So many different ones over each row, drawn by the seed; null: all. */
  perRow: z.int().min(1).nullable().default(null),
  seed: z.int().min(0).default(42)
})
export type PromptTemplates = z.infer<typeof promptTemplatesSchema>

/**
 * How the columns of a table become examples; shown with ten rows as they will be understood before an import. A column
 * is a name, a path into nested values (`answers.text`, `messages[-1].content`) or a pattern with several of them in
 * braces (`{premise}\nQuestion: {hypothesis}`).
 */
export const columnMappingSchema = z.object({
  input: z.string(),
  /** Empty where there are no answers: questions only. */
  output: z.string(),
  task: z.string().optional(),
  template: z.string().optional(),
  group: z.string().optional(),
  id: z.string().optional(),
  /** A column with a list, or one pattern for each choice with ` ||| ` between them: `{sol1} ||| {sol2}`. */
  choices: z.string().optional(),
  /** Names of the choices, where the answer is one of them: `choices.label` beside A, B, C. */
  choiceNames: z.string().optional(),
  /** What stands in the answer's column: the text itself, the place of a choice from 0 or 1, or its letter or name. */
  answer: z.enum(['text', 'index', 'number', 'letter']).optional(),
  /** Words for label numbers, by the text of the column: `{"0": "no", "1": "yes"}`. */
  labels: z.record(z.string(), z.string()).optional(),
  /** Used where no task column is mapped. */
  taskName: z.string().optional(),
  /** Prompts instead of columns for input and answer, which are then empty. */
  templates: promptTemplatesSchema.optional()
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
  'xlsx',
  'text',
  'parquet',
  'lab'
] as const
export const importFormatSchema = z.enum(importFormats)
export type ImportFormat = z.infer<typeof importFormatSchema>

export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'latin-1'] as const
export type Encoding = (typeof encodings)[number]

/** How a file is taken apart. What is not given is told from the file; a preview says what was told. */
export const readingSchema = z.object({
  encoding: z.enum(encodings).optional(),
  /** Tables: one ASCII character between two fields. */
  delimiter: z
    .string()
    .regex(/^[\t -~]$/)
    .optional(),
  /** Tables: the character around fields that hold delimiters; empty: quotes are plain text. */
  quote: z.enum(['"', "'", '']).optional(),
  /** Tables: the character that takes away the meaning of the next one; empty: none, a quote in quotes is doubled. */
  escape: z.enum(['\\', '']).optional(),
  /** Tables: whether the first row names the columns. */
  header: z.boolean().optional(),
  /** Excel: the name of the sheet. */
  sheet: z.string().optional(),
  /** JSON with several lists of records: the name of the one to read; `*`: all. */
  part: z.string().optional()
})
export type Reading = z.infer<typeof readingSchema>

export const rejectedLineSchema = z.object({
  file: z.string(),
  line: z.int(),
  field: z.string(),
  expected: z.string(),
  text: z.string()
})
export type RejectedLine = z.infer<typeof rejectedLineSchema>

/** What the card of a repository on the hub says about it. */
export const hubCardSchema = z.object({
  title: z.string().nullable(),
  licence: z.string().nullable(),
  languages: z.array(z.string()),
  /** The beginning of its prose. */
  text: z.string()
})
export type HubCard = z.infer<typeof hubCardSchema>

/** By column: words for its label numbers. */
export const columnLabelsSchema = z.record(z.string(), z.record(z.string(), z.string()))

/** A change of what was entered that mends a finding. */
const remedySchema = z.object({
  label: z.string(),
  format: importFormatSchema.optional(),
  reading: readingSchema.optional(),
  mapping: columnMappingSchema.optional(),
  /** Bad lines to set aside. */
  skipLimit: z.int().optional(),
  kind: datasetKindSchema.optional()
})
export type Remedy = z.infer<typeof remedySchema>

/** Something that a look at a file has found, with what can be done about it. */
const findingSchema = z.object({
  code: z.string(),
  /** stop: the import would fail; ask: it goes on only where the user says so; note: good to know. */
  level: z.enum(['stop', 'ask', 'note']),
  message: z.string(),
  remedies: z.array(remedySchema)
})
export type Finding = z.infer<typeof findingSchema>

/** What a look at a file shows before it is imported. */
export const importPreviewSchema = z.object({
  format: importFormatSchema,
  /** As it was given or told from the file. */
  reading: readingSchema,
  columns: z.array(z.string()),
  /** The known layout that the columns have, such as SQuAD; null: none, or the user's own mapping. */
  layout: z.string().nullable(),
  mapping: columnMappingSchema.nullable(),
  rows: z.array(exampleSchema),
  problems: z.array(rejectedLineSchema),
  findings: z.array(findingSchema),
  /** Sheets of a workbook, or lists of a JSON file, to choose from. */
  parts: z.array(z.string()),
  bytes: z.int(),
  estimatedExamples: z.int().nullable()
})
export type ImportPreview = z.infer<typeof importPreviewSchema>

export const histogramSchema = z.object({ edges: z.array(z.number()), counts: z.array(z.int()) })
export type Histogram = z.infer<typeof histogramSchema>
