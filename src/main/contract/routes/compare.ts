import { z } from 'zod'
import { comparisonSchema, exportFormatSchema, subjectSchema } from '../comparison.ts'
import { breakdownSchema, exampleRowSchema, heatMapBySchema, lineageSchema } from '../answers.ts'
import { metricSchema } from '../data.ts'
import { shownExampleSchema } from '../runs.ts'
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
          /** The metric that is shown and tested; left out: the first. */
          metric: metricSchema.optional(),
          /** Judges the kept answers in place of a metric. */
          rule: scoringRuleSchema.optional()
        })
        .and(subjectSchema)
    )
    .output(comparisonSchema),
  breakdown: route
    .input(
      z
        .object({
          /** Id of the target. */
          targetId: z.string(),
          /** Judges the answers in place of equality with a right one. */
          rule: scoringRuleSchema.optional()
        })
        .and(subjectSchema)
    )
    .output(z.array(breakdownSchema)),
  examples: route
    .input(
      z
        .object({
          /** Id of the target. */
          targetId: z.string(),
          /** Query set, counted from 0. */
          round: z.int(),
          /** The metric that scores the answers; left out: the target's first. */
          metric: metricSchema.optional(),
          /** fixed: wrong in `against`, right in `column`; broken: the other way round. */
          filter: z.enum(['all', 'fixed', 'broken', 'all-wrong', 'all-right', 'differ']).default('all'),
          /** Key of the column that is looked at. */
          column: z.string(),
          /** Key of the column that it is compared with. */
          against: z.string(),
          /** Only rows that hold these words; empty: all. */
          text: z.string().default(''),
          /** How many rows at most. 1 to 500. */
          limit: z.int().min(1).max(500).default(100),
          /** Rows that are skipped, counted from 0. 0 or more. */
          offset: z.int().min(0).default(0)
        })
        .and(subjectSchema)
    )
    .output(
      z.object({
        /** How many rows were found in all. */
        total: z.int(),
        /** How many rows each filter finds, by its name. */
        counts: z.record(z.string(), z.int()),
        /** The rows of this page. */
        rows: z.array(exampleRowSchema)
      })
    ),
  lineage: route
    .input(
      z.object({
        /** Id of the run. */
        runId: z.string(),
        /** Id of the target. */
        targetId: z.string(),
        /** Number of the example, from 1. */
        exampleId: z.int()
      })
    )
    .output(lineageSchema),
  /** What each strategy retrieved for a target: counts by task and group, and the overlap between strategies. */
  retrieved: route
    .input(
      z
        .object({
          /** Id of the target. */
          targetId: z.string(),
          /** Query set, counted from 0. */
          round: z.int()
        })
        .and(subjectSchema)
    )
    .output(
      z.object({
        /** What each column retrieved. */
        columns: z.array(
          z.object({
            /** Key of the column. */
            column: z.string(),
            /** Id of the run. */
            runId: z.string(),
            /** How many examples it retrieved. */
            total: z.int(),
            /** The examples, counted by task. */
            tasks: z.array(
              z.object({
                /** Name of the task. */
                task: z.string(),
                /** Group of the task. */
                group: z.string(),
                /** How many examples are of it. */
                count: z.int()
              })
            ),
            /** The first examples, the best first. */
            top: z.array(shownExampleSchema)
          })
        ),
        /** Jaccard overlap of what two columns retrieved, 0…1. */
        overlap: z.array(
          z.object({
            /** Key of the first column. */
            a: z.string(),
            /** Key of the second column. */
            b: z.string(),
            /** How many examples both retrieved. */
            shared: z.int(),
            /** Examples of both over examples of either, 0…1. */
            jaccard: z.number()
          })
        )
      })
    ),
  /** Group or task × target: share of retrieved examples from each, over all rounds of a column. A target's shares sum to 1. */
  heatMap: route
    .input(
      z
        .object({
          /** Key of the column. */
          column: z.string(),
          /** Whether rows are groups or tasks. */
          by: heatMapBySchema.default('group')
        })
        .and(subjectSchema)
    )
    .output(
      z.object({
        /** Groups by name; tasks by group, then by name. */
        rows: z.array(z.string()),
        /** The targets, in the order in which they are shown. */
        targets: z.array(
          z.object({
            /** Id of the target. */
            id: z.string(),
            /** Name of the target. */
            name: z.string()
          })
        ),
        /** By row, then by target: share of the target's retrieved examples, 0…1. */
        share: z.array(z.array(z.number()))
      })
    ),
  /** Recall, MRR and NDCG of the strategies by task or group, with upstream examples as queries, in the indices that they search. */
  quality: route.input(qualitySettingsSchema.and(subjectSchema)).output(retrievalQualitySchema),
  settings: route
    .input(
      z.object({
        /** Ids of the experiments. At least one. */
        experimentIds: z.array(z.string()).min(1)
      })
    )
    .output(
      z.array(
        z.object({
          /** The setting's path, such as `retrieval.budget`. */
          path: z.string(),
          /** What it is called. */
          label: z.string(),
          /** Its value in each experiment, as text. */
          values: z.array(z.string()),
          /** Whether the experiments differ in it. */
          differs: z.boolean()
        })
      )
    ),
  export: route
    .input(
      z
        .object({
          /** The form of the file. */
          format: exportFormatSchema,
          /** The metric that is shown; left out: the first. */
          metric: metricSchema.optional(),
          /** The report also measures how well the strategies retrieve, which takes a while. */
          quality: z.boolean().default(false)
        })
        .and(subjectSchema)
    )
    .output(savedFileSchema)
}
