import { z } from 'zod'

/** Records about data: datasets, tasks, targets, query sets. Plain data, safe to send over any wire. */

export const exampleSchema = z.object({
  /** Number within its dataset, in the order of the source file. At least 1. */
  id: z.int().positive(),
  /** The text that is put to a model. */
  input: z.string(),
  /** Right answers; the first is the label text. None in a target of questions only. */
  outputs: z.array(z.string()),
  /** Name of the task. */
  task: z.string(),
  /** Name of the prompt that the text was written with; empty: not known. */
  template: z.string(),
  /** Group of the task; empty: not known. */
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
  /** Names its folder as well. */
  id: z.string(),
  /** What the user calls it. */
  name: z.string(),
  /** Upstream data to learn from, or a target to test on. */
  kind: datasetKindSchema,
  /** SHA-256 over the examples in order: the identity of the content, whatever the file format was. */
  contentHash: z.string(),
  /** How many examples it has. */
  examples: z.int(),
  /** How many tasks. */
  tasks: z.int(),
  /** How many groups of tasks. */
  groups: z.int(),
  /** Rows of the source that were left out because they repeat another one: how many. */
  duplicates: z.int(),
  /** How many lines could not be read and were set aside. */
  rejected: z.int(),
  /** Size of the sealed file in bytes. */
  bytes: z.int(),
  /** Where it comes from, in words. */
  source: z.string(),
  /** Licence as its source names it, or unknown. */
  licence: z.string(),
  /** When it was taken in (UTC). */
  createdAt: z.iso.datetime()
})
export type Dataset = z.infer<typeof datasetSchema>

export const taskSummarySchema = z.object({
  /** Name of the task. */
  task: z.string(),
  /** Group of the task; empty: not known. */
  group: z.string(),
  /** How many examples it has. */
  examples: z.int(),
  /** How many different prompts its examples were written with. */
  templates: z.int(),
  /** Mean length in characters. */
  inputLength: z.number(),
  /** Mean length of the first right answer in characters. */
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
  /** Its id; names it everywhere. */
  id: z.string(),
  /** Id of its data set. */
  datasetId: z.string(),
  /** What the user calls it. */
  name: z.string(),
  /** How many rows can be tested: those of its data without what was drawn as queries. */
  testExamples: z.int(),
  /** Clusters of prompt variants among the test examples. */
  sourceItems: z.int(),
  /** How its answers are scored; the first is shown first. At least one. */
  metrics: z.array(metricSchema).min(1),
  /** How answers are found: free generation, or the likeliest of the answer choices. */
  answerBy: z.enum(['generation', 'choices']),
  /** When it was made (UTC). */
  createdAt: z.iso.datetime()
})
export type Target = z.infer<typeof targetSchema>

/** An upstream row that is a target's own, with the row that it is like. */
export const leakSchema = z.object({
  /** Number of the upstream example, from 1. */
  exampleId: z.int(),
  /** Number of the target's example, from 1. */
  targetExampleId: z.int(),
  /** The same text, or nearly the same. */
  kind: z.enum(['exact', 'near']),
  /** Share of the target row's own word sequences that the upstream row has, 0…1. */
  similarity: z.number()
})

export const queryExampleSchema = z.object({
  /** The question. */
  input: z.string(),
  /** Labels, where the source has them; used only by the few-shot merge modes, never for retrieval. */
  outputs: z.array(z.string()),
  /** Free text of the source that names the item; empty: not known. */
  sourceId: z.string()
})
export type QueryExample = z.infer<typeof queryExampleSchema>

export const querySetSchema = z.object({
  /** Its id. */
  id: z.string(),
  /** Id of the target that it belongs to. */
  targetId: z.string(),
  /** How many queries it has. At least 1. */
  size: z.int().positive(),
  /** Number among the sets of this size, from 0. 0 or more. */
  round: z.int().nonnegative(),
  /** Read from a file, or drawn from data. */
  origin: z.enum(['imported', 'sampled']),
  /** Seed that it was drawn with; null: it was read. */
  seed: z.int().nullable(),
  /** Queries that are also among the target's test examples; shown wherever it matters. */
  inTest: z.int(),
  /** The queries, in their order. */
  queries: z.array(queryExampleSchema)
})
export type QuerySet = z.infer<typeof querySetSchema>

export const histogramSchema = z.object({
  /** Edges of the bins, one more than there are counts. */
  edges: z.array(z.number()),
  /** How many texts fall into each bin. */
  counts: z.array(z.int())
})
export type Histogram = z.infer<typeof histogramSchema>
