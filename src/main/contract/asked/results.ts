import { z } from 'zod'
import { textOrNone } from '../text-or-none.ts'
import { columnSchema, comparisonSchema, subjectSchema } from '../comparison.ts'
import { breakdownSchema } from '../answers.ts'
import { metricSchema } from '../data.ts'
import { plannedSchema, strategySchema } from '../experiments.ts'
import { foreignAnswersSchema, foreignFileSchema } from '../foreign.ts'
import { scoringRuleSchema } from '../scoring-rule.ts'
import { nothing, questionKind } from '../kinds/kind.ts'

/** Path of a run's file of answers to a target. */
const answersRef = z.string()

/** Says what an experiment will be able to show, from its targets' rows and what earlier runs answered to them. */
export const planPower = questionKind({
  input: z.object({
    /** How many test rows of a target count at most. */
    testExamples: z.int(),
    /** How many query sets there are. */
    rounds: z.int(),
    /** How many columns tune. */
    tuned: z.int(),
    /** Whether the untuned model is a column. */
    untuned: z.boolean(),
    /** How many comparisons were named before the start. */
    planned: z.int(),
    /** The targets that are tested. */
    targets: z.array(
      z.object({
        /** Id of the target. */
        targetId: z.string(),
        /** Path of the sealed data. */
        dataset: z.string(),
        /** The metric that is compared; null: the target's first. */
        metric: metricSchema.nullable(),
        /** What earlier runs answered to it, one entry an experiment. */
        earlier: z.array(
          z.object({
            /** Answers of the untuned model. */
            untuned: answersRef,
            /** Answers of each tuned column, by query set. */
            tuned: z.array(z.array(answersRef))
          })
        )
      })
    )
  }),
  output: z.object({
    /** What was worked out, one entry a target. */
    targets: z.array(
      z.object({
        /** Id of the target. */
        targetId: z.string(),
        /** Rows of every source item among the tested ones; mean length of an input in characters. */
        shape: z.object({
          /** How many of the tested rows each source item has. */
          itemSizes: z.array(z.int()),
          /** How many rows are tested. */
          rows: z.int(),
          /** Mean length of an input in characters. */
          inputLength: z.number(),
          /** Whether any row has a right answer: else nothing is scored. */
          labelled: z.boolean()
        }),
        /** Whether earlier answers told how much scores vary; else it is what is usual. */
        measured: z.boolean(),
        /** Standard deviation between query sets that is reckoned with, in points. */
        roundDeviation: z.number(),
        /** Smallest difference that is found with 80 % power, in points. */
        points: z.number(),
        /** The same with one more query set, in points. */
        withOneMoreRound: z.number(),
        /** The same with ten more source items, in points. */
        withTenMoreItems: z.number()
      })
    ),
    /** Whether what is found holds for other query sets too; with few query sets it holds for these alone, which is easier to find. */
    forOtherQuerySets: z.boolean(),
    /** How many query sets could be left out without losing any power to speak of. */
    wastedRounds: z.int()
  }),
  policy: { resource: 'cpu', retries: 1, seconds: 300 },
  uses: nothing
})

/** Works out the table of an experiment or of picked runs with all its tests, from the answers in the runs' folders. */
export const compare = questionKind({
  input: z.object({
    /** What is compared. */
    subject: subjectSchema,
    /** Name of the experiment, or of the selection. */
    name: z.string(),
    /** The metric that is tested. */
    metric: metricSchema,
    /** All metrics that the targets have in common. */
    metrics: z.array(metricSchema),
    /** The targets, in the order in which they are shown. */
    targets: z.array(
      z.object({
        /** Id of the target. */
        id: z.string(),
        /** Name of the target. */
        name: z.string()
      })
    ),
    /** The runs whose answers are compared. */
    runs: z.array(
      z.object({
        /** Id of the run. */
        runId: z.string(),
        /** The strategy of the column. */
        strategy: strategySchema,
        /** The group that was left out of the upstream data; null: none. */
        ablatedGroup: textOrNone,
        /** What its settings differ by from the experiment's own; empty: by nothing. */
        variant: columnSchema.shape.variant,
        /** The experiment that it is from, where runs of several are compared; else null. */
        source: columnSchema.shape.source,
        /** Query set, counted from 0. */
        round: z.int(),
        /** Fingerprint of its weights: runs with the same are one tuning that was tested in several runs. */
        tuning: textOrNone.default(null),
        /** How long the run took, in seconds; null: not known. */
        seconds: z.number().nullable(),
        /** The run's folder, and the targets that it answered. */
        folder: z.string(),
        /** Ids of the targets that it answered. */
        targetIds: z.array(z.string()),
        /** Loss of its tuning in nats per token; null: nothing was tuned, or it was not kept. */
        loss: z
          .object({
            /** Loss of the first steps, in nats per token. */
            start: z.number(),
            /** Least loss on the way, in nats per token. */
            least: z.number(),
            /** Loss of the last steps, in nats per token. */
            end: z.number()
          })
          .nullable()
      })
    ),
    /** Comparisons that were named before the start. */
    planned: z.array(
      plannedSchema.extend({
        /** Id of the experiment that named it. */
        sourceId: z.string()
      })
    ),
    /** Judges the answers in place of the metric; their score is then the share of right ones. */
    rule: scoringRuleSchema.nullable().default(null),
    /** Runs that have no answers yet, or never will. */
    missing: z.object({
      /** How many runs have no answers yet. */
      open: z.int(),
      /** How many runs failed. */
      failed: z.int()
    })
  }),
  output: comparisonSchema,
  policy: { resource: 'cpu', retries: 1, seconds: 600 },
  uses: nothing
})

/** Takes the answers to one target apart: confusions, labels, lengths. */
export const breakdown = questionKind({
  input: z.object({
    /** The runs whose answers are taken apart. */
    runs: z.array(
      z.object({
        /** The strategy of the column. */
        strategy: strategySchema,
        /** The group that was left out of the upstream data; null: none. */
        ablatedGroup: textOrNone,
        /** What its settings differ by from the experiment's own; empty: by nothing. */
        variant: columnSchema.shape.variant,
        /** The experiment that it is from, where runs of several are compared; else null. */
        source: columnSchema.shape.source,
        /** The run's answers to the target. */
        file: answersRef
      })
    ),
    /** The target's sealed data, for the prompts that its rows were written with; null: it is gone. */
    dataset: textOrNone,
    /** What judges the answers; null: whether they equal a right one. */
    rule: scoringRuleSchema.nullable()
  }),
  output: z.array(breakdownSchema),
  policy: { resource: 'cpu', retries: 0, seconds: 300 },
  uses: nothing
})

/** Reads what another program answered to a target, and what it retrieved: foreign.ts. */
export const readForeign = questionKind({
  input: z.object({
    /** The target that was answered. */
    target: z.object({
      /** Name of the target. */
      name: z.string(),
      /** Its sealed data. */
      dataset: z.string(),
      /** The metrics by which it is scored. */
      metrics: z.array(metricSchema),
      /** How many test rows count; null: all. At least 1. */
      testExamples: z.int().min(1).nullable()
    }),
    /** The sealed data that retrieved rows are looked for in. */
    upstream: z
      .object({
        /** Name of the data set. */
        name: z.string(),
        /** Path of the sealed data. */
        dataset: z.string()
      })
      .nullable(),
    /** Where the answers lie, and what was retrieved for them. */
    files: z.array(foreignFileSchema.pick({ path: true, retrieved: true }))
  }),
  output: foreignAnswersSchema,
  policy: { resource: 'cpu', retries: 0, seconds: 600 },
  uses: nothing
})
