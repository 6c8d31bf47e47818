import { errorCodes } from './error-codes.ts'
import { z } from 'zod'
import { defaultIndexTokens } from './index-settings.ts'
import {
  columnLabelsSchema,
  columnMappingSchema,
  datasetKindSchema,
  importFormatSchema,
  metricSchema,
  queryExampleSchema,
  readingSchema,
  rejectedLineSchema
} from './data.ts'
import {
  evaluationSettingsSchema,
  identitySchema,
  retrievalSettingsSchema,
  strategySchema,
  tuneSettingsSchema
} from './experiments.ts'
import {
  candidateSourceSchema,
  miningReportSchema,
  miningSettingsSchema,
  rerankerCardSchema,
  rerankerSettingsSchema,
  retrieverCardSchema,
  retrieverSettingsSchema,
  usefulnessSchema
} from './reranking.ts'
import { precisions } from './precision.ts'
import { representationNames } from './strategies.ts'
import { packedStudySchema } from './study-zip.ts'
import { answererSchema, exportFormatSchema, tunedRunSchema } from './tuned-models.ts'
import { driveSourceSchema, filesSourceSchema, hubSourceSchema, urlSourceSchema } from './sources.ts'

/**
 * Jobs: what workers do. One row per kind with the schema of its input and output; the same input schema checks the
 * wizard's form. Paths are absolute; a worker writes only into the folder that it is given.
 */

export const providerSchema = z.enum(['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml']).default('auto')

export const encoderRef = z.object({
  modelId: z.string(),
  folder: z.string(),
  representation: z.enum(representationNames),
  /** Put before every text; empty: nothing. */
  prefix: z.string().default('')
})

export const indexRef = z.object({
  indexId: z.string(),
  folder: z.string(),
  encoder: encoderRef,
  /** How it was searched when this was planned; left out: as it is. What finds it searched otherwise is refused. */
  search: z.string().optional()
})
/** A model by its id and its folder. */
export const modelRef = z.object({ modelId: z.string(), folder: z.string() })
/** The indices that a strategy searches: at most one of each kind. */
export const indexRefs = z.array(indexRef)

/** What is found in a model folder. */
const installedModelSchema = z.object({
  role: z.enum(['seq2seq', 'encoder', 'pair-classifier']),
  architecture: z.string(),
  parameters: z.int(),
  hiddenSize: z.int(),
  maxInputTokens: z.int().nullable(),
  fingerprint: z.string(),
  bytes: z.int(),
  /** Of a reranker that the lab trained: on what, and how good it is. */
  reranker: rerankerCardSchema.nullable().default(null),
  /** Of a retriever that the lab trained. */
  retriever: retrieverCardSchema.nullable().default(null)
})

export const sampleQueriesSchema = z.object({
  size: z.int().min(1).max(1024),
  rounds: z.int().min(1).max(100),
  seed: z.int().min(0)
})

const importAsSchema = z.object({
  kind: datasetKindSchema,
  /** By default the name of the download. */
  name: z.string().nullable(),
  format: importFormatSchema.nullable().default(null),
  reading: readingSchema,
  mapping: columnMappingSchema.nullable(),
  /** Targets: query sets to draw from the rows. */
  sampleQueries: sampleQueriesSchema.nullable().default(null),
  skipLimit: z.int().min(0)
})

const miningsToTrainOn = z
  .array(
    z.object({
      id: z.string(),
      name: z.string(),
      folder: z.string(),
      model: z.string(),
      usefulness: usefulnessSchema,
      sets: z.int(),
      /** Null: it was still being mined when the training was asked for; its report says. */
      gateOpen: z.boolean().nullable()
    })
  )
  .min(1)

