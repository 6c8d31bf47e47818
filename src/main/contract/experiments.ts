import { z } from 'zod'
import { metricSchema } from './data.ts'
import { placeForecastSchema } from './places.ts'
import { evaluationSettingsSchema, retrievalSettingsSchema, tuneSettingsSchema } from './run-settings.ts'
import { type ModelRole, representationNames, strategyNames } from './strategies.ts'

/** Experiments: what the user asks for, the runs it becomes, and what comes out. */

export const strategySchema = z.enum(strategyNames)

/** The models of an experiment by the part that they play; null where no strategy needs one. */
export const experimentModelsSchema = z.object({
  base: z.string(),
  encoder: z.string().nullable().default(null),
  reranker: z.string().nullable().default(null),
  retriever: z.string().nullable().default(null)
} satisfies Record<ModelRole, z.ZodType>)
export type ExperimentModels = z.infer<typeof experimentModelsSchema>

/** A comparison that is named before the start; such ones are tested as a family of their own. */
export const plannedSchema = z.object({ strategy: strategySchema, against: strategySchema })

const settingValueSchema = z.union([z.number(), z.string(), z.boolean(), z.null(), z.array(z.string())])
/** A setting by its path, such as `retrieval.budget`, with one of the values that it has in a sweep. */
export const variedSchema = z.object({ path: z.string(), value: settingValueSchema })
/** What a run's settings differ by from the experiment's own; empty: by nothing. */
const variantSchema = z.array(variedSchema)
export type Variant = z.infer<typeof variantSchema>

/** One setting with several values; an experiment is computed for each. Several settings: for every combination. */
export const sweepSchema = z.object({ path: z.string().min(1), values: z.array(settingValueSchema).min(1).max(100) })
export type Sweep = z.infer<typeof sweepSchema>

/** Of what was tuned: nothing; of each strategy and target the best run's; everything. */
export const keepWeightsSchema = z.enum(['none', 'best', 'all'])
export type KeepWeights = z.infer<typeof keepWeightsSchema>

export const experimentSpecSchema = z.object({
  name: z.string().min(1),
  models: experimentModelsSchema,
  datasetId: z.string(),
  targetIds: z.array(z.string()).min(1),
  strategies: z.array(strategySchema).min(1),
  rounds: z.int().min(1).max(100),
  queries: z.int().min(1).max(1024).default(16),
  retrieval: retrievalSettingsSchema,
  tune: tuneSettingsSchema,
  evaluation: evaluationSettingsSchema,
  /** Leave-one-group-out: repeat every retrieving strategy once without each of these groups. */
  ablateGroups: z.array(z.string()).default([]),
  /** Comparisons that the experiment was made for. All others of its table are corrected together, these among themselves. */
  planned: z.array(plannedSchema).max(50).default([]),
  sweep: z.array(sweepSchema).max(3).default([]),
  /** The target whose queries are tuned for, whatever is tested; null: every target is tuned for by itself. */
  tuneFor: z.string().nullable().default(null),
  seed: z.int().nonnegative().default(42),
  /** Seeds of random samples and of training, where these shall vary by themselves; null: `seed`. Each round adds one. */
  retrievalSeed: z.int().nonnegative().nullable().default(null),
  trainingSeed: z.int().nonnegative().nullable().default(null),
  provider: z.enum(['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml']).default('auto'),
  /** Id of the place where its runs compute; null or missing: this computer. */
  place: z.string().nullable().optional(),
  /** What is kept of what was tuned, once it has answered. Missing: as much as fits (see the plan); settled at the start. */
  keepWeights: keepWeightsSchema.optional(),
  /** The same for the indices that it needs and that are not built yet. */
  indexPlace: z.string().nullable().optional(),
  /**
   * Set where another program computed it: what answered, and the names of the files that its answers came from. `models.base` is then
   * no id but the same words, and its settings are nobody's.
   */
  foreign: z.object({ model: z.string(), files: z.array(z.string()) }).optional()
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
  key: z.string(),
  strategy: strategySchema,
  round: z.int(),
  targetIds: z.array(z.string()),
  ablatedGroup: z.string().nullable(),
  variant: variantSchema.default([]),
  seed: z.int(),
  estimatedSeconds: z.number(),
  /** A finished run that answered the same already, which will be reused. */
  reusesRunId: z.string().nullable(),
  /** A run, finished or to come, that tunes the same: its weights are taken over, and only the answers are new. */
  tunedByRunId: z.string().nullable().default(null)
})
export type RunPlan = z.infer<typeof runPlanSchema>

