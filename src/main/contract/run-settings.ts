import { z } from 'zod'
import { metricSchema } from './data.ts'
import { baseWeights } from './base-weights.ts'
import { overChoices } from './embedded-over.ts'
import { precisions, tunePrecisions } from './precision.ts'
import { candidatesNames, rescorerNames, selectorNames, usualStages } from './strategies.ts'

export const selectorSchema = z.enum(selectorNames)

/** How candidates are scored anew. The defaults are the paper's. */
export const rerankSettingsSchema = z.object({
  /** Where candidates come from. */
  candidates: z.enum(candidatesNames).default(usualStages.candidates),
  /** The stages, first to last. Where there are several, each keeps the same share of what it was given. 1 to 4. */
  by: z
    .array(z.enum(rescorerNames))
    .min(1)
    .max(4)
    .default([...usualStages.rescore]),
  /** How many candidates there are for each place of the budget. 1 to 100. */
  oversampling: z.number().min(1).max(100).default(4),
  /** Which queries a candidate is scored for: the one that brought it, the `nearest` ones, or all. */
  pairing: z.enum(['own', 'nearest', 'all']).default('all'),
  /** How many queries are the nearest ones, where `pairing` says so. 1 to 1,024. */
  nearest: z.int().min(1).max(1024).default(4),
  /** How a candidate's scores for several queries become one. */
  aggregate: z.enum(['mean', 'max']).default('mean'),
  /** What a reranker's score is: means of logits and of probabilities order differently. */
  score: z.enum(['logit', 'probability']).default('logit'),
  /** Tokens at which a reranker cuts query and candidate together. 8 to 8,192. */
  maxTokens: z.int().min(8).max(8192).default(512)
})
export type RerankSettings = z.infer<typeof rerankSettingsSchema>

export const retrievalSettingsSchema = z.object({
  /** How the queries' lists become one set. */
  selector: selectorSchema.default('aggregate-choices'),
  /** How many upstream examples in all. 1 to 100,000. */
  budget: z.int().min(1).max(100_000).default(512),
  /** How many candidates there are for each place of the budget, where nothing is scored anew. 1 to 100. */
  oversampling: z.number().min(1).max(100).default(1),
  /** Leaves out examples whose text was retrieved already. */
  deduplicate: z.boolean().default(true),
  /** The share of a round's queries that retrieves, the first of the set; all of them: 1. Above 0, at most 1. */
  queryShare: z.number().gt(0).max(1).default(1),
  /**
   * What the indices are embedded over: inputs alone, or inputs and answers, which takes queries with answers. `by-merge`: both where
   * those are learnt from, as in the paper's code.
   */
  over: z.enum(overChoices).default('input'),
  /** Random sampling only: the same share for every task. */
  balanced: z.boolean().default(false),
  /** Leaves out these groups; none: all may come. */
  withoutGroups: z.array(z.string()).default([]),
  /** Leaves out these tasks; none: all may come. */
  withoutTasks: z.array(z.string()).default([]),
  /** Only these groups; none: all may come. */
  onlyGroups: z.array(z.string()).default([]),
  /** Leave out upstream rows that were flagged as the target's own data. */
  withoutLeaks: z.boolean().default(true),
  /** Only for strategies that score their candidates anew. */
  rerank: rerankSettingsSchema.prefault({})
})
export type RetrievalSettings = z.infer<typeof retrievalSettingsSchema>

/** Stops when the loss on held-out examples has not fallen for `patience` checks, and keeps the weights of its best check. */
export const earlyStoppingSchema = z.object({
  /** Share of the examples that are held out. Above 0, at most 0.5. */
  heldOutShare: z.number().gt(0).max(0.5).default(0.1),
  /** Steps between two checks. At least 1. */
  everySteps: z.int().min(1).default(10),
  /** Checks in a row without a lower loss after which tuning ends: how many. At least 1. */
  patience: z.int().min(1).default(3)
})

