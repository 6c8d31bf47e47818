import { z } from 'zod'
import { candidates, type CandidatesName, chance, pipelineOf, usualStrategy } from './strategies.ts'

/**
 * Distant supervision and rerankers. A query set is some rows of one upstream task; candidates are rows of other tasks. How
 * useful a candidate is for the task is measured with a base model, and a pair classifier learns to tell it from the texts.
 */

/** The measure of usefulness: by tuning on groups of candidates (the paper's), or by gradients, for every candidate alone. */
export const usefulnessSchema = z.enum(['influence', 'group-loss'])
export type Usefulness = z.infer<typeof usefulnessSchema>

/** How candidates are found; those that need an index name it. */
export const candidateSourceSchema = z.enum(Object.keys(candidates) as [CandidatesName, ...CandidatesName[]])
export type CandidateSource = z.infer<typeof candidateSourceSchema>
export const usualCandidates: CandidateSource = pipelineOf(usualStrategy)?.candidates ?? chance

export const miningSettingsSchema = z.object({
  /** Query sets in all. The paper's code: 300. */
  sets: z.int().min(1).max(100_000).default(300),
  /** Rows of a query set. */
  rows: z.int().min(1).max(256).default(8),
  /** Candidates that the rows of a set bring together, in turns. */
  candidates: z.int().min(4).max(100_000).default(480),
  /** How many of them are judged. */
  keep: z.int().min(4).max(10_000).default(100),
  /** Which: the first, as in the paper, or evenly from the first to the last, so that there are better and worse ones. */
  kept: z.enum(['first', 'evenly']).default('evenly'),
  /**
   * Share of the judged candidates that are rows of the other tasks that are mined, drawn as query sets are: a group, a task, a row.
   * What is useful for one set then stands among the candidates of the others, so that usefulness hangs on the query. The paper: 0.
   */
  otherTasks: z.number().min(0).max(1).default(0.5),
  usefulness: usefulnessSchema.default('influence'),
  /** Candidates that are tuned on together. */
  groupSize: z.int().min(1).max(1000).default(20),
  /** group-loss: how often the candidates are divided into groups anew; influence: parts of the labelled rows. */
  draws: z.int().min(2).max(100).default(3),
  /** Labelled rows of the task whose loss is the measure. */
  labelledRows: z.int().min(4).max(10_000).default(100),
  /** How many of the best and of the worst candidates of a set become examples for the reranker. */
  positives: z.int().min(1).max(1000).default(8),
  /**
   * Which of the less useful half: the least useful, as in the paper, or rows of tasks that are useful in other sets as often, so
   * that a candidate's own text does not give its label away.
   */
  negatives: z.enum(['least-useful', 'balanced']).default('balanced'),
  /** Only these tasks; none: all. */
  tasks: z.array(z.string()).default([]),
  withoutTasks: z.array(z.string()).default([]),
  /** Of the trial tunings; null: the one of several at which a task's own rows help most. */
  learningRate: z.number().positive().max(1).nullable().default(null),
  batchSize: z.int().min(1).max(1024).default(2),
  clipNorm: z.number().positive().nullable().default(1),
  labelSmoothing: z.number().min(0).max(0.9).default(0),
  maxInputTokens: z.int().min(1).default(256),
  maxOutputTokens: z.int().min(1).default(64),
  seed: z.int().nonnegative().default(42)
})
export type MiningSettings = z.infer<typeof miningSettingsSchema>

/** Settings as they were written down; minings from before there was a choice took what the retrieval found, as the paper. */
export const minedSettingsSchema = miningSettingsSchema.extend({
  otherTasks: miningSettingsSchema.shape.otherTasks.unwrap().default(0),
  negatives: miningSettingsSchema.shape.negatives.unwrap().default('least-useful')
})

/** A condition of the gate, with what was found. */
const gateCheckSchema = z.object({
  name: z.enum(['head-room', 'reliability', 'best-group', 'same-group']),
  /** null where the data do not allow the check, e.g. tasks without groups. */
  holds: z.boolean().nullable(),
  text: z.string()
})
export type GateCheck = z.infer<typeof gateCheckSchema>

/** A mean over tasks (each the mean of its sets), with the one-sided p-value that it is below zero; null with under 2 tasks. */
const contrastSchema = z.object({ mean: z.number(), tasks: z.int(), sets: z.int(), p: z.number().nullable() })
export type Contrast = z.infer<typeof contrastSchema>

export const miningReportSchema = z.object({
  sets: z.int(),
  tasks: z.array(
    z.object({
      task: z.string(),
      group: z.string(),
      sets: z.int(),
      baseLoss: z.number(),
      /** Change of the loss by tuning on the task's own rows. */
      ownRows: z.number(),
      sameGroup: z.number().nullable(),
      others: z.number().nullable()
    })
  ),
  /** Mean loss of the labelled rows before anything is tuned, in nats per output token. */
  baseLoss: z.number(),
  /** Change of the loss by tuning on as many rows of the task itself: what there is to be gained. */
  headRoom: contrastSchema,
  /** Agreement of usefulness between halves of the measurement, for the whole of it (Spearman-Brown); mean over sets. */
  reliability: z.number(),
  /** Share of sets in which tuning on the best candidates lowers the loss of labelled rows that did not choose them. */
  bestBeatsBase: z.number(),
  /** Loss after the best candidates minus loss after the worst, on those rows. */
  bestAgainstWorst: contrastSchema,
  /** Usefulness rank (0 best … 1 worst) of candidates of the task's own group minus that of the others; null without groups. */
  sameGroup: contrastSchema.nullable(),
  /** Distinct query rows that brought the kept candidates, least over the sets. */
  fewestBringers: z.int(),
  learningRate: z.number(),
  pairs: z.object({ positive: z.int(), negative: z.int() }),
  gate: z.object({ open: z.boolean(), checks: z.array(gateCheckSchema) }),
  cpuSeconds: z.number(),
  /** Tunings and gradients that were computed. */
  trials: z.int()
})
export type MiningReport = z.infer<typeof miningReportSchema>

