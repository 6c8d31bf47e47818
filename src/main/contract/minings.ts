import { z } from 'zod'
import { textOrNone } from './text-or-none.ts'
import { providerSchema } from './providers.ts'
import { candidates, type CandidatesName, chance, pipelineOf, usualStrategy } from './strategies.ts'

/**
 * Distant supervision. A query set is some rows of one upstream task; candidates are rows of other tasks. How
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
  /** Query sets in all. The paper's code: 300. 1 to 100,000. */
  sets: z.int().min(1).max(100_000).default(300),
  /** Rows of a query set. 1 to 256. */
  rows: z.int().min(1).max(256).default(8),
  /** Candidates that the rows of a set bring together, in turns. 4 to 100,000. */
  candidates: z.int().min(4).max(100_000).default(480),
  /** How many of them are judged. 4 to 10,000. */
  keep: z.int().min(4).max(10_000).default(100),
  /** Which: the first, as in the paper, or evenly from the first to the last, so that there are better and worse ones. */
  kept: z.enum(['first', 'evenly']).default('evenly'),
  /**
   * Share of the judged candidates that are rows of the other tasks that are mined, drawn as query sets are: a group, a task, a row.
   * What is useful for one set then stands among the candidates of the others, so that usefulness hangs on the query. The paper: 0.
   * 0 to 1.
   */
  otherTasks: z.number().min(0).max(1).default(0.5),
  /** How usefulness is measured. */
  usefulness: usefulnessSchema.default('influence'),
  /** Candidates that are tuned on together. 1 to 1,000. */
  groupSize: z.int().min(1).max(1000).default(20),
  /** group-loss: how often the candidates are divided into groups anew; influence: parts of the labelled rows. 2 to 100. */
  draws: z.int().min(2).max(100).default(3),
  /** Labelled rows of the task whose loss is the measure. 4 to 10,000. */
  labelledRows: z.int().min(4).max(10_000).default(100),
  /** How many of the best and of the worst candidates of a set become examples for the reranker. 1 to 1,000. */
  positives: z.int().min(1).max(1000).default(8),
  /**
   * Which of the less useful half: the least useful, as in the paper, or rows of tasks that are useful in other sets as often, so
   * that a candidate's own text does not give its label away.
   */
  negatives: z.enum(['least-useful', 'balanced']).default('balanced'),
  /** Only these tasks; none: all. */
  tasks: z.array(z.string()).default([]),
  /** Without these tasks; none: all. */
  withoutTasks: z.array(z.string()).default([]),
  /** Of the trial tunings; null: the one of several at which a task's own rows help most. Above 0, at most 1. */
  learningRate: z.number().positive().max(1).nullable().default(null),
  /** How many candidates a step of a trial tuning takes at once. 1 to 1,024. */
  batchSize: z.int().min(1).max(1024).default(2),
  /** Largest length of a gradient (L2 norm), in the loss's own unit; longer ones are cut to it; null: none is. Above 0. */
  clipNorm: z.number().positive().nullable().default(1),
  /** Share of the probability that is spread over all words, 0 to 0.9. */
  labelSmoothing: z.number().min(0).max(0.9).default(0),
  /** Inputs are cut at so many tokens. At least 1. */
  maxInputTokens: z.int().min(1).default(256),
  /** Answers are cut at so many tokens. At least 1. */
  maxOutputTokens: z.int().min(1).default(64),
  /** Seed of everything that is drawn. 0 or more. */
  seed: z.int().nonnegative().default(42)
})
export type MiningSettings = z.infer<typeof miningSettingsSchema>

/** Settings as they were written down; minings from before there was a choice took what the retrieval found, as the paper. */
export const minedSettingsSchema = miningSettingsSchema.extend({
  /** As above, with none where it was not yet written down. 0 to 1. */
  otherTasks: miningSettingsSchema.shape.otherTasks.unwrap().default(0),
  /** As above, with the paper's where it was not yet written down. */
  negatives: miningSettingsSchema.shape.negatives.unwrap().default('least-useful')
})

/** A condition of the gate, with what was found. */
const gateCheckSchema = z.object({
  /** Which condition it is. */
  name: z.enum(['head-room', 'reliability', 'best-group', 'same-group']),
  /** null where the data do not allow the check, e.g. tasks without groups. */
  holds: z.boolean().nullable(),
  /** What was found, in a sentence. */
  text: z.string()
})
export type GateCheck = z.infer<typeof gateCheckSchema>

