import { z } from 'zod'
import {
  breakdownSchema,
  comparisonSchema,
  exampleRowSchema,
  exportFormatSchema,
  heatMapBySchema,
  lineageSchema,
  subjectSchema
} from '../comparison.ts'
import { metricSchema } from '../data.ts'
import { retrievedExampleSchema } from '../experiments.ts'
import { route } from './route.ts'
import { qualitySettingsSchema, retrievalQualitySchema } from '../retrieval-quality.ts'
import { savedFileSchema } from '../saved-file.ts'
import { scoringRuleSchema } from '../scoring-rule.ts'

/** What the Compare screen asks. */
export const compareRoutes = {
  table: route
    .input(
      z
        .object({
          metric: metricSchema.optional(),
          /** Judges the kept answers in place of a metric. */
          rule: scoringRuleSchema.optional()
        })
        .and(subjectSchema)
    )
    .output(comparisonSchema),
  breakdown: route
    .input(z.object({ targetId: z.string(), rule: scoringRuleSchema.optional() }).and(subjectSchema))
    .output(z.array(breakdownSchema)),
  examples: route
    .input(
      z
        .object({
          targetId: z.string(),
          round: z.int(),
          metric: metricSchema.optional(),
          /** fixed: wrong in `against`, right in `column`; broken: the other way round. */
          filter: z.enum(['all', 'fixed', 'broken', 'all-wrong', 'all-right', 'differ']).default('all'),
          column: z.string(),
          against: z.string(),
          text: z.string().default(''),
          limit: z.int().min(1).max(500).default(100),
          offset: z.int().min(0).default(0)
        })
        .and(subjectSchema)
    )
    .output(z.object({ total: z.int(), counts: z.record(z.string(), z.int()), rows: z.array(exampleRowSchema) })),
  lineage: route.input(z.object({ runId: z.string(), targetId: z.string(), exampleId: z.int() })).output(lineageSchema),
  /** What each strategy retrieved for a target: counts by task and group, and the overlap between strategies. */
  retrieved: route.input(z.object({ targetId: z.string(), round: z.int() }).and(subjectSchema)).output(
    z.object({
      columns: z.array(
        z.object({
          column: z.string(),
          runId: z.string(),
          total: z.int(),
          tasks: z.array(z.object({ task: z.string(), group: z.string(), count: z.int() })),
          top: z.array(
            retrievedExampleSchema.extend({
              input: z.string(),
              outputs: z.array(z.string()),
              queryText: z.string().nullable()
            })
          )
        })
      ),
      /** Jaccard overlap of what two columns retrieved, 0…1. */
      overlap: z.array(z.object({ a: z.string(), b: z.string(), shared: z.int(), jaccard: z.number() }))
    })
  ),
  /** Group or task × target: share of retrieved examples from each, over all rounds of a column. A target's shares sum to 1. */
  heatMap: route
    .input(z.object({ column: z.string(), by: heatMapBySchema.default('group') }).and(subjectSchema))
    .output(
      z.object({
        /** Groups by name; tasks by group, then by name. */
        rows: z.array(z.string()),
        targets: z.array(z.object({ id: z.string(), name: z.string() })),
        share: z.array(z.array(z.number()))
      })
    ),
  /** Recall, MRR and NDCG of the strategies by task or group, with upstream examples as queries, in the indices that they search. */
  quality: route.input(qualitySettingsSchema.and(subjectSchema)).output(retrievalQualitySchema),
  settings: route
    .input(z.object({ experimentIds: z.array(z.string()).min(1) }))
    .output(
      z.array(z.object({ path: z.string(), label: z.string(), values: z.array(z.string()), differs: z.boolean() }))
    ),
  export: route
    .input(
      z
        .object({
          format: exportFormatSchema,
          metric: metricSchema.optional(),
          /** The report also measures how well the strategies retrieve, which takes a while. */
          quality: z.boolean().default(false)
        })
        .and(subjectSchema)
    )
    .output(savedFileSchema)
}
