import { z } from 'zod'
import { breakdownSchema, columnSchema, comparisonSchema, subjectSchema } from '../comparison.ts'
import { metricSchema } from '../data.ts'
import { plannedSchema, strategySchema } from '../experiments.ts'
import { foreignAnswersSchema, foreignFileSchema } from '../foreign.ts'
import { scoringRuleSchema } from '../scoring-rule.ts'

/** Path of a run's file of answers to a target. */
const answersRef = z.string()

/** Says what an experiment will be able to show, from its targets' rows and what earlier runs answered to them. */
export const planPower = {
  input: z.object({
    testExamples: z.int(),
    rounds: z.int(),
    /** Columns that tune, and whether the untuned model is one. */
    tuned: z.int(),
    untuned: z.boolean(),
    planned: z.int(),
    targets: z.array(
      z.object({
        targetId: z.string(),
        dataset: z.string(),
        metric: metricSchema.nullable(),
        earlier: z.array(z.object({ untuned: answersRef, tuned: z.array(z.array(answersRef)) }))
      })
    )
  }),
  output: z.object({
    targets: z.array(
      z.object({
        targetId: z.string(),
        /** Rows of every source item among the tested ones; mean length of an input in characters. */
        shape: z.object({
          itemSizes: z.array(z.int()),
          rows: z.int(),
          inputLength: z.number(),
          /** Whether any row has a right answer: else nothing is scored. */
          labelled: z.boolean()
        }),
        measured: z.boolean(),
        roundDeviation: z.number(),
        points: z.number(),
        withOneMoreRound: z.number(),
        withTenMoreItems: z.number()
      })
    ),
    wastedRounds: z.int()
  })
} as const

/** Works out the table of an experiment or of picked runs with all its tests, from the answers in the runs' folders. */
export const compare = {
  input: z.object({
    subject: subjectSchema,
    name: z.string(),
    metric: metricSchema,
    metrics: z.array(metricSchema),
    targets: z.array(z.object({ id: z.string(), name: z.string() })),
    runs: z.array(
      z.object({
        runId: z.string(),
        strategy: strategySchema,
        ablatedGroup: z.string().nullable(),
        variant: columnSchema.shape.variant,
        source: columnSchema.shape.source,
        round: z.int(),
        /** Fingerprint of its weights: runs with the same are one tuning that was tested in several runs. */
        tuning: z.string().nullable().default(null),
        seconds: z.number().nullable(),
        /** The run's folder, and the targets that it answered. */
        folder: z.string(),
        targetIds: z.array(z.string()),
        loss: z.object({ start: z.number(), least: z.number(), end: z.number() }).nullable()
      })
    ),
    planned: z.array(plannedSchema.extend({ sourceId: z.string() })),
    /** Judges the answers in place of the metric; their score is then the share of right ones. */
    rule: scoringRuleSchema.nullable().default(null),
    /** Runs that have no answers yet, or never will. */
    missing: z.object({ open: z.int(), failed: z.int() })
  }),
  output: comparisonSchema
} as const

/** Takes the answers to one target apart: confusions, labels, lengths. */
export const breakdown = {
  input: z.object({
    runs: z.array(
      z.object({
        strategy: strategySchema,
        ablatedGroup: z.string().nullable(),
        variant: columnSchema.shape.variant,
        source: columnSchema.shape.source,
        file: answersRef
      })
    ),
    /** The target's sealed data, for the prompts that its rows were written with; null: it is gone. */
    dataset: z.string().nullable(),
    rule: scoringRuleSchema.nullable()
  }),
  output: z.array(breakdownSchema)
} as const

/** Reads what another program answered to a target, and what it retrieved: foreign.ts. */
export const readForeign = {
  input: z.object({
    target: z.object({
      name: z.string(),
      /** Its sealed data. */
      dataset: z.string(),
      metrics: z.array(metricSchema),
      testExamples: z.int().min(1).nullable()
    }),
    /** The sealed data that retrieved rows are looked for in. */
    upstream: z.object({ name: z.string(), dataset: z.string() }).nullable(),
    files: z.array(foreignFileSchema.pick({ path: true, retrieved: true }))
  }),
  output: foreignAnswersSchema
} as const
