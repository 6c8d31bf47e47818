import { z } from 'zod'
import { providerSchema, rerankerCardSchema, rerankerQualitySchema } from './reranking.ts'
import { representationNames } from './strategies.ts'

/** Of a head on the vectors of an index, which is trained from the same pairs. */
export const retrieverSettingsSchema = z.object({
  /** Each goes over every query set once. */
  epochs: z.int().min(1).max(1000).default(30),
  learningRate: z.number().positive().max(1).default(1e-3),
  /** Nearness is divided by it. */
  temperature: z.number().positive().max(10).default(0.05),
  /** How strongly what the pairs say nothing of stays as it was. */
  decay: z.number().min(0).max(10).default(0.1),
  /** Tokens that a reranker reads of a pair, whose scores are distilled. */
  maxTokens: z.int().min(8).default(512),
  validationTasks: z.array(z.string()).default([]),
  validationShare: z.number().gt(0).max(0.5).default(0.25),
  /** Epochs without a better AUC before the training ends. */
  patience: z.int().min(1).default(5),
  shuffledLabels: z.boolean().default(false),
  seed: z.int().nonnegative().default(42)
})
export type RetrieverSettings = z.infer<typeof retrieverSettingsSchema>

export const retrieverRequestSchema = z.object({
  name: z.string().min(1),
  /** Minings, or jobs of minings that are under way: the training then waits for them. */
  miningIds: z.array(z.string()).min(1),
  /** The index whose vectors are trained on. */
  indexId: z.string(),
  /** Its scores are distilled; null: it learns from the pairs' labels. */
  rerankerId: z.string().nullable().default(null),
  override: z.boolean().default(false),
  settings: retrieverSettingsSchema.prefault({}),
  provider: providerSchema,
  /** Id of the place where it is trained; null: this computer. */
  place: z.string().nullable().default(null)
})
export type RetrieverRequest = z.output<typeof retrieverRequestSchema>

/** What a trained retriever was trained on and how good it is: `retriever.json` in its folder. */
export const retrieverCardSchema = z.object({
  format: z.literal(1),
  /** Whose vectors it was trained on: an index of the same encoder is turned into one of its own without embedding anew. */
  index: z.object({
    fingerprint: z.string(),
    representation: z.enum(representationNames),
    maxTokens: z.int(),
    encoder: z.string()
  }),
  base: z.string(),
  data: z.object({ name: z.string(), contentHash: z.string() }),
  minings: rerankerCardSchema.shape.minings,
  /** The reranker whose scores it learnt; null: the pairs' labels. */
  distilled: z.string().nullable(),
  overridden: z.boolean(),
  tasks: z.object({ train: z.array(z.string()), validation: z.array(z.string()) }),
  settings: retrieverSettingsSchema,
  /** The vectors without the head, with it, and the reranker that was distilled, on the same sets of unseen tasks. */
  before: rerankerQualitySchema,
  quality: rerankerQualitySchema,
  teacher: rerankerQualitySchema.nullable(),
  byTask: rerankerCardSchema.shape.byTask,
  steps: z.int(),
  bestStep: z.int(),
  seconds: z.number(),
  createdAt: z.iso.datetime()
})
export type RetrieverCard = z.infer<typeof retrieverCardSchema>
