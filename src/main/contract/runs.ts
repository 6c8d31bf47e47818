import { z } from 'zod'
import { textOrNone } from './text-or-none.ts'
import { metricSchema } from './data.ts'
import { strategySchema, variantSchema, keepWeightsSchema, statusSchema } from './experiments.ts'

/** Runs of experiments: their records, scores, answers and retrieved examples. */

export const runSchema = z.object({
  /** Names its folder as well. */
  id: z.string(),
  /** Id of the experiment that it belongs to. */
  experimentId: z.string(),
  /** Hash of everything that its answers hang on: equal ones are computed once. */
  fingerprint: z.string(),
  /** The strategy of the run. */
  strategy: strategySchema,
  /** Query set, counted from 0. */
  round: z.int(),
  /** The group that was left out of the upstream data; null: none. */
  ablatedGroup: textOrNone,
  /** What it is tested on: one target, or all that share its tuning. */
  targetIds: z.array(z.string()),
  /** Seed of what the run draws at random. */
  seed: z.int(),
  /** What its settings differ by from the experiment's own; empty: by nothing. */
  variant: variantSchema.default([]),
  /** Fingerprint of the weights that it answers with; null where an earlier version did not note it. */
  tuning: textOrNone.default(null),
  /** By target the fingerprint of what it was asked there: weights, test rows, settings of the answers. */
  asked: z.record(z.string(), z.string()).default({}),
  /** How far it is. */
  status: statusSchema,
  /** Id of the job that computes it; null: none yet. */
  jobId: textOrNone,
  /** Who computed; null: nobody yet. */
  provider: textOrNone,
  /** How long its phases took; null: it has not ended. */
  seconds: z
    .object({
      /** Retrieving, in seconds. */
      retrieve: z.number(),
      /** Tuning, in seconds. */
      tune: z.number(),
      /** Answering and scoring, in seconds. */
      evaluate: z.number(),
      /** All of it, in seconds. */
      total: z.number()
    })
    .nullable(),
  /** Most memory in use, in bytes; null: not known. */
  peakBytes: z.number().nullable(),
  /** Versions of the lab and of what it computed with, by name. */
  versions: z.record(z.string(), z.string()),
  /** When it was planned (UTC). */
  createdAt: z.iso.datetime(),
  /** When it ended (UTC); null: it has not. */
  finishedAt: z.iso.datetime().nullable()
})
export type Run = z.infer<typeof runSchema>

/** Which runs of an experiment still have what they tuned. */
export const keptWeightsSchema = z.object({
  /** What is kept from now on. */
  keep: keepWeightsSchema,
  /** Size of what is kept, in bytes. */
  bytes: z.number(),
  /** The runs that still have their weights. */
  runs: z.array(
    z.object({
      /** Id of the run. */
      runId: z.string(),
      /** Size of its weights in bytes. */
      bytes: z.number()
    })
  )
})
export type KeptWeights = z.infer<typeof keptWeightsSchema>

/** What a run was made from, with the hash of its content: still known when the thing itself was deleted. */
export const identitySchema = z.object({
  /** What it is, such as dataset or model. */
  kind: z.string(),
  /** Its id in the lab that computed. */
  id: z.string(),
  /** What it was called. */
  name: z.string(),
  /** Hash of its content. */
  hash: z.string()
})
export type Identity = z.infer<typeof identitySchema>

export const scoreSchema = z.object({
  /** Id of the run. */
  runId: z.string(),
  /** Id of the target. */
  targetId: z.string(),
  /** The metric. */
  metric: metricSchema,
  /** 0…100 (Matthews and Pearson: -100…100). */
  value: z.number(),
  /** How many rows were scored. */
  examples: z.int()
})
export type Score = z.infer<typeof scoreSchema>

/** One line of runs/<id>/predictions-<target>.jsonl. */
export const predictionSchema = z.object({
  /** Number of the example, from 1. */
  exampleId: z.int(),
  /** The question as it was put. */
  input: z.string(),
  /** Right answers; the first is the label. None: nothing is scored. */
  references: z.array(z.string()),
  /** What was answered. */
  output: z.string(),
  /** 0…100 by metric; metrics that exist only for a whole set are missing. */
  scores: z.record(z.string(), z.number()),
  /** Number of the source item: prompt variants of one share it. */
  sourceItem: z.int()
})
export type Prediction = z.infer<typeof predictionSchema>

/** One line of a retrieved set. */
export const retrievedExampleSchema = z.object({
  /** Number of the example, from 1. */
  exampleId: z.int(),
  /** Score in the unit of the last stage: larger is nearer, whatever the representation. Null for random. */
  score: z.number().nullable(),
  /** The query that brought it (its place in the query set), null for random. */
  query: z.int().nullable(),
  /** Place among that query's nearest, from 1. */
  rank: z.int(),
  /** Task of the example. */
  task: z.string(),
  /** Group of the task. */
  group: z.string(),
  /** Where it was scored anew: its place among all candidates and its score, before and after each stage. */
  trail: z
    .array(
      z.object({
        /** Name of the stage. */
        stage: z.string(),
        /** Place among all candidates, from 1. */
        rank: z.int(),
        /** Score in the unit of the stage; larger is better. Null: random. */
        score: z.number().nullable()
      })
    )
    .optional()
})
export type RetrievedExample = z.infer<typeof retrievedExampleSchema>

/** The same with its texts. */
export const shownExampleSchema = retrievedExampleSchema.extend({
  /** Text of the example. */
  input: z.string(),
  /** Right answers of the example; the first is the label. */
  outputs: z.array(z.string()),
  /** Text of the query that brought it, with its answer where that was searched with too; null: none did. */
  queryText: textOrNone
})
