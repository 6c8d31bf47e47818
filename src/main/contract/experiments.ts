import { z } from 'zod'
import { textOrNone } from './text-or-none.ts'
import { providerSchema } from './providers.ts'
import { embeddedOver } from './embedded-over.ts'
import { metricSchema } from './data.ts'
import { placeForecastSchema } from './places.ts'
import { evaluationSettingsSchema, retrievalSettingsSchema, tuneSettingsSchema } from './run-settings.ts'
import { type ModelRole, representationNames, strategyNames } from './strategies.ts'

/** Experiments: what the user asks for, and the plan that it becomes (runs: runs.ts). */

export const strategySchema = z.enum(strategyNames)

/** The models of an experiment by the part that they play; null where no strategy needs one. */
export const experimentModelsSchema = z.object({
  /** Id of the base model, which is tuned and answers. */
  base: z.string(),
  /** Id of the sentence encoder. */
  encoder: textOrNone.default(null),
  /** Id of the pair classifier that scores candidates anew. */
  reranker: textOrNone.default(null),
  /** Id of the encoder with a trained head. */
  retriever: textOrNone.default(null)
} satisfies Record<ModelRole, z.ZodType>)
export type ExperimentModels = z.infer<typeof experimentModelsSchema>

/** A comparison that is named before the start; such ones are tested as a family of their own. */
export const plannedSchema = z.object({
  /** The strategy that is expected to be better. */
  strategy: strategySchema,
  /** The strategy that it is compared with. */
  against: strategySchema
})

const settingValueSchema = z.union([z.number(), z.string(), z.boolean(), z.null(), z.array(z.string())])

/** A setting by its path, such as `retrieval.budget`, with one of the values that it has in a sweep. */
export const variedSchema = z.object({
  /** The setting's path, such as `retrieval.budget`. */
  path: z.string(),
  /** The value that it has here. */
  value: settingValueSchema
})

/** What a run's settings differ by from the experiment's own; empty: by nothing. */
export const variantSchema = z.array(variedSchema)
export type Variant = z.infer<typeof variantSchema>

/** One setting with several values; an experiment is computed for each. Several settings: for every combination. */
export const sweepSchema = z.object({
  /** The setting's path, such as `retrieval.budget`. Not empty. */
  path: z.string().min(1),
  /** The values that it shall have, each once. 1 to 100. */
  values: z.array(settingValueSchema).min(1).max(100)
})
export type Sweep = z.infer<typeof sweepSchema>

/** Of what was tuned: nothing; of each strategy and target the best run's; everything. */
export const keepWeightsSchema = z.enum(['none', 'best', 'all'])
export type KeepWeights = z.infer<typeof keepWeightsSchema>

export const experimentSpecSchema = z.object({
  /** What the user calls it. Not empty. */
  name: z.string().min(1),
  /** The models, by the part that they play. */
  models: experimentModelsSchema,
  /** Id of the upstream data. */
  datasetId: z.string(),
  /** Ids of the targets. At least one. */
  targetIds: z.array(z.string()).min(1),
  /** What is compared; zero-shot joins in by itself. At least one. */
  strategies: z.array(strategySchema).min(1),
  /** How many query sets each target is tuned for. 1 to 100. */
  rounds: z.int().min(1).max(100),
  /** How many queries a set has. 1 to 1,024. */
  queries: z.int().min(1).max(1024).default(16),
  /** Settings of retrieval. */
  retrieval: retrievalSettingsSchema,
  /** Settings of tuning. */
  tune: tuneSettingsSchema,
  /** Settings of the answers. */
  evaluation: evaluationSettingsSchema,
  /** Leave-one-group-out: repeat every retrieving strategy once without each of these groups. */
  ablateGroups: z.array(z.string()).default([]),
  /** Comparisons that the experiment was made for. All others of its table are corrected together, these among themselves. At most 50. */
  planned: z.array(plannedSchema).max(50).default([]),
  /** Settings that are varied; an experiment's table has a column for every combination. At most 3. */
  sweep: z.array(sweepSchema).max(3).default([]),
  /** The target whose queries are tuned for, whatever is tested; null: every target is tuned for by itself. */
  tuneFor: textOrNone.default(null),
  /** Seed of everything that is drawn at random. 0 or more. */
  seed: z.int().nonnegative().default(42),
  /** Seeds of random samples and of training, where these shall vary by themselves; null: `seed`. Each round adds one. 0 or more. */
  retrievalSeed: z.int().nonnegative().nullable().default(null),
  /** Seed of training, where it shall vary by itself; null: `seed`. Each round adds one. 0 or more. */
  trainingSeed: z.int().nonnegative().nullable().default(null),
  /** Who computes; auto: the fastest that works here. */
  provider: providerSchema,
  /** Id of the place where its runs compute; null or missing: this computer. */
  place: textOrNone.optional(),
  /** What is kept of what was tuned, once it has answered. Missing: as much as fits (see the plan); settled at the start. */
  keepWeights: keepWeightsSchema.optional(),
  /** The same for the indices that it needs and that are not built yet. */
  indexPlace: textOrNone.optional(),
  /**
   * Set where another program computed it: what answered, and the names of the files that its answers came from. `models.base` is then
   * no id but the same words, and its settings are nobody's.
   */
  foreign: z
    .object({
      /** What answered, in the user's words. */
      model: z.string(),
      /** Names of the files that the answers came from. */
      files: z.array(z.string())
    })
    .optional()
})
export type ExperimentSpec = z.infer<typeof experimentSpecSchema>

export const presetSchema = z.enum(['quick', 'paper', 'paper-code', 'thorough'])
export type PresetName = z.infer<typeof presetSchema>

