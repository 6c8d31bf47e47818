import { z } from 'zod'
import { heatMapBySchema } from './comparison.ts'
import { strategySchema } from './experiments.ts'
import { rerankSettingsSchema } from './run-settings.ts'

/** How good retrieval is by itself, over upstream examples as queries whose task and group are known. */

/** All 0…1; evaluation/neighbour-quality.ts says what they are. `chance`: the recall of a random order. */
const figures = z.object({ recall: z.number(), mrr: z.number(), ndcg: z.number(), chance: z.number() })

/** What is asked, and how deep. */
export const qualitySettingsSchema = z.object({
  /** What counts as right: an example of the same task, or of the same group of tasks. */
  by: heatMapBySchema.default('task'),
  /** Places that count. */
  k: z.int().min(1).max(200).default(10),
  /** Queries of every task or group. */
  perName: z.int().min(1).max(200).default(10)
})

/** How a strategy with several stages scores its candidates anew. */
export const qualityStagesSchema = rerankSettingsSchema.prefault({})

export const measuredQualitySchema = z.object({
  by: heatMapBySchema,
  k: z.int(),
  /** One per task or group. */
  rows: z.array(figures.extend({ name: z.string(), queries: z.int() })),
  /** Over the rows: every task counts the same. */
  mean: figures,
  sd: figures,
  seconds: z.number()
})
export type MeasuredQuality = z.infer<typeof measuredQualitySchema>

/** Of the strategies of a comparison that look at queries. */
export const retrievalQualitySchema = z.object({
  by: heatMapBySchema,
  k: z.int(),
  columns: z.array(
    z.object({
      column: z.string(),
      label: z.string(),
      strategy: strategySchema,
      /** Null where it could not be measured; `problem` then says why. */
      measured: measuredQualitySchema.nullable(),
      problem: z.string().nullable()
    })
  )
})
export type RetrievalQuality = z.infer<typeof retrievalQualitySchema>