/** One labelled candidate, a line of pairs.jsonl. */
export const minedPairSchema = z.object({
  set: z.int(),
  task: z.string(),
  queryIds: z.array(z.int()),
  candidateId: z.int(),
  /** Change of the task's loss, in the measure's own unit: negative helps. */
  delta: z.number(),
  label: z.union([z.literal(0), z.literal(1)]),
  /** How often rerankers had been trained before: 0 is the first mining. */
  iteration: z.int()
})
export type MinedPair = z.infer<typeof minedPairSchema>

/** What was mined: a record of the lab, with files in <home>/minings/<id>. */
export const miningSchema = z.object({
  id: z.string(),
  name: z.string(),
  datasetId: z.string(),
  modelId: z.string(),
  /** The reranker that chose among the candidates; null in the first iteration. */
  rerankerId: z.string().nullable(),
  iteration: z.int(),
  source: candidateSourceSchema,
  settings: minedSettingsSchema,
  report: miningReportSchema,
  bytes: z.int(),
  seconds: z.number(),
  createdAt: z.iso.datetime()
})
export type Mining = z.infer<typeof miningSchema>

export const providerSchema = z.enum(['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml']).default('auto')

export const miningRequestSchema = z.object({
  name: z.string().min(1),
  datasetId: z.string(),
  /** The base model whose loss is the measure. */
  modelId: z.string(),
  source: candidateSourceSchema.default(usualCandidates),
  /** null: the newest that fits. */
  indexId: z.string().nullable().default(null),
  /** Chooses among the candidates, from the second iteration on. */
  rerankerId: z.string().nullable().default(null),
  settings: miningSettingsSchema.prefault({}),
  provider: providerSchema,
  /** Id of the place where it is mined; null: this computer. */
  place: z.string().nullable().default(null)
})
export type MiningRequest = z.output<typeof miningRequestSchema>

export const rerankerSettingsSchema = z.object({
  /** null: five, or as many as come to 2,000 steps; the checks end it sooner. */
  epochs: z.int().min(1).max(1000).nullable().default(null),
  batchSize: z.int().min(1).max(4096).default(64),
  /** null: by the size of the base, 1e-5 for RoBERTa-base. */
  learningRate: z.number().positive().max(1).nullable().default(null),
  warmupSteps: z.int().min(0).default(100),
  weightDecay: z.number().min(0).max(1).default(0.01),
  /** A pair of texts is cut at this many tokens. */
  maxTokens: z.int().min(8).default(512),
  /** Tasks that only judge; none: a share of the tasks, drawn by the seed. */
  validationTasks: z.array(z.string()).default([]),
  validationShare: z.number().gt(0).max(0.5).default(0.25),
  everySteps: z.int().min(1).default(50),
  /** Checks without a better AUC before the training ends; those before it has learnt anything do not count. */
  patience: z.int().min(1).default(5),
  /** Pairs that a query set gives at most; null: every row with every labelled candidate. */
  pairsPerSet: z.int().min(2).nullable().default(null),
  /** A control: with labels at random the AUC must come out near 0.5. */
  shuffledLabels: z.boolean().default(false),
  seed: z.int().nonnegative().default(42)
})
export type RerankerSettings = z.infer<typeof rerankerSettingsSchema>

/** A relation of two texts shows late: until then the loss of a small model stands still for hundreds of steps. */
const leastSteps = 2000
const usualEpochs = 5

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

export const trainRequestSchema = z.object({
  name: z.string().min(1),
  /** Minings, or jobs of minings that are under way: the training then waits for them. */
  miningIds: z.array(z.string()).min(1),
  /** A sentence encoder, or a pair classifier that is trained on. */
  baseId: z.string(),
  /** The order is compared with that of this reranker; null: with the one that mined. */
  previousId: z.string().nullable().default(null),
  /** Trains although the gate is closed. */
  override: z.boolean().default(false),
  settings: rerankerSettingsSchema.prefault({}),
  provider: providerSchema,
  /** Id of the place where it is trained; null: this computer. */
  place: z.string().nullable().default(null)
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
  format: z.literal(1),
  base: z.object({ name: z.string(), fingerprint: z.string() }),
  data: z.object({ name: z.string(), contentHash: z.string() }),
  minings: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      model: z.string(),
      usefulness: usefulnessSchema,
      sets: z.int(),
      gateOpen: z.boolean()
    })
  ),
  iteration: z.int(),
  /** The gate was closed, and the user trained all the same. */
  overridden: z.boolean(),
  tasks: z.object({ train: z.array(z.string()), validation: z.array(z.string()) }),
  pairs: z.object({ train: z.int(), validation: z.int() }),
  settings: rerankerSettingsSchema,
  /** The rate that was used. */
  learningRate: z.number().nullable().default(null),
  quality: rerankerQualitySchema,
  byTask: z.array(rerankerQualitySchema.extend({ task: z.string(), group: z.string() })),
  /** Kendall's τ between the orders of the previous reranker and of this one, on the validation's candidates. */
  agreement: z.number().nullable(),
  /** AUC of the previous reranker on the same sets. */
  previousAuc: z.number().nullable(),
  steps: z.int(),
  bestStep: z.int(),
  seconds: z.number(),
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
