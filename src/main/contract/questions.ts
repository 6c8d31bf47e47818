import { verifiedItemSchema, verifyItemSchema } from './housekeeping.ts'
import { z } from 'zod'
import { browseAnswerSchema, browseQuestionSchema } from './browse.ts'
import { breakdownSchema, columnSchema, comparisonSchema, subjectSchema } from './comparison.ts'
import { scoringRuleSchema } from './scoring-rule.ts'
import {
  columnMappingSchema,
  datasetKindSchema,
  hubCardSchema,
  importFormatSchema,
  importPreviewSchema,
  metricSchema,
  readingSchema
} from './data.ts'
import {
  evaluationSettingsSchema,
  plannedSchema,
  retrievalSettingsSchema,
  retrievedExampleSchema,
  strategySchema,
  tuneSettingsSchema
} from './experiments.ts'
import { foreignAnswersSchema, foreignFileSchema } from './foreign.ts'
import { encoderRef, indexRef, indexRefs, jobSchemas, providerSchema, modelRef } from './jobs.ts'
import { modelLookSchema } from './models.ts'
import { precisions } from './precision.ts'
import { sharedFilterSchema, sharedIndexSchema } from './shared-indices.ts'
import { measuredQualitySchema, qualitySettingsSchema, qualityStagesSchema } from './retrieval-quality.ts'
import { checkSchema } from './settings.ts'
import { installerSchema, releaseSchema } from './updates.ts'
import { answererSchema, givenAnswerSchema } from './tuned-models.ts'

export const hubLookSchema = z.object({
  repo: z.string(),
  /** Where the files lie: the branch that was asked for, or the hub's converted one for datasets that are programs. */
  revision: z.string(),
  parts: z.array(z.object({ config: z.string(), split: z.string(), files: z.int(), bytes: z.int() })),
  config: z.string(),
  split: z.string(),
  licence: z.string().nullable(),
  /** Null where the repository has no README.md. */
  card: hubCardSchema.nullable(),
  /** Null where every file is too large to be looked at before the download. */
  preview: importPreviewSchema.nullable()
})
export type HubLook = z.infer<typeof hubLookSchema>

/** Path of a run's file of answers to a target. */
const answersRef = z.string()

/**
 * Questions: what workers are asked beside the queue. They leave no record, write nothing, and somebody waits for the answer. One
 * row per kind with the schema of its input and output; what they need of the machine is in jobs/policies.ts. Paths are absolute.
 */
