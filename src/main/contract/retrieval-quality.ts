import { z } from 'zod'
import { textOrNone } from './text-or-none.ts'
import { heatMapBySchema } from './answers.ts'
import { strategySchema } from './experiments.ts'
import { rerankSettingsSchema } from './run-settings.ts'

/** How good retrieval is by itself, over upstream examples as queries whose task and group are known. */

/** All 0…1; evaluation/neighbour-quality.ts says what they are. `chance`: the recall of a random order. */
const figures = z.object({
  /** Share of the right examples among the first places, 0…1. */
  recall: z.number(),
  /** Mean of one over the place of the first right example, 0…1. */
  mrr: z.number(),
  /** Normalised discounted cumulative gain, 0…1. */
  ndcg: z.number(),
  /** Recall of a random order, 0…1. */
  chance: z.number()
})

/** What is asked, and how deep. */
export const qualitySettingsSchema = z.object({
  /** What counts as right: an example of the same task, or of the same group of tasks. */
  by: heatMapBySchema.default('task'),
  /** Places that count. 1 to 200. */
  k: z.int().min(1).max(200).default(10),
  /** Queries of every task or group. 1 to 200. */
  perName: z.int().min(1).max(200).default(10)
})

/** How a strategy with several stages scores its candidates anew. */
export const qualityStagesSchema = rerankSettingsSchema.prefault({})

export const measuredQualitySchema = z.object({
  /** What counts as right. */
  by: heatMapBySchema,
  /** How many places count. */
  k: z.int(),
  /** One per task or group. */
  rows: z.array(
    figures.extend({
      /** Name of the task or group. */
      name: z.string(),
      /** How many queries asked. */
      queries: z.int()
    })
  ),
  /** Over the rows: every task counts the same. */
  mean: figures,
  /** Standard deviation over the rows, 0…1. */
  sd: figures,
  /** How long it took, in seconds. */
  seconds: z.number()
})
export type MeasuredQuality = z.infer<typeof measuredQualitySchema>

/** Of the strategies of a comparison that look at queries. */
export const retrievalQualitySchema = z.object({
  /** What counts as right. */
  by: heatMapBySchema,
  /** How many places count. */
  k: z.int(),
  /** What was measured, by column. */
  columns: z.array(
    z.object({
      /** Key of the comparison's column. */
      column: z.string(),
      /** What the column is called. */
      label: z.string(),
      /** The strategy of the column. */
      strategy: strategySchema,
      /** Null where it could not be measured; `problem` then says why. */
      measured: measuredQualitySchema.nullable(),
      /** Why it could not be measured; null: it was. */
      problem: textOrNone
    })
  )
})
export type RetrievalQuality = z.infer<typeof retrievalQualitySchema>
