import { z } from 'zod'
import { textOrNone } from './text-or-none.ts'
import { providerSchema } from './providers.ts'
import { usefulnessSchema } from './minings.ts'

/** Rerankers: pair classifiers that learn from what was mined which examples help (minings.ts). */

export const rerankerSettingsSchema = z.object({
  /** null: five, or as many as come to 2,000 steps; the checks end it sooner. 1 to 1,000. */
  epochs: z.int().min(1).max(1000).nullable().default(null),
  /** How many pairs a step learns from. 1 to 4,096. */
  batchSize: z.int().min(1).max(4096).default(64),
  /** Size of a step, without a unit; null: by the size of the base, 1e-5 for RoBERTa-base. Above 0, at most 1. */
  learningRate: z.number().positive().max(1).nullable().default(null),
  /** Steps until the learning rate is whole. 0 or more. */
  warmupSteps: z.int().min(0).default(100),
  /** Share of a weight that is taken off it with each step, times the learning rate. 0 to 1. */
  weightDecay: z.number().min(0).max(1).default(0.01),
  /**
   * Pairs of upstream rows, none of a task that judges, from which it first learns to tell near from far as the base's own vectors
   * do, before it learns what was mined: a small model learns how two texts relate from many pairs alone. 0, as in the paper: none.
   * 0 to 10,000,000.
   */
  nearnessPairs: z.int().min(0).max(10_000_000).default(0),
  /** A pair of texts is cut at this many tokens. At least 8. */
  maxTokens: z.int().min(8).default(512),
  /** Tasks that only judge; none: a share of the tasks, drawn by the seed. */
  validationTasks: z.array(z.string()).default([]),
  /** Share of the tasks that only judge, where none are named. Above 0, at most 0.5. */
  validationShare: z.number().gt(0).max(0.5).default(0.25),
  /** Steps between two checks. At least 1. */
  everySteps: z.int().min(1).default(50),
  /** Checks without a better AUC before the training ends; those before it has learnt anything do not count. At least 1. */
  patience: z.int().min(1).default(5),
  /** Pairs that a query set gives at most; null: every row with every labelled candidate. At least 2. */
  pairsPerSet: z.int().min(2).nullable().default(null),
  /** A control: with labels at random the AUC must come out near 0.5. */
  shuffledLabels: z.boolean().default(false),
  /** Seed of everything that is drawn. 0 or more. */
  seed: z.int().nonnegative().default(42)
})
export type RerankerSettings = z.infer<typeof rerankerSettingsSchema>

/** A relation of two texts shows late: until then the loss of a small model stands still for hundreds of steps. */
const leastSteps = 2000

const usualEpochs = 5

/** Rows that are embedded at most to learn nearness from: they meet in ever new pairs. */
export const mostNearnessRows = 20_000

/** Epochs that a training takes at most. */
export function epochsFor(
  { epochs, batchSize }: Pick<RerankerSettings, 'epochs' | 'batchSize'>,
  pairs: number
): number {
  return epochs ?? Math.max(usualEpochs, Math.ceil(leastSteps / Math.max(1, Math.ceil(pairs / batchSize))))
}

/** The paper's 1e-5 for the 125 million weights of RoBERTa-base, and in inverse proportion for smaller ones. */
export function learningRateFor({ learningRate }: Pick<RerankerSettings, 'learningRate'>, parameters: number): number {
  return learningRate ?? Math.min(2e-3, Math.max(1e-5, (1e-5 * 125e6) / Math.max(1, parameters)))
}

/** What any training on mined pairs is asked for with. */
export const pairTrainingSchema = z.object({
  /** What the user calls it. Not empty. */
  name: z.string().min(1),
  /** Minings, or jobs of minings that are under way: the training then waits for them. At least one. */
  miningIds: z.array(z.string()).min(1),
  /** Trains although the gate is closed. */
  override: z.boolean().default(false),
  /** Who computes; auto: the fastest that works here. */
  provider: providerSchema,
  /** Id of the place where it is trained; null: this computer. */
  place: textOrNone.default(null)
})

export const trainRequestSchema = pairTrainingSchema.extend({
  /** A sentence encoder, or a pair classifier that is trained on. */
  baseId: z.string(),
  /** The order is compared with that of this reranker; null: with the one that mined. */
  previousId: textOrNone.default(null),
  /** Settings of the training. */
  settings: rerankerSettingsSchema.prefault({})
})
export type TrainRequest = z.output<typeof trainRequestSchema>