export const questionSchemas = {
  /** The self-test's work as a question: proves that questions are answered, and what happens to those that are not. */
  'self-question': jobSchemas['self-test'],
  retrieve: {
    input: z.object({
      dataset: z.string(),
      strategy: strategySchema,
      indices: indexRefs,
      reranker: modelRef.nullable().default(null),
      queries: z.array(z.string()),
      settings: retrievalSettingsSchema,
      excludedIds: z.array(z.int()).default([]),
      seed: z.int(),
      provider: providerSchema
    }),
    output: z.object({ retrieved: z.array(retrievedExampleSchema), seconds: z.number() })
  },
  'embedding-map': {
    input: z.object({
      dataset: z.string(),
      index: indexRef,
      queries: z.array(z.string()),
      sample: z.int().min(10).max(20_000).default(3000),
      seed: z.int(),
      provider: providerSchema
    }),
    output: z.object({
      points: z.array(
        z.object({
          exampleId: z.int().nullable(),
          query: z.int().nullable(),
          x: z.number(),
          y: z.number(),
          group: z.string(),
          task: z.string(),
          text: z.string()
        })
      )
    })
  },
  /** Nearest upstream examples of one text; answered by a worker that keeps the index open. */
  neighbours: {
    input: z.object({
      dataset: z.string(),
      strategy: strategySchema,
      indices: indexRefs,
      text: z.string().min(1),
      count: z.int().min(1).max(200).default(20),
      provider: providerSchema
    }),
    output: z.object({
      neighbours: z.array(retrievedExampleSchema.extend({ input: z.string(), outputs: z.array(z.string()) })),
      milliseconds: z.number()
    })
  },
  /** What is shared in a database; `remove`: fingerprint of one that is taken out first. */
  'shared-indices': {
    input: z.object({ server: z.string(), remove: z.string().nullable() }),
    output: z.object({ indices: z.array(sharedIndexSchema) })
  },
  /** The rows of a shared index that are nearest to a text. */
  'search-shared': {
    input: z.object({
      server: z.string(),
      fingerprint: z.string(),
      encoder: encoderRef,
      text: z.string().min(1),
      count: z.int().min(1).max(200),
      filter: sharedFilterSchema,
      throughGraph: z.boolean(),
      provider: providerSchema
    }),
    output: z.object({
      neighbours: z.array(z.object({ exampleId: z.int(), score: z.number(), task: z.string(), group: z.string() })),
      milliseconds: z.number()
    })
  },
  /** How good retrieval is by itself: upstream examples ask, and what comes from the same task or group is right. */
  'retrieval-quality': {
    input: qualitySettingsSchema.extend({
      dataset: z.string(),
      strategy: strategySchema,
      indices: indexRefs,
      reranker: modelRef.nullable().default(null),
      rerank: qualityStagesSchema,
      seed: z.int().default(42),
      provider: providerSchema
    }),
    output: measuredQualitySchema
  },
  /** Reads the head of a file and says how it would be understood. */
  'preview-import': {
    input: z.object({
      file: z.string(),
      format: importFormatSchema.nullable(),
      reading: readingSchema.default({}),
      mapping: columnMappingSchema.nullable(),
      kind: datasetKindSchema.default('upstream')
    }),
    output: importPreviewSchema
  },
  /** Reads a model folder as an install would, and tries one text. Throws what the install would. */
  'look-at-model': {
    input: z.object({ folder: z.string() }),
    output: modelLookSchema
  },
  /** Lists the configurations and splits of a dataset on the hub, and looks at the beginning of one. */
  'look-at-hub': {
    input: z.object({
      repo: z.string(),
      revision: z.string(),
      config: z.string().nullable(),
      split: z.string().nullable(),
      kind: datasetKindSchema.default('upstream'),
      format: importFormatSchema.nullable().default(null),
      reading: readingSchema.default({}),
      mapping: columnMappingSchema.nullable(),
      mirror: z.string().nullable(),
      proxy: z.string().nullable(),
      token: z.string().nullable(),
      cache: z.string().nullable().default(null)
    }),
    output: hubLookSchema
  },
  /** Asks a release page for the newest version. */
  'look-for-update': {
    input: z.object({ address: z.url(), proxy: z.string().nullable() }),
    output: releaseSchema
  },
  /** Installers of the lab in a folder, against the version that asks. */
  'check-installers': {
    input: z.object({ folder: z.string(), version: z.string() }),
    output: z.object({ installers: z.array(installerSchema) })
  },
  /** One answer to one text, by what a run has tuned or a model as it is. */
  'ask-model': {
    input: z.object({ by: answererSchema, text: z.string().min(1), provider: providerSchema }),
    output: givenAnswerSchema.pick({ answer: true, certainty: true }).extend({ milliseconds: z.number() })
  },
  /** Reads things of the home from end to end and compares them with their hashes. */
  'verify-home': {
    input: z.object({ items: z.array(verifyItemSchema) }),
    output: z.object({ items: z.array(verifiedItemSchema) })
  },
  /** Answers what a page about data shows: `dataset` is the path of a sealed dataset. */
  browse: {
    input: z.object({ dataset: z.string(), question: browseQuestionSchema }),
    output: browseAnswerSchema
  },
  /** Says what of the native parts is there: one check per part. */
  examine: {
    input: z.object({}),
    output: z.object({ checks: z.array(checkSchema) })
  },
  /** Runs a small model on one provider: does it work, how fast is it. */
  'provider-test': {
    input: z.object({ provider: z.enum(['cpu', 'webgpu', 'cuda', 'dml', 'coreml']) }),
    output: z.object({
      works: z.boolean(),
      reason: z.string(),
      gflops: z.number().nullable(),
      milliseconds: z.number()
    })
  },
  /** Times a few steps of a model on this machine, for the estimates of a plan. */
  'measure-speed': {
    input: z.object({
      base: modelRef.extend({ prefix: z.string() }),
      encoder: modelRef.nullable(),
      /** It is timed on pairs of the texts; null: none. */
      reranker: modelRef.nullable().default(null),
      pairTokens: z.int().min(1).default(512),
      tune: tuneSettingsSchema,
      evaluation: evaluationSettingsSchema,
      texts: z.array(z.object({ input: z.string(), output: z.string() })),
      provider: providerSchema,
      /** On how many cores it tunes and answers; null: all. */
      cores: z.int().positive().nullable()
    }),
    output: z.object({
      tuneSecondsPerExample: z.number(),
      evaluateSecondsPerExample: z.number(),
      embedSecondsPerExample: z.number(),
      /** 0 where no reranker was timed. */
      rerankSecondsPerPair: z.number().default(0),
      startSeconds: z.number(),
      peakBytes: z.number()
    })
  },
  /** Times an encoder on texts that it will read, for the estimate of an index. */
  'measure-embedding': {
    input: z.object({
      encoder: encoderRef,
      maxTokens: z.int().min(1),
      modelPrecision: z.enum(precisions).default('fp32'),
      texts: z.array(z.string()).min(1),
      provider: providerSchema
    }),
    output: z.object({ secondsPerExample: z.number(), startSeconds: z.number() })
  },
  /** What a model's tokenizer makes of a sample of datasets: what is long, what it does not know. */
  'token-fit': {
    input: z.object({
      folder: z.string(),
      prefix: z.string(),
      /** So many rows of each are read at most. */
      rows: z.int().min(1),
      datasets: z.array(z.object({ id: z.string(), dataset: z.string() }))
    }),
    output: z.object({
      vocabulary: z.int(),
      /** What the model's card gives as its languages, lower case. */
      languages: z.array(z.string()),
      datasets: z.array(
        z.object({
          id: z.string(),
          rows: z.int(),
          tokens: z.int(),
          unknown: z.int(),
          bytes: z.int(),
          /** Tokens of every input, and of the first right answer of every row that has one; special ones counted. */
          inputs: z.array(z.int()),
          answers: z.array(z.int()),
          /** That most letters have, with its share. */
          script: z.object({ name: z.string(), share: z.number() }).nullable(),
          /**
           * By the little words of the rows, of those that say it: the language of most, its share of all rows looked at, and which
           * share of its commonest words, and of the English ones, the model's tokenizer has whole.
           */
          language: z
            .object({
              code: z.string(),
              name: z.string(),
              share: z.number(),
              whole: z.number(),
              wholeEnglish: z.number()
            })
            .nullable()
        })
      )
    })
  },
  /** Says what an experiment will be able to show, from its targets' rows and what earlier runs answered to them. */
  'plan-power': {
    input: z.object({
      testExamples: z.int(),
      rounds: z.int(),
      /** Columns that tune, and whether the untuned model is one. */
      tuned: z.int(),
      untuned: z.boolean(),
      planned: z.int(),
      targets: z.array(
        z.object({
          targetId: z.string(),
          dataset: z.string(),
          metric: metricSchema.nullable(),
          earlier: z.array(z.object({ untuned: answersRef, tuned: z.array(z.array(answersRef)) }))
        })
      )
    }),
    output: z.object({
      targets: z.array(
        z.object({
          targetId: z.string(),
          /** Rows of every source item among the tested ones; mean length of an input in characters. */
          shape: z.object({
            itemSizes: z.array(z.int()),
            rows: z.int(),
            inputLength: z.number(),
            /** Whether any row has a right answer: else nothing is scored. */
            labelled: z.boolean()
          }),
          measured: z.boolean(),
          roundDeviation: z.number(),
          points: z.number(),
          withOneMoreRound: z.number(),
          withTenMoreItems: z.number()
        })
      ),
      wastedRounds: z.int()
    })
  },
  /** Works out the table of an experiment or of picked runs with all its tests, from the answers in the runs' folders. */
  compare: {
    input: z.object({
      subject: subjectSchema,
      name: z.string(),
      metric: metricSchema,
      metrics: z.array(metricSchema),
      targets: z.array(z.object({ id: z.string(), name: z.string() })),
      runs: z.array(
        z.object({
          runId: z.string(),
          strategy: strategySchema,
          ablatedGroup: z.string().nullable(),
          variant: columnSchema.shape.variant,
          source: columnSchema.shape.source,
          round: z.int(),
          /** Fingerprint of its weights: runs with the same are one tuning that was tested in several runs. */
          tuning: z.string().nullable().default(null),
          seconds: z.number().nullable(),
          /** The run's folder, and the targets that it answered. */
          folder: z.string(),
          targetIds: z.array(z.string()),
          loss: z.object({ start: z.number(), least: z.number(), end: z.number() }).nullable()
        })
      ),
      planned: z.array(plannedSchema.extend({ sourceId: z.string() })),
      /** Judges the answers in place of the metric; their score is then the share of right ones. */
      rule: scoringRuleSchema.nullable().default(null),
      /** Runs that have no answers yet, or never will. */
      missing: z.object({ open: z.int(), failed: z.int() })
    }),
    output: comparisonSchema
  },
  /** Reads what another program answered to a target, and what it retrieved: foreign.ts. */
  'read-foreign': {
    input: z.object({
      target: z.object({
        name: z.string(),
        /** Its sealed data. */
        dataset: z.string(),
        metrics: z.array(metricSchema),
        testExamples: z.int().min(1).nullable()
      }),
      /** The sealed data that retrieved rows are looked for in. */
      upstream: z.object({ name: z.string(), dataset: z.string() }).nullable(),
      files: z.array(foreignFileSchema.pick({ path: true, retrieved: true }))
    }),
    output: foreignAnswersSchema
  },
  /** Takes the answers to one target apart: confusions, labels, lengths. */
  breakdown: {
    input: z.object({
      runs: z.array(
        z.object({
          strategy: strategySchema,
          ablatedGroup: z.string().nullable(),
          variant: columnSchema.shape.variant,
          source: columnSchema.shape.source,
          file: answersRef
        })
      ),
      /** The target's sealed data, for the prompts that its rows were written with; null: it is gone. */
      dataset: z.string().nullable(),
      rule: scoringRuleSchema.nullable()
    }),
    output: z.array(breakdownSchema)
  }
} as const

export type QuestionKind = keyof typeof questionSchemas
export type QuestionInput<K extends QuestionKind> = z.output<(typeof questionSchemas)[K]['input']>
export type QuestionOutput<K extends QuestionKind> = z.output<(typeof questionSchemas)[K]['output']>

export const questionKinds = Object.keys(questionSchemas) as [QuestionKind, ...QuestionKind[]]
