import { z } from 'zod'
import { textOrNone } from './text-or-none.ts'
import { metricSchema } from './data.ts'
import { strategySchema } from './experiments.ts'
import { predictionSchema, retrievedExampleSchema } from './runs.ts'

/** Answers that were computed elsewhere, and what was retrieved for them: taken in as runs, to be compared with the lab's own. */

/** One run of another program: where its answers lie, and what they are. */
export const foreignFileSchema = z.object({
  /** Absolute path of its answers to the target. Not empty. */
  path: z.string().min(1),
  /** The strategy that it stands for. */
  strategy: strategySchema,
  /** Which query set it was tuned for, from 0; of runs that were not tuned only 0. 0 to 99. */
  round: z.int().min(0).max(99).default(0),
  /** Absolute path of the upstream rows that it was tuned on; null: not known. Not empty. */
  retrieved: z.string().min(1).nullable().default(null)
})
export type ForeignFile = z.infer<typeof foreignFileSchema>

export const foreignRequestSchema = z.object({
  /** What the experiment is to be called. Not empty, at most 200 characters. */
  name: z.string().trim().min(1).max(200),
  /** Id of the target that was answered. */
  targetId: z.string(),
  /** What answered, in the user's words, such as "BART0, original code". Not empty, at most 200 characters. */
  model: z.string().trim().min(1).max(200),
  /** The upstream data that the retrieved rows are looked for in; null: no rows are taken in. */
  datasetId: textOrNone.default(null),
  /**
   * How many test rows count, chosen as the lab's own experiments choose them, so that they can be compared with one that tested so
   * many; null: every row of the target. At least 1.
   */
  testExamples: z.int().min(1).nullable().default(null),
  /** The runs, a file of answers each. 1 to 500. */
  files: z.array(foreignFileSchema).min(1).max(500)
})
export type ForeignRequest = z.infer<typeof foreignRequestSchema>

/** What a worker reads of the files, one entry per file, in their order. */
export const foreignAnswersSchema = z.array(
  z.object({
    /** The target's rows with what was answered to them. */
    predictions: z.array(predictionSchema),
    /** By metric of the target, 0…100 (correlations −100…100); those that are undefined on these rows are missing. */
    scores: z.array(
      z.object({
        /** The metric. */
        metric: metricSchema,
        /** Score in points. */
        value: z.number()
      })
    ),
    /** What it was tuned on, as rows of the upstream data; null: not known. */
    retrieved: z
      .array(
        retrievedExampleSchema.extend({
          /** Text of the example. */
          input: z.string(),
          /** Right answers of the example; the first is the label. */
          outputs: z.array(z.string())
        })
      )
      .nullable()
  })
)
export type ForeignAnswers = z.infer<typeof foreignAnswersSchema>