/** What an index is made of, and how. */
const indexInput = z.object({
  indexId: z.string(),
  datasetId: z.string(),
  dataset: z.string(),
  encoder: encoderRef,
  /** Folder of the index that a trained retriever's head was trained on, where it is there. */
  derivedFrom: z.string().nullable().default(null),
  /** Longer inputs are cut here; where the encoder reads fewer tokens, there. */
  maxTokens: z.int().min(1).default(defaultIndexTokens),
  vectorPrecision: z.enum(['fp32', 'fp16']).default('fp32'),
  modelPrecision: z.enum(precisions).default('fp32'),
  search: z.enum(['auto', 'exact', 'hnsw']).default('auto'),
  hnsw: z
    .object({
      m: z.int().min(2).max(100),
      efConstruction: z.int().min(10).max(2000),
      ef: z.int().min(10).max(2000)
    })
    .nullable()
    .default(null),
  /** How many worker processes embed at the same time, each with its own copy of the encoder. */
  shards: z.int().min(1).max(64).default(1),
  provider: providerSchema
})

export const jobSchemas = {
  /** Does nothing useful, slowly: proves that jobs, progress, pause and crash handling work on this machine. */
  'self-test': {
    input: z.object({
      steps: z.int().min(1).default(10),
      milliseconds: z.int().min(0).default(50),
      /** spin: five seconds of nothing but computing; hang: neither computing nor answering. */
      fail: z.enum(['no', 'throw', 'abort', 'memory', 'spin', 'hang']).default('no')
    }),
    output: z.object({ steps: z.int() })
  },
  'import-dataset': {
    input: z.object({
      datasetId: z.string(),
      name: z.string().min(1),
      kind: datasetKindSchema,
      files: z.array(z.string()).min(1),
      /** Files are named by their place under this folder, which tells task and template; `name` stands for the folder. */
      root: z
        .object({
          folder: z.string(),
          name: z.string(),
          /** By path under the folder: the configuration that a file is of, which is its task. */
          configs: z.record(z.string(), z.string()).default({})
        })
        .nullable()
        .default(null),
      format: importFormatSchema.nullable(),
      reading: readingSchema.default({}),
      mapping: columnMappingSchema.nullable(),
      /** Words for label numbers that the source names beside the files; used where the mapping is guessed. */
      labels: columnLabelsSchema.default({}),
      groupsFile: z.string().nullable(),
      querySetsFile: z.string().nullable(),
      /** Targets: query sets to draw from the rows; what is drawn, with its variants, is left out of the test. */
      sampleQueries: sampleQueriesSchema.nullable().default(null),
      /** How many bad lines are set aside before the import gives up. */
      skipLimit: z.int().min(0).default(0),
      licence: z.string().default('unknown'),
      source: z.string()
    }),
    output: z.object({
      contentHash: z.string(),
      examples: z.int(),
      tasks: z.int(),
      groups: z.int(),
      duplicates: z.int(),
      rejected: z.int(),
      bytes: z.int(),
      sourceItems: z.int(),
      /** Whether any row has a right answer. */
      labelled: z.boolean().default(true),
      querySets: z.array(z.object({ size: z.int(), round: z.int(), queries: z.array(queryExampleSchema) })),
      firstRejected: z.array(rejectedLineSchema)
    })
  },
  download: {
    input: z.object({
      catalogId: z.string().nullable(),
      kind: z.enum(['dataset', 'model']),
      name: z.string(),
      source: z.discriminatedUnion('type', [hubSourceSchema, driveSourceSchema, urlSourceSchema, filesSourceSchema]),
      mirror: z.string().nullable(),
      proxy: z.string().nullable(),
      token: z.string().nullable(),
      /** Datasets: how the files are imported once they are there. */
      importAs: importAsSchema.default({
        kind: 'upstream',
        name: null,
        format: null,
        reading: {},
        mapping: null,
        sampleQueries: null,
        skipLimit: 100
      }),
      /** A folder of `huggingface_hub` that may hold the files already. */
      cache: z.string().nullable().default(null)
    }),
    output: z.object({
      files: z.array(z.object({ path: z.string(), bytes: z.int(), sha256: z.string() })),
      /** As the repository's card says; null where it says nothing. */
      licence: z.string().nullable().default(null),
      /** What the card says about label numbers, and how tables are read. */
      labels: columnLabelsSchema.default({}),
      reading: readingSchema.default({}),
      /** By path under the folder: the configuration that the card puts a file in. */
      configs: z.record(z.string(), z.string()).default({})
    })
  },
  /** Measures how useful upstream rows are for upstream tasks, in the mining's own folder; see reranking.ts. */
  'mine-pairs': {
    input: z.object({
      miningId: z.string(),
      name: z.string(),
      datasetId: z.string(),
      dataset: z.string(),
      /** The base model whose loss is the measure. */
      model: z.object({
        id: z.string(),
        name: z.string(),
        folder: z.string(),
        prefix: z.string(),
        fingerprint: z.string()
      }),
      source: candidateSourceSchema,
      /** Searched for candidates. */
      indices: indexRefs,
      /** The last reranker chooses among the candidates; null in the first iteration. */
      reranker: z.object({ id: z.string(), folder: z.string(), fingerprint: z.string() }).nullable(),
      iteration: z.int().min(0).default(0),
      settings: miningSettingsSchema,
      /** Mines every `of`-th query set only, and leaves the report to the job without a part. */
      part: z
        .object({ number: z.int().min(0), of: z.int().min(1) })
        .nullable()
        .default(null),
      provider: providerSchema
    }),
    output: z.object({ report: miningReportSchema.nullable(), bytes: z.int(), seconds: z.number() })
  },
  /** Trains a pair classifier on mined pairs; its folder becomes that of an installed model. */
  'train-reranker': {
    input: z.object({
      modelId: z.string(),
      name: z.string(),
      data: z.object({ id: z.string(), name: z.string(), path: z.string() }),
      minings: miningsToTrainOn,
      /** A sentence encoder, or a pair classifier that is trained on. */
      base: z.object({ id: z.string(), name: z.string(), folder: z.string(), fingerprint: z.string() }),
      /** The reranker of the iteration before, to compare orders with. */
      previous: z.object({ id: z.string(), folder: z.string() }).nullable(),
      iteration: z.int().min(0).default(0),
      /** The gate is closed, and the user wants it all the same. */
      overridden: z.boolean().default(false),
      /** Where a mining's gate turns out to be closed, it is trained all the same. */
      override: z.boolean().default(false),
      settings: rerankerSettingsSchema,
      provider: providerSchema
    }),
    output: installedModelSchema
  },
  /** Trains a head on the vectors of an index with mined pairs; its folder becomes that of an installed model. */
  'train-retriever': {
    input: z.object({
      modelId: z.string(),
      name: z.string(),
      data: z.object({ id: z.string(), name: z.string(), path: z.string() }),
      minings: miningsToTrainOn,
      /** The index whose vectors are read, and the model that made them. */
      index: z.object({ id: z.string(), folder: z.string() }),
      base: z.object({ id: z.string(), name: z.string(), folder: z.string() }),
      /** Its scores are distilled; null: it learns from the labels. */
      reranker: z.object({ id: z.string(), name: z.string(), folder: z.string() }).nullable(),
      overridden: z.boolean().default(false),
      /** Where a mining's gate turns out to be closed, it is trained all the same. */
      override: z.boolean().default(false),
      settings: retrieverSettingsSchema,
      provider: providerSchema
    }),
    output: installedModelSchema
  },
  /** Checks a folder in Hugging Face layout and copies (or moves) it into the lab's models. */
  'install-model': {
    input: z.object({
      modelId: z.string(),
      name: z.string(),
      from: z.string(),
      move: z.boolean().default(false),
      /** A base model's encoder alone, as a sentence encoder: the mean of its last states. */
      asEncoder: z.boolean().default(false),
      prefix: z.string().default(''),
      /** Where the model comes from, for its record; by default the folder. */
      source: z.string().nullable().default(null),
      licence: z.string().default('unknown')
    }),
    output: installedModelSchema
  },
  /** Writes what a run has tuned into the job's folder: a model of its own, or its adapter. */
  'export-model': {
    input: z.object({
      run: tunedRunSchema,
      format: exportFormatSchema,
      /** The name under which it becomes a model of the lab as well; null: it does not. */
      installAs: z.string().min(1).nullable().default(null),
      /** It is only written to be installed, and its files may be taken. */
      passing: z.boolean().default(false)
    }),
    output: z.object({
      files: z.array(z.object({ path: z.string(), bytes: z.int(), sha256: z.string() })),
      /** What is put before its inputs and outputs. */
      prefix: z.string()
    })
  },
  /** Packs a study or a bundle into one zip; packing.json in the job's folder says what is in it. */
  'export-study': {
    input: z.object({ path: z.string(), missing: z.array(z.string()) }),
    output: packedStudySchema
  },
  /** Unpacks the named folders of a study's zip into the job's folder, and checks all of it. */
  'import-study': {
    input: z.object({ path: z.string(), folders: z.array(z.string()) }),
    output: z.object({ files: z.int() })
  },
  /** Answers a file of questions with a run's tuned model or a model as it is; answers.json in the job's folder holds them. */
  'answer-file': {
    input: z.object({ by: answererSchema, file: z.string(), provider: providerSchema }),
    output: z.object({ questions: z.int() })
  },
  'build-index': {
    input: indexInput,
    output: z.object({
      fingerprint: z.string(),
      dimension: z.int(),
      vectors: z.int(),
      search: z.enum(['exact', 'hnsw']),
      recall: z.number(),
      bytes: z.int(),
      seconds: z.number()
    })
  },
  /** Embeds every `of`-th chunk of an index in a folder of its own; the job that builds the index takes it in. */
  'embed-shard': {
    input: indexInput.omit({ shards: true }).extend({ number: z.int().min(0), of: z.int().min(1) }),
    output: z.object({ vectors: z.int(), seconds: z.number() })
  },
  /** Writes an index into a database that others use. */
  'publish-index': {
    input: z.object({
      indexId: z.string(),
      folder: z.string(),
      dataset: z.string(),
      name: z.string(),
      server: z.string(),
      graph: z.boolean().default(false)
    }),
    output: z.object({ rows: z.int(), vectors: z.int(), seconds: z.number() })
  },
  /** Brings the vectors of a shared index here. */
  'fetch-index': {
    input: z.object({ server: z.string(), fingerprint: z.string() }),
    output: z.object({ vectors: z.int(), seconds: z.number() })
  },
  /** Finds upstream rows that are a target's own data, exactly or nearly. */
  'leak-check': {
    input: z.object({
      dataset: z.string(),
      target: z.string(),
      /** Ids of the two, for whoever keeps the result. */
      datasetId: z.string(),
      targetId: z.string()
    }),
    output: z.object({
      leaks: z.array(
        z.object({
          exampleId: z.int(),
          targetExampleId: z.int(),
          kind: z.enum(['exact', 'near']),
          similarity: z.number()
        })
      ),
      seconds: z.number()
    })
  },
  /** One run of an experiment: retrieve, tune, evaluate. Every phase's result is a file in the run's folder. */
  'run-strategy': {
    input: z.object({
      runId: z.string(),
      fingerprint: z.string(),
      strategy: strategySchema,
      round: z.int(),
      seed: z.int(),
      /** Of random samples and of training; missing: `seed`. */
      seeds: z.object({ retrieval: z.int(), training: z.int() }).optional(),
      model: z.object({ id: z.string(), folder: z.string(), prefix: z.string() }),
      dataset: z.string(),
      indices: indexRefs,
      reranker: modelRef.nullable().default(null),
      targets: z.array(
        z.object({
          targetId: z.string(),
          dataset: z.string(),
          metrics: z.array(metricSchema),
          answerBy: z.enum(['generation', 'choices']),
          queries: z.array(queryExampleSchema),
          excludedIds: z.array(z.int())
        })
      ),
      /** What is tuned for, where that is not simply the targets that are tested; null: it is. */
      tuning: z
        .object({
          queries: z.array(queryExampleSchema),
          excludedIds: z.array(z.int()),
          /** A run that has tuned the same by the time this one starts: its weights are taken over. */
          from: z.object({ runId: z.string(), folder: z.string() }).nullable()
        })
        .nullable()
        .default(null),
      retrieval: retrievalSettingsSchema,
      tune: tuneSettingsSchema,
      evaluation: evaluationSettingsSchema,
      provider: providerSchema,
      /** Kept with the run; nothing is computed from them. */
      identities: z.array(identitySchema).default([])
    }),
    output: z.object({
      provider: z.string(),
      versions: z.record(z.string(), z.string()),
      seconds: z.object({ retrieve: z.number(), tune: z.number(), evaluate: z.number(), total: z.number() }),
      peakBytes: z.number(),
      scores: z.array(z.object({ targetId: z.string(), metric: metricSchema, value: z.number(), examples: z.int() }))
    })
  }
} as const