export const experimentPlanSchema = z.object({
  runs: z.array(runPlanSchema),
  /** Indices that must be built first. */
  indices: z.array(
    z.object({ representation: z.enum(representationNames), exists: z.boolean(), estimatedSeconds: z.number() })
  ),
  /** What a run that scores its candidates anew reads, and how long that takes; null where none does. */
  reranking: z.object({ pairsPerRun: z.int(), secondsPerRun: z.number() }).nullable().default(null),
  estimatedSeconds: z.number(),
  estimatedBytesMemory: z.number(),
  estimatedBytesDisk: z.number(),
  /** What the tuned weights take for each choice, which of them the plan reckons with, and which it would take by itself. */
  weights: z.object({
    bytes: z.record(keepWeightsSchema, z.number()),
    keep: keepWeightsSchema,
    usual: keepWeightsSchema
  }),
  shared: z.array(z.string()),
  /** Where the work runs, in sentences; empty where it is the usual place. */
  places: z.array(z.string()),
  /** What awaits it at every other place that it uses. */
  elsewhere: z.array(placeForecastSchema).default([]),
  /** Smallest difference (percentage points of the first metric) that the plan can detect, per target. */
  detectable: z.array(
    z.object({
      targetId: z.string(),
      rows: z.int(),
      sourceItems: z.int(),
      /** Found with 80 % power, with query sets and items as samples and all tests corrected together. */
      points: z.number(),
      /** What one more round would make of it, and ten more source items. */
      withOneMoreRound: z.number(),
      withTenMoreItems: z.number(),
      /** Standard deviation between query sets that it reckons with, in points. */
      roundDeviation: z.number(),
      /** Worked out from how much answers differed in an earlier experiment on this target, not from what is usual. */
      measured: z.boolean()
    })
  ),
  /** Rounds without which every target would see nearly the same. */
  wastedRounds: z.int(),
  warnings: z.array(z.string())
})
export type ExperimentPlan = z.infer<typeof experimentPlanSchema>

export const statusSchema = z.enum(['planned', 'running', 'paused', 'finished', 'failed', 'cancelled'])
export type ExperimentStatus = z.infer<typeof statusSchema>

/** What the best tuned strategy scores: the metric that is shown first, the mean over targets and rounds, as the comparison has it. */
const bestScoreSchema = z.object({ strategy: strategySchema, metric: metricSchema, mean: z.number() })
export type BestScore = z.infer<typeof bestScoreSchema>

export const experimentSchema = z.object({
  id: z.string(),
  spec: experimentSpecSchema,
  status: statusSchema,
  runs: z.int(),
  finishedRuns: z.int(),
  /** Null: nothing tuned has been scored on all targets yet. */
  best: bestScoreSchema.nullable(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable()
})
export type Experiment = z.infer<typeof experimentSchema>

export const runSchema = z.object({
  id: z.string(),
  experimentId: z.string(),
  fingerprint: z.string(),
  strategy: strategySchema,
  round: z.int(),
  ablatedGroup: z.string().nullable(),
  /** What it is tested on: one target, or all that share its tuning. */
  targetIds: z.array(z.string()),
  seed: z.int(),
  variant: variantSchema.default([]),
  /** Fingerprint of the weights that it answers with; null where an earlier version did not note it. */
  tuning: z.string().nullable().default(null),
  /** By target the fingerprint of what it was asked there: weights, test rows, settings of the answers. */
  asked: z.record(z.string(), z.string()).default({}),
  status: statusSchema,
  jobId: z.string().nullable(),
  provider: z.string().nullable(),
  seconds: z.object({ retrieve: z.number(), tune: z.number(), evaluate: z.number(), total: z.number() }).nullable(),
  peakBytes: z.number().nullable(),
  versions: z.record(z.string(), z.string()),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable()
})
export type Run = z.infer<typeof runSchema>

/** Which runs of an experiment still have what they tuned. */
export const keptWeightsSchema = z.object({
  keep: keepWeightsSchema,
  bytes: z.number(),
  runs: z.array(z.object({ runId: z.string(), bytes: z.number() }))
})
export type KeptWeights = z.infer<typeof keptWeightsSchema>

/** What a run was made from, with the hash of its content: still known when the thing itself was deleted. */
export const identitySchema = z.object({ kind: z.string(), id: z.string(), name: z.string(), hash: z.string() })
export type Identity = z.infer<typeof identitySchema>

export const scoreSchema = z.object({
  runId: z.string(),
  targetId: z.string(),
  metric: metricSchema,
  /** 0…100 (Matthews and Pearson: -100…100). */
  value: z.number(),
  examples: z.int()
})
export type Score = z.infer<typeof scoreSchema>

/** One line of runs/<id>/predictions-<target>.jsonl. */
export const predictionSchema = z.object({
  exampleId: z.int(),
  input: z.string(),
  references: z.array(z.string()),
  output: z.string(),
  /** 0…100 by metric; metrics that exist only for a whole set are missing. */
  scores: z.record(z.string(), z.number()),
  sourceItem: z.int()
})
export type Prediction = z.infer<typeof predictionSchema>

/** One line of a retrieved set. */
export const retrievedExampleSchema = z.object({
  exampleId: z.int(),
  /** Larger is nearer, whatever the representation. Null for random. */
  score: z.number().nullable(),
  /** The query that brought it (its place in the query set), null for random. */
  query: z.int().nullable(),
  /** 1 is that query's nearest. */
  rank: z.int(),
  task: z.string(),
  group: z.string(),
  /** Where it was scored anew: its place among all candidates and its score, before and after each stage. */
  trail: z.array(z.object({ stage: z.string(), rank: z.int(), score: z.number().nullable() })).optional()
})
export type RetrievedExample = z.infer<typeof retrievedExampleSchema>