export const tuneSettingsSchema = z.object({
  /** What is tuned: all weights, the last blocks, or low-rank additions to them (LoRA). */
  method: z.enum(['full', 'last-blocks', 'lora']).default('full'),
  /** How many blocks of each stack are tuned, where the method says so. At least 1. */
  lastBlocks: z.int().min(1).default(1),
  /** Rank of the additions of LoRA: numbers of a row. 1 to 512. */
  loraRank: z.int().min(1).max(512).default(16),
  /** LoRA's additions are multiplied by this over the rank; in no unit. Above 0. */
  loraAlpha: z.number().positive().default(32),
  /** The rule by which weights are changed. */
  optimizer: z.enum(['adamw', 'adafactor']).default('adamw'),
  /** Size of a step, without a unit. Above 0, at most 1. */
  learningRate: z.number().positive().max(1).default(6e-6),
  /** Share of a weight that is taken off it with each step, times the learning rate. 0 to 1. */
  weightDecay: z.number().min(0).max(1).default(0.01),
  /** Added to AdamW's denominator, without a unit. Above 0. */
  epsilon: z.number().positive().default(1e-8),
  /** How often the examples are gone through; 1.5 is once and a half. Above 0, at most 100. */
  epochs: z.number().positive().max(100).default(2),
  /** How many examples go through the model at once. 1 to 4,096. */
  batchSize: z.int().min(1).max(4096).default(4),
  /** How many such batches make a step. At least 1. */
  accumulation: z.int().min(1).default(1),
  /** Steps until the learning rate is whole. 0 or more. */
  warmupSteps: z.int().min(0).default(0),
  /** After the warm-up the rate falls evenly to 0, or it stays, which is what the paper's code makes of no warm-up. */
  schedule: z.enum(['linear', 'constant']).default('linear'),
  /** Largest length of a gradient (L2 norm), in the loss's own unit; longer ones are cut to it; null: none is. Above 0. */
  clipNorm: z.number().positive().nullable().default(0.1),
  /** Share of the probability that is spread over all words. 0 to 0.9. */
  labelSmoothing: z.number().min(0).max(0.9).default(0),
  /** How the losses of a step's tokens become one: their sum makes gradients larger by the number of tokens. */
  lossReduction: z.enum(['mean', 'sum']).default('mean'),
  /** Of examples with several right answers: the first one, or another one drawn for each epoch. */
  answers: z.enum(['first', 'drawn']).default('first'),
  /** No more steps of the optimizer than these, in each stage; null: as the epochs say. At least 1. */
  maxSteps: z.int().min(1).nullable().default(null),
  /** Share of the activations that are left out at random; null: as the model's configuration says. 0 to 0.9. */
  dropout: z.number().min(0).max(0.9).nullable().default(null),
  /** Inputs are cut at so many tokens. At least 1. */
  maxInputTokens: z.int().min(1).default(512),
  /** Answers are cut at so many tokens. At least 1. */
  maxOutputTokens: z.int().min(1).default(64),
  /** How retrieved data and the queries' own labels are merged. */
  merge: z.enum(['unsupervised', 'none', 'mix', 'two-stage']).default('unsupervised'),
  /** When tuning ends early; null: never. */
  earlyStopping: earlyStoppingSchema.nullable().default(null),
  /** `mix`: the labelled queries as often as they fit into the number of retrieved examples, instead of once. */
  repeatQueries: z.boolean().default(false),
  /** What differs where labelled queries are learnt from: `none`, `mix`, the second of `two-stage`. Null: as for what is retrieved. Above 0, at most 1. */
  queryLearningRate: z.number().positive().max(1).nullable().default(null),
  /** How often the labelled queries are gone through; null: as the others. 1 to 100. */
  queryEpochs: z.int().min(1).max(100).nullable().default(null),
  /** Computes activations anew on the way back, which takes a third more time and far less memory. */
  recompute: z.boolean().default(false),
  /**
   * `fast`, on the processor: 8-bit products forward and for the gradients of inputs; gradients of weights are exact. `half`, on a
   * device through WebGPU that has 16-bit numbers: products in 16 bits, weights and all else in fp32, the loss scaled as it needs to be.
   */
  precision: z.enum(tunePrecisions).default('fp32'),
  /** In how many bits the base model's linear layers lie, for tuning and for answering; other than `full` with LoRA alone. */
  base: z.enum(baseWeights).default('full')
})
export type TuneSettings = z.infer<typeof tuneSettingsSchema>

export const evaluationSettingsSchema = z.object({
  /** How many test rows of a target count at most. At least 1. */
  testExamples: z.int().min(1).default(1000),
  /** Inputs are cut at so many tokens. At least 1. */
  maxInputTokens: z.int().min(1).default(512),
  /** Answers end after so many tokens. At least 1. */
  maxOutputTokens: z.int().min(1).default(64),
  /** Beams of the search: how many answers are followed at once; 1 is greedy. 1 to 32. */
  beams: z.int().min(1).max(32).default(4),
  /** An answer of one word said twice becomes that word. */
  mendDoubled: z.boolean().default(false),
  /** `fast`: answers from 8-bit products, on the processor alone. */
  precision: z.enum(precisions).default('fp32'),
  /** The metric that is shown first where nobody asks for another; null: the target's first. */
  firstMetric: metricSchema.nullable().default(null)
})
