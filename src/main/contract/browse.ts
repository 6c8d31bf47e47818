import { z } from 'zod'
import { exampleSchema, histogramSchema, queryExampleSchema, rejectedLineSchema, taskSummarySchema } from './data.ts'

/** What is asked about one dataset, and what comes back under the same `what`. */
export const browseQuestionSchema = z.discriminatedUnion('what', [
  z.object({ what: z.literal('tasks') }),
  z.object({ what: z.literal('lengths'), field: z.enum(['input', 'output']), task: z.string().optional() }),
  z.object({
    what: z.literal('search'),
    text: z.string(),
    task: z.string().optional(),
    group: z.string().optional(),
    limit: z.int(),
    offset: z.int()
  }),
  z.object({ what: z.literal('example'), id: z.int() }),
  z.object({ what: z.literal('rejected') }),
  /** `rounds` sets of `size` queries, no two of a set from one source item. */
  z.object({ what: z.literal('sample'), size: z.int(), rounds: z.int(), seed: z.int() }),
  /** The query sets in a file. */
  z.object({ what: z.literal('query-file'), file: z.string() }),
  /** For each set, how many of its queries are among the dataset's examples. */
  z.object({ what: z.literal('contains'), sets: z.array(z.array(queryExampleSchema)) })
])
export type BrowseQuestion = z.infer<typeof browseQuestionSchema>

export const browseAnswerSchema = z.discriminatedUnion('what', [
  z.object({ what: z.literal('tasks'), tasks: z.array(taskSummarySchema) }),
  z.object({ what: z.literal('lengths'), histogram: histogramSchema }),
  z.object({ what: z.literal('search'), total: z.int(), examples: z.array(exampleSchema) }),
  z.object({ what: z.literal('example'), example: exampleSchema }),
  z.object({ what: z.literal('rejected'), rejected: z.array(rejectedLineSchema) }),
  z.object({ what: z.literal('sample'), sets: z.array(z.array(queryExampleSchema)) }),
  z.object({
    what: z.literal('query-file'),
    sets: z.array(z.object({ size: z.int(), round: z.int(), queries: z.array(queryExampleSchema) }))
  }),
  z.object({ what: z.literal('contains'), counts: z.array(z.int()) })
])
export type BrowseAnswer = z.infer<typeof browseAnswerSchema>