/** How well an order tells useful candidates from others; means over query sets of tasks that were not trained on. */
export const rerankerQualitySchema = z.object({
  /** 0.5 is chance, 1 perfect. */
  auc: z.number(),
  /** Share of labelled candidates on the right side of the middle score of their set. */
  accuracy: z.number(),
  /** Of all judged candidates, with the measured usefulness as gain; 1 is the best order. */
  ndcg: z.number(),
  /** Share of the useful candidates among as many first places of all that were judged. */
  recall: z.number().nullable().default(null),
  /**
   * The AUC when a set's rows are exchanged for those of another group's set: 0.5 where the order comes from reading both texts, as
   * high as the AUC where it only knows which examples are good for everything; null where there is no other group.
   */
  otherQueriesAuc: z.number().nullable().default(null),
  /** How many query sets were judged. */
  sets: z.int()
})
export type RerankerQuality = z.infer<typeof rerankerQualitySchema>

/**
 * Whether the order hardly hangs on the query: with another group's queries more than half of what the AUC is above chance remains.
 * Such a reranker knows which examples are good for everything, and an open gate does not tell it from one that reads both texts.
 */
export function ignoresQueries({
  auc,
  otherQueriesAuc: other
}: Pick<RerankerQuality, 'auc' | 'otherQueriesAuc'>): boolean {
  return other !== null && auc > 0.5 && other - 0.5 > (auc - 0.5) / 2
}

/** What a reranker was trained on and how good it is: `reranker.json` in its folder, so that it travels with the model. */
export const rerankerCardSchema = z.object({
  /** Version of this file's form. */
  format: z.literal(1),
  /** The model that it was trained from. */
  base: z.object({
    /** What it was called. */
    name: z.string(),
    /** Hash of its weights, configuration and tokenizer. */
    fingerprint: z.string()
  }),
  /** The upstream data that the pairs come from. */
  data: z.object({
    /** What they were called. */
    name: z.string(),
    /** SHA-256 over the examples in order. */
    contentHash: z.string()
  }),
  /** The minings whose pairs it learnt. */
  minings: z.array(
    z.object({
      /** Id of the mining. */
      id: z.string(),
      /** What it was called. */
      name: z.string(),
      /** Name of the base model whose loss was the measure. */
      model: z.string(),
      /** How usefulness was measured. */
      usefulness: usefulnessSchema,
      /** How many query sets were mined. */
      sets: z.int(),
      /** Whether the mining's gate was open. */
      gateOpen: z.boolean()
    })
  ),
  /** How many rerankers were trained before it. */
  iteration: z.int(),
  /** The gate was closed, and the user trained all the same. */
  overridden: z.boolean(),
  /** Which tasks it learnt, and which only judged it. */
  tasks: z.object({
    /** Names of the tasks that it learnt. */
    train: z.array(z.string()),
    /** Names of the tasks that judged it. */
    validation: z.array(z.string())
  }),
  /** How many pairs there were. */
  pairs: z.object({
    /** How many pairs it learnt. */
    train: z.int(),
    /** How many pairs judged it. */
    validation: z.int()
  }),
  /** Settings of the training. */
  settings: rerankerSettingsSchema,
  /** Size of a step that was used, without a unit; null: an earlier version did not note it. */
  learningRate: z.number().nullable().default(null),
  /** How good it is on tasks that it did not learn. */
  quality: rerankerQualitySchema,
  /** What it had learnt from nearness before it saw a label; null: it began with the labels. */
  nearness: z
    .object({
      /** How many pairs it learnt to tell near from far by. */
      pairs: z.int(),
      /** AUC of the model as it was then, on the same sets as `quality`. */
      auc: z.number(),
      /** AUC of the base's own vectors (cosine), on the same sets. */
      teacherAuc: z.number()
    })
    .nullable()
    .default(null),
  /** `quality`, task by task. */
  byTask: z.array(
    rerankerQualitySchema.extend({
      /** Name of the task. */
      task: z.string(),
      /** Group of the task. */
      group: z.string()
    })
  ),
  /** Kendall's τ between the orders of the previous reranker and of this one, on the validation's candidates. */
  agreement: z.number().nullable(),
  /** AUC of the previous reranker on the same sets. */
  previousAuc: z.number().nullable(),
  /** Steps of the training: how many. */
  steps: z.int(),
  /** The step whose weights were kept, counted from 1; 0: those that had learnt nearness alone. */
  bestStep: z.int(),
  /** How long the training took, in seconds. */
  seconds: z.number(),
  /** When it was trained (UTC). */
  createdAt: z.iso.datetime()
})
export type RerankerCard = z.infer<typeof rerankerCardSchema>

/** Above this agreement another iteration of mining would bring the same candidates. */
const settledAgreement = 0.95

/** Whether another iteration is worth its time, or why not. */
export function bootstrapVerdict({ agreement, previousAuc, quality }: RerankerCard): 'go-on' | 'settled' | 'worse' {
  if (previousAuc !== null && quality.auc < previousAuc) return 'worse'
  return agreement !== null && agreement > settledAgreement ? 'settled' : 'go-on'
}