/** What a preset fills in: all but what the experiment is made of. */
export const experimentSettingsSchema = experimentSpecSchema.omit({
  name: true,
  models: true,
  datasetId: true,
  targetIds: true
})

/** What a run is: one tuning (or none) and its evaluation on one or, for random and zero-shot, all targets. */
const runPlanSchema = z.object({
  /** Names the run within its plan. */
  key: z.string(),
  /** The strategy of the run. */
  strategy: strategySchema,
  /** Query set, counted from 0. */
  round: z.int(),
  /** Ids of the targets that it answers. */
  targetIds: z.array(z.string()),
  /** The group that was left out of the upstream data; null: none. */
  ablatedGroup: textOrNone,
  /** What its settings differ by from the experiment's own; empty: by nothing. */
  variant: variantSchema.default([]),
  /** Seed of what the run draws at random. */
  seed: z.int(),
  /** How long it will take, in seconds. */
  estimatedSeconds: z.number(),
  /** A finished run that answered the same already, which will be reused. */
  reusesRunId: textOrNone,
  /** A run, finished or to come, that tunes the same: its weights are taken over, and only the answers are new. */
  tunedByRunId: textOrNone.default(null)
})
export type RunPlan = z.infer<typeof runPlanSchema>

export const experimentPlanSchema = z.object({
  /** The runs, in the order in which they start. */
  runs: z.array(runPlanSchema),
  /** Indices that must be built first. */
  indices: z.array(
    z.object({
      /** What its vectors are. */
      representation: z.enum(representationNames),
      /** What they are made of: inputs alone, or inputs and answers. */
      over: z.enum(embeddedOver).default('input'),
      /** Whether it is there already. */
      exists: z.boolean(),
      /** How long building it will take, in seconds; 0 where it is there. */
      estimatedSeconds: z.number()
    })
  ),
  /** What a run that scores its candidates anew reads, and how long that takes; null where none does. */
  reranking: z
    .object({
      /** Pairs of query and candidate that a run reads: how many. */
      pairsPerRun: z.int(),
      /** How long reading them takes, in seconds. */
      secondsPerRun: z.number()
    })
    .nullable()
    .default(null),
  /** How long all of it will take, in seconds. */
  estimatedSeconds: z.number(),
  /** Memory of the largest job, in bytes. */
  estimatedBytesMemory: z.number(),
  /** Room that it will take on the disk, in bytes. */
  estimatedBytesDisk: z.number(),
  /** What the tuned weights take for each choice, which of them the plan reckons with, and which it would take by itself. */
  weights: z.object({
    /** Bytes of the weights for each choice. */
    bytes: z.record(keepWeightsSchema, z.number()),
    /** The choice that the plan reckons with. */
    keep: keepWeightsSchema,
    /** The choice that is taken where nobody chooses. */
    usual: keepWeightsSchema
  }),
  /** What is computed once for several runs, in sentences. */
  shared: z.array(z.string()),
  /** Where the work runs, in sentences; empty where it is the usual place. */
  places: z.array(z.string()),
  /** What awaits it at every other place that it uses. */
  elsewhere: z.array(placeForecastSchema).default([]),
  /** Smallest difference (percentage points of the first metric) that the plan can detect, per target. */
  detectable: z.array(
    z.object({
      /** Id of the target. */
      targetId: z.string(),
      /** How many rows are tested. */
      rows: z.int(),
      /** How many source items these rows come from. */
      sourceItems: z.int(),
      /** Found with 80 % power, with items, and query sets where there are three or more, as samples and all tests corrected together. */
      points: z.number(),
      /** The same with one more round, in points. */
      withOneMoreRound: z.number(),
      /** The same with ten more source items, in points. */
      withTenMoreItems: z.number(),
      /** Standard deviation between query sets that it reckons with, in points. */
      roundDeviation: z.number(),
      /** Worked out from how much answers differed in an earlier experiment on this target, not from what is usual. */
      measured: z.boolean()
    })
  ),
  /** Whether a difference of that size is one for other query sets too; with fewer than three rounds it is one for these alone. */
  forOtherQuerySets: z.boolean(),
  /** Rounds without which every target would see nearly the same. */
  wastedRounds: z.int(),
  /** What one should know before the start, in sentences. */
  warnings: z.array(z.string())
})
export type ExperimentPlan = z.infer<typeof experimentPlanSchema>

export const statusSchema = z.enum(['planned', 'running', 'paused', 'finished', 'failed', 'cancelled'])
export type ExperimentStatus = z.infer<typeof statusSchema>

/** What the best tuned strategy scores: the metric that is shown first, the mean over targets and rounds, as the comparison has it. */
const bestScoreSchema = z.object({
  /** The strategy that scores best. */
  strategy: strategySchema,
  /** The metric that is shown first. */
  metric: metricSchema,
  /** Mean score over targets and rounds, in points. */
  mean: z.number()
})
export type BestScore = z.infer<typeof bestScoreSchema>

export const experimentSchema = z.object({
  /** Names its runs and files as well. */
  id: z.string(),
  /** What was asked for, with every default put in. */
  spec: experimentSpecSchema,
  /** How far it is. */
  status: statusSchema,
  /** How many runs it has. */
  runs: z.int(),
  /** How many of them are finished. */
  finishedRuns: z.int(),
  /** Null: nothing tuned has been scored on all targets yet. */
  best: bestScoreSchema.nullable(),
  /** When it was started (UTC). */
  createdAt: z.iso.datetime(),
  /** When its last run ended (UTC); null: it has not. */
  finishedAt: z.iso.datetime().nullable()
})
export type Experiment = z.infer<typeof experimentSchema>