export type JobKind = keyof typeof jobSchemas
export type JobInput<K extends JobKind> = z.output<(typeof jobSchemas)[K]['input']>
export type JobOutput<K extends JobKind> = z.output<(typeof jobSchemas)[K]['output']>

export const jobKinds = Object.keys(jobSchemas) as [JobKind, ...JobKind[]]

/** queued → running ⇄ paused → finished | failed (the job said no) | crashed (the worker died) | cancelled; interrupted: the lab died. */
export const jobStatusSchema = z.enum([
  'queued',
  'running',
  'paused',
  'finished',
  'failed',
  'crashed',
  'cancelled',
  'interrupted'
])
export type JobStatus = z.infer<typeof jobStatusSchema>

/** Live state of a job. `fraction` is 0…1, null where it is unknown; seconds are wall time. */
const jobProgressSchema = z.object({
  fraction: z.number().nullable(),
  phase: z.string(),
  done: z.number(),
  total: z.number().nullable(),
  unit: z.string(),
  /** Units per second over the last moments. */
  rate: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  /** The newest figures of the job, e.g. loss and learning rate while tuning. */
  figures: z.record(z.string(), z.number())
})
export type JobProgress = z.infer<typeof jobProgressSchema>

export const wireErrorSchema = z.object({
  /** Of another version of the lab, perhaps: what is unknown here is `other`. */
  code: z.enum(errorCodes).catch('other'),
  message: z.string(),
  details: z.record(z.string(), z.unknown()),
  cause: z.string().nullable()
})
export type WireError = z.infer<typeof wireErrorSchema>

