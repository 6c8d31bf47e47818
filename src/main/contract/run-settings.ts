import { z } from 'zod'
import { metricSchema } from './data.ts'
import { precisions } from './precision.ts'
import { candidatesNames, rescorerNames, selectorNames, usualStages } from './strategies.ts'

export const selectorSchema = z.enum(selectorNames)

/** How candidates are scored anew. The defaults are the paper's. */
export const rerankSettingsSchema = z.object({
  candidates: z.enum(candidatesNames).default(usualStages.candidates),
  /** The stages, first to last. Where there are several, each keeps the same share of what it was given. */
  by: z
    .array(z.enum(rescorerNames))
    .min(1)
    .max(4)
    .default([...usualStages.rescore]),
  /** How many candidates there are for each place of the budget. */
  oversampling: z.number().min(1).max(100).default(4),
  /** Which queries a candidate is scored for: the one that brought it, the `nearest` ones, or all. */
  pairing: z.enum(['own', 'nearest', 'all']).default('all'),
  nearest: z.int().min(1).max(1024).default(4),
  /** How a candidate's scores for several queries become one. */
  aggregate: z.enum(['mean', 'max']).default('mean'),
  /** What a reranker's score is: means of logits and of probabilities order differently. */
  score: z.enum(['logit', 'probability']).default('logit'),
  /** Query and candidate together are cut there by a reranker. */
  maxTokens: z.int().min(8).max(8192).default(512)
})
export type RerankSettings = z.infer<typeof rerankSettingsSchema>

export const retrievalSettingsSchema = z.object({
  selector: selectorSchema.default('aggregate-choices'),
  /** How many upstream examples in all. */
  budget: z.int().min(1).max(100_000).default(512),
  oversampling: z.number().min(1).max(100).default(1),
  deduplicate: z.boolean().default(true),
  /** The share of a round's queries that retrieves, the first of the set; all of them: 1. */
  queryShare: z.number().gt(0).max(1).default(1),
  /** Random sampling only: the same share for every task. */
  balanced: z.boolean().default(false),
  withoutGroups: z.array(z.string()).default([]),
  withoutTasks: z.array(z.string()).default([]),
  onlyGroups: z.array(z.string()).default([]),
  /** Leave out upstream rows that were flagged as the target's own data. */
  withoutLeaks: z.boolean().default(true),
  /** Only for strategies that score their candidates anew. */
  rerank: rerankSettingsSchema.prefault({})
})
export type RetrievalSettings = z.infer<typeof retrievalSettingsSchema>

/** Stops when the loss on held-out examples has not fallen for `patience` checks, and keeps the weights of its best check. */
export const earlyStoppingSchema = z.object({
  heldOutShare: z.number().gt(0).max(0.5).default(0.1),
  everySteps: z.int().min(1).default(10),
  patience: z.int().min(1).default(3)
})

export const tuneSettingsSchema = z.object({
  method: z.enum(['full', 'last-blocks', 'lora']).default('full'),
  lastBlocks: z.int().min(1).default(1),
  loraRank: z.int().min(1).max(512).default(16),
  loraAlpha: z.number().positive().default(32),
  optimizer: z.enum(['adamw', 'adafactor']).default('adamw'),
  learningRate: z.number().positive().max(1).default(6e-6),
  weightDecay: z.number().min(0).max(1).default(0.01),
  epsilon: z.number().positive().default(1e-8),
  epochs: z.number().positive().max(100).default(2),
  batchSize: z.int().min(1).max(4096).default(4),
  accumulation: z.int().min(1).default(1),
  warmupSteps: z.int().min(0).default(0),
  /** After the warm-up the rate falls evenly to 0, or it stays, which is what the paper's code makes of no warm-up. */
  schedule: z.enum(['linear', 'constant']).default('linear'),
  clipNorm: z.number().positive().nullable().default(0.1),
  labelSmoothing: z.number().min(0).max(0.9).default(0),
  /** How the losses of a step's tokens become one: their sum makes gradients larger by the number of tokens. */
  lossReduction: z.enum(['mean', 'sum']).default('mean'),
  /** Of examples with several right answers: the first one, or another one drawn for each epoch. */
  answers: z.enum(['first', 'drawn']).default('first'),
  /** No more steps of the optimizer than these, in each stage; null: as the epochs say. */
  maxSteps: z.int().min(1).nullable().default(null),
  dropout: z.number().min(0).max(0.9).nullable().default(null),
  maxInputTokens: z.int().min(1).default(512),
  maxOutputTokens: z.int().min(1).default(64),
  /** How retrieved data and the queries' own labels are merged. */
  merge: z.enum(['unsupervised', 'none', 'mix', 'two-stage']).default('unsupervised'),
  earlyStopping: earlyStoppingSchema.nullable().default(null),
  /** `mix`: the labelled queries as often as they fit into the number of retrieved examples, instead of once. */
  repeatQueries: z.boolean().default(false),
  /** What differs where labelled queries are learnt from: `none`, `mix`, the second of `two-stage`. Null: as for what is retrieved. */
  queryLearningRate: z.number().positive().max(1).nullable().default(null),
  queryEpochs: z.int().min(1).max(100).nullable().default(null),
  recompute: z.boolean().default(false),
  /** `fast`, with LoRA on the processor: 8-bit products forward and for the gradients of inputs; gradients of weights are exact. */
  precision: z.enum(precisions).default('fp32')
})
export type TuneSettings = z.infer<typeof tuneSettingsSchema>

export const evaluationSettingsSchema = z.object({
  testExamples: z.int().min(1).default(1000),
  maxInputTokens: z.int().min(1).default(512),
  maxOutputTokens: z.int().min(1).default(64),
  beams: z.int().min(1).max(32).default(4),
  /** An answer of one word said twice becomes that word. */
  mendDoubled: z.boolean().default(false),
  /** `fast`: answers from 8-bit products, on the processor alone. */
  precision: z.enum(precisions).default('fp32'),
  /** The metric that is shown first where nobody asks for another; null: the target's first. */
  firstMetric: metricSchema.nullable().default(null)
})
