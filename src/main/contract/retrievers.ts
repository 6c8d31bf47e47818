import { z } from 'zod'
import { textOrNone } from './text-or-none.ts'
import { pairTrainingSchema, rerankerCardSchema, rerankerQualitySchema } from './reranking.ts'

import { representationNames } from './strategies.ts'

/** Of a head on the vectors of an index, which is trained from the same pairs. */
export const retrieverSettingsSchema = z.object({
  /** How often every query set is gone over. 1 to 1,000. */
  epochs: z.int().min(1).max(1000).default(30),
  /** Size of a step, without a unit. Above 0, at most 1. */
  learningRate: z.number().positive().max(1).default(1e-3),
  /** Nearness is divided by it, in its own unit. Above 0, at most 10. */
  temperature: z.number().positive().max(10).default(0.05),
  /** How strongly what the pairs say nothing of stays as it was. 0 to 10. */
  decay: z.number().min(0).max(10).default(0.1),
  /** Tokens that a reranker reads of a pair, whose scores are distilled. At least 8. */
  maxTokens: z.int().min(8).default(512),
  /** Tasks that only judge; none: a share of the tasks, drawn by the seed. */
  validationTasks: z.array(z.string()).default([]),
  /** Share of the tasks that only judge, where none are named. Above 0, at most 0.5. */
  validationShare: z.number().gt(0).max(0.5).default(0.25),
  /** Epochs without a better AUC before the training ends. At least 1. */
  patience: z.int().min(1).default(5),
  /** A control: with labels at random the AUC must come out near 0.5. */
  shuffledLabels: z.boolean().default(false),
  /** Seed of everything that is drawn. 0 or more. */
  seed: z.int().nonnegative().default(42)
})
export type RetrieverSettings = z.infer<typeof retrieverSettingsSchema>

export const retrieverRequestSchema = pairTrainingSchema.extend({
  /** The index whose vectors are trained on. */
  indexId: z.string(),
  /** Its scores are distilled; null: it learns from the pairs' labels. */
  rerankerId: textOrNone.default(null),
  /** Settings of the training. */
  settings: retrieverSettingsSchema.prefault({})
})
export type RetrieverRequest = z.output<typeof retrieverRequestSchema>

/** What a trained retriever was trained on and how good it is: `retriever.json` in its folder. */
export const retrieverCardSchema = z.object({
  /** Version of this file's form. */
  format: z.literal(1),
  /** Whose vectors it was trained on: an index of the same encoder is turned into one of its own without embedding anew. */
  index: z.object({
    /** Hash of everything that the index's numbers hang on. */
    fingerprint: z.string(),
    /** What its vectors are. */
    representation: z.enum(representationNames),
    /** Tokens at which its texts were cut. */
    maxTokens: z.int(),
    /** Hash of the encoder's weights, configuration and tokenizer. */
    encoder: z.string()
  }),
  /** Name of the encoder. */
  base: z.string(),
  /** The upstream data that the pairs come from. */
  data: z.object({
    /** What they were called. */
    name: z.string(),
    /** SHA-256 over the examples in order. */
    contentHash: z.string()
  }),
  /** The minings whose pairs it learnt. */
  minings: rerankerCardSchema.shape.minings,
  /** The reranker whose scores it learnt; null: the pairs' labels. */
  distilled: textOrNone,
  /** The gate was closed, and the user trained all the same. */
  overridden: z.boolean(),
  /** Which tasks it learnt, and which only judged it. */
  tasks: z.object({
    /** Names of the tasks that it learnt. */
    train: z.array(z.string()),
    /** Names of the tasks that judged it. */
    validation: z.array(z.string())
  }),
  /** Settings of the training. */
  settings: retrieverSettingsSchema,
  /** The vectors without the head, with it, and the reranker that was distilled, on the same sets of unseen tasks. */
  before: rerankerQualitySchema,
  /** How good the vectors with the head are. */
  quality: rerankerQualitySchema,
  /** How good the distilled reranker is; null: none was. */
  teacher: rerankerQualitySchema.nullable(),
  /** How good the vectors with the head are, task by task. */
  byTask: rerankerCardSchema.shape.byTask,
  /** Steps of the training: how many. */
  steps: z.int(),
  /** The step whose weights were kept, counted from 1. */
  bestStep: z.int(),
  /** How long the training took, in seconds. */
  seconds: z.number(),
  /** When it was trained (UTC). */
  createdAt: z.iso.datetime()
})
export type RetrieverCard = z.infer<typeof retrieverCardSchema>
