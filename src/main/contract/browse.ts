import { z } from 'zod'
import { textIfAny } from './text-or-none.ts'
import { exampleSchema, histogramSchema, queryExampleSchema, taskSummarySchema } from './data.ts'
import { rejectedLineSchema } from './import.ts'

/** What is asked about one dataset, and what comes back under the same `what`. */
export const browseQuestionSchema = z.discriminatedUnion('what', [
  z.object({ what: z.literal('tasks') }),
  z.object({
    what: z.literal('lengths'),
    /** The text whose lengths are counted. */
    field: z.enum(['input', 'output']),
    /** Only rows of this task; left out: all. */
    task: textIfAny
  }),
  z.object({
    what: z.literal('search'),
    /** Words that are searched for; empty: any row. */
    text: z.string(),
    /** Only rows of this task; left out: all. */
    task: textIfAny,
    /** Only rows of this group; left out: all. */
    group: textIfAny,
    /** How many rows at most. */
    limit: z.int(),
    /** Rows that are skipped, counted from 0. */
    offset: z.int()
  }),
  z.object({
    what: z.literal('example'),
    /** Number of the example, from 1. */
    id: z.int()
  }),
  z.object({ what: z.literal('rejected') }),
  /** `rounds` sets of `size` queries, no two of a set from one source item. */
  z.object({
    what: z.literal('sample'),
    /** How many queries a set has. */
    size: z.int(),
    /** How many sets. */
    rounds: z.int(),
    /** Seed of what is drawn at random. */
    seed: z.int()
  }),
  /** The query sets in a file. */
  z.object({
    what: z.literal('query-file'),
    /** Absolute path of the file. */
    file: z.string()
  }),
  /** For each set, how many of its queries are among the dataset's examples. */
  z.object({
    what: z.literal('contains'),
    /** The query sets. */
    sets: z.array(z.array(queryExampleSchema))
  })
])
export type BrowseQuestion = z.infer<typeof browseQuestionSchema>

export const browseAnswerSchema = z.discriminatedUnion('what', [
  z.object({
    what: z.literal('tasks'),
    /** The tasks, in order of name. */
    tasks: z.array(taskSummarySchema)
  }),
  z.object({
    what: z.literal('lengths'),
    /** Lengths in characters. */
    histogram: histogramSchema
  }),
  z.object({
    what: z.literal('search'),
    /** How many rows were found in all. */
    total: z.int(),
    /** The rows of this page. */
    examples: z.array(exampleSchema)
  }),
  z.object({
    what: z.literal('example'),
    /** The example. */
    example: exampleSchema
  }),
  z.object({
    what: z.literal('rejected'),
    /** Lines that could not be read. */
    rejected: z.array(rejectedLineSchema)
  }),
  z.object({
    what: z.literal('sample'),
    /** The query sets that were drawn. */
    sets: z.array(z.array(queryExampleSchema))
  }),
  z.object({
    what: z.literal('query-file'),
    /** The query sets in the file. */
    sets: z.array(
      z.object({
        /** How many queries the set has. */
        size: z.int(),
        /** Number of the set, from 0. */
        round: z.int(),
        /** The queries. */
        queries: z.array(queryExampleSchema)
      })
    )
  }),
  z.object({
    what: z.literal('contains'),
    /** How many queries of each set are among the examples. */
    counts: z.array(z.int())
  })
])
export type BrowseAnswer = z.infer<typeof browseAnswerSchema>