/** A mean over tasks (each the mean of its sets), with the one-sided p-value that it is below zero; null with under 2 tasks. */
const contrastSchema = z.object({
  /** The mean, in the unit of what is compared. */
  mean: z.number(),
  /** How many tasks it is over. */
  tasks: z.int(),
  /** How many query sets it is over. */
  sets: z.int(),
  /** One-sided p-value; null with fewer than 2 tasks. */
  p: z.number().nullable()
})
export type Contrast = z.infer<typeof contrastSchema>

const differenceSchema = z.object({
  /** Difference of one Brier score and the other, −1 to 1, a mean over tasks or groups: below 0 the prediction is the better one. */
  mean: z.number(),
  /** One-sided p-value over tasks or groups that it is not, 0 to 1. */
  p: z.number()
})

/** Brier scores: 0 perfect, 1 always wrong; means over what is told by the others alone. */
const tellingSchema = z.object({
  /** The score of the prediction, 0 to 1. */
  brier: z.number(),
  /** The score of tuning always, 0 to 1. */
  always: z.number(),
  /** The score of saying of every case how often tuning helps on the others, 0 to 1. */
  baseRate: z.number(),
  /** The prediction's minus that of tuning always. */
  againstAlways: differenceSchema,
  /** The prediction's minus that of how often it helps on the others. */
  againstBaseRate: differenceSchema
})

/** Whether it can be told before any tuning that tuning hurts, by features of the inputs; each task is told by the others alone. */
const hurtSchema = z.object({
  /** How many cases: a query set with those of its candidates that come from one group. */
  cases: z.int(),
  /** How many tasks they are of. */
  tasks: z.int(),
  /** Share of the cases in which the candidates lower the loss, 0 to 1. */
  helped: z.number(),
  /** Why it was not judged: too few cases or tasks, or tuning always helps, or never; null where it was. */
  unknown: z.enum(['too-few', 'one-sided']).nullable(),
  /** How well it is told, over tasks; null where it was not judged. */
  judged: tellingSchema.nullable(),
  /** The same of a target of a new kind, over groups: told without its group, which brings no candidates either; null where it was not judged. */
  newKind: tellingSchema.nullable().default(null)
})
export type Hurt = z.infer<typeof hurtSchema>

/** The prediction is better than tuning always, and than knowing only how often it helps; by chance once in 20 times at most. */
export function tellsHurt({ againstAlways, againstBaseRate }: NonNullable<Hurt['judged']>): boolean {
  return [againstAlways, againstBaseRate].every(({ mean, p }) => mean < 0 && p < 0.05)
}

export const miningReportSchema = z.object({
  /** How many query sets were mined. */
  sets: z.int(),
  /** What was measured, by task. */
  tasks: z.array(
    z.object({
      /** Name of the task. */
      task: z.string(),
      /** Group of the task. */
      group: z.string(),
      /** How many query sets it has. */
      sets: z.int(),
      /** Mean loss before anything is tuned, in nats per output token; null where labels came in from elsewhere. */
      baseLoss: z.number().nullable(),
      /** Change of the loss by tuning on the task's own rows; null where labels came in from elsewhere. */
      ownRows: z.number().nullable(),
      /** Mean change of the loss by candidates of its own group, in the measure's unit; null: there are none. */
      sameGroup: z.number().nullable(),
      /** Mean change of the loss by the other candidates, in the measure's unit; null: there are none. */
      others: z.number().nullable()
    })
  ),
  /** Mean loss of the labelled rows before anything is tuned, in nats per output token; null, like all that is measured here, where labels came in from elsewhere. */
  baseLoss: z.number().nullable(),
  /** Change of the loss by tuning on as many rows of the task itself: what there is to be gained. */
  headRoom: contrastSchema.nullable(),
  /** Agreement of usefulness between halves of the measurement, for the whole of it (Spearman-Brown); mean over sets. */
  reliability: z.number().nullable(),
  /** Share of sets in which tuning on the best candidates lowers the loss of labelled rows that did not choose them. */
  bestBeatsBase: z.number().nullable(),
  /** Loss after the best candidates minus loss after the worst, on those rows. */
  bestAgainstWorst: contrastSchema.nullable(),
  /** Usefulness rank (0 best … 1 worst) of candidates of the task's own group minus that of the others; null without groups. */
  sameGroup: contrastSchema.nullable(),
  /** Distinct query rows that brought the kept candidates, least over the sets. */
  fewestBringers: z.int().nullable(),
  /** Learning rate of the trial tunings, a step's size without a unit. */
  learningRate: z.number().nullable(),
  /** Pairs that were labelled. */
  pairs: z.object({
    /** How many that help. */
    positive: z.int(),
    /** How many that do not. */
    negative: z.int()
  }),
  /** Whether these pairs are worth training on. */
  gate: z.object({
    /** Whether every condition holds, or cannot be checked. */
    open: z.boolean(),
    /** The conditions, each with what was found. */
    checks: z.array(gateCheckSchema)
  }),
  /** Whether it can be told before any tuning that tuning hurts; null: not asked, by an older lab or where labels came in from elsewhere. */
  hurt: hurtSchema.nullable().default(null),
  /** Processor time in seconds, over all cores. */
  cpuSeconds: z.number(),
  /** How many tunings and gradients were computed. */
  trials: z.int()
})
export type MiningReport = z.infer<typeof miningReportSchema>