/** What a finished job brought into the lab. A download that goes on as another job names that one. */
const outcomeSchema = z.object({
  what: z.enum(['dataset', 'model', 'index', 'mining', 'job']),
  id: z.string(),
  /** The very same thing was there before, and nothing was added. */
  already: z.boolean()
})
export type Outcome = z.infer<typeof outcomeSchema>

/** Where a job of a place is just now. */
const whereaboutsSchema = z.object({
  /** sending: what it needs is on its way there; waiting: for its turn there; running: on a node. */
  state: z.enum(['sending', 'waiting', 'running']),
  /** The node, or why it waits; empty where nobody says. */
  text: z.string(),
  /** Its turn among the jobs of this user that wait there, from 1. */
  position: z.int().nullable(),
  /** When the scheduler expects it to start, in its own words. */
  expected: z.string().nullable()
})
export type Whereabouts = z.infer<typeof whereaboutsSchema>

export const jobSchema = z.object({
  id: z.string(),
  kind: z.enum(jobKinds),
  title: z.string(),
  status: jobStatusSchema,
  priority: z.int(),
  /** Jobs that must have finished before this one starts. */
  dependsOn: z.array(z.string()),
  experimentId: z.string().nullable(),
  /** Id of the place where it computes; null: this computer. */
  place: z.string().nullable().optional(),
  /** While it is under way at a place. */
  where: whereaboutsSchema.optional(),
  progress: jobProgressSchema.nullable(),
  error: wireErrorSchema.nullable(),
  /** What it made or found; null for jobs that make nothing of their own, and until they have finished. */
  outcome: outcomeSchema.nullable(),
  /** True while it runs and nothing has been heard of its process for half a minute; it may go on by itself. */
  notAnswering: z.boolean().optional(),
  attempts: z.int(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable()
})
export type Job = z.infer<typeof jobSchema>

export const logLineSchema = z.object({
  time: z.iso.datetime(),
  level: z.enum(['debug', 'info', 'warn', 'error']),
  text: z.string()
})
export type LogLine = z.infer<typeof logLineSchema>