/** One labelled candidate, a line of pairs.jsonl. */
export const minedPairSchema = z.object({
  /** Number of the query set, from 0. */
  set: z.int(),
  /** Task of the query set. */
  task: z.string(),
  /** Numbers of the query set's examples, from 1. */
  queryIds: z.array(z.int()),
  /** Number of the candidate, from 1. */
  candidateId: z.int(),
  /** Change of the task's loss, in the measure's own unit: negative helps. */
  delta: z.number(),
  /** 1 helps, 0 does not. */
  label: z.union([z.literal(0), z.literal(1)]),
  /** How often rerankers had been trained before: 0 is the first mining. */
  iteration: z.int()
})
export type MinedPair = z.infer<typeof minedPairSchema>

/** What was mined: a record of the lab, with files in <home>/minings/<id>. */
export const miningSchema = z.object({
  /** Its id; names its folder as well. */
  id: z.string(),
  /** What the user calls it. */
  name: z.string(),
  /** Id of the upstream data. */
  datasetId: z.string(),
  /** Id of the base model whose loss was the measure; of pairs that came in from elsewhere, what labelled them, in words. */
  modelId: z.string(),
  /** The reranker that chose among the candidates; null in the first iteration. */
  rerankerId: textOrNone,
  /** How many rerankers were trained before it. */
  iteration: z.int(),
  /** Where candidates came from. */
  source: candidateSourceSchema,
  /** What was mined, and how much of it. */
  settings: minedSettingsSchema,
  /** What came out. */
  report: miningReportSchema,
  /** Size on disk in bytes. */
  bytes: z.int(),
  /** How long it took, in seconds. */
  seconds: z.number(),
  /** When it was made (UTC). */
  createdAt: z.iso.datetime()
})
export type Mining = z.infer<typeof miningSchema>

export const miningRequestSchema = z.object({
  /** What the user calls it. Not empty. */
  name: z.string().min(1),
  /** Id of the upstream data. */
  datasetId: z.string(),
  /** The base model whose loss is the measure. */
  modelId: z.string(),
  /** Where candidates come from. */
  source: candidateSourceSchema.default(usualCandidates),
  /** null: the newest that fits. */
  indexId: textOrNone.default(null),
  /** Chooses among the candidates, from the second iteration on. */
  rerankerId: textOrNone.default(null),
  /**
   * Paths of files of the original's tuples (better_tuple.json and the like): their labels are brought in, and nothing is measured.
   * `modelId` is then no id but says in words what labelled them. Null: pairs are mined. At least one.
   */
  tuples: z.array(z.string()).min(1).nullable().default(null),
  /** What is mined, and how much of it. */
  settings: miningSettingsSchema.prefault({}),
  /** Who computes; auto: the fastest that works here. */
  provider: providerSchema,
  /** Id of the place where it is mined; null: this computer. */
  place: textOrNone.default(null)
})
export type MiningRequest = z.output<typeof miningRequestSchema>
