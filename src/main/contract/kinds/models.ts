import { z } from 'zod'
import { textOrNone } from '../text-or-none.ts'
import { queryExampleSchema } from '../data.ts'
import { modelSchema } from '../models.ts'
import { providerSchema } from '../providers.ts'
import { tuneSettingsSchema } from '../run-settings.ts'
import { answererSchema, exportFormatSchema, tunedRunSchema } from '../tuned-models.ts'
import { jobKind, nothing } from './kind.ts'
import { modelRef, writtenFileSchema } from './refs.ts'

/** What is found in a model folder. */
export const installedModelSchema = modelSchema.pick({
  role: true,
  architecture: true,
  parameters: true,
  hiddenSize: true,
  maxInputTokens: true,
  fingerprint: true,
  bytes: true,
  reranker: true,
  retriever: true
})

/** Checks a folder in Hugging Face layout and copies (or moves) it into the lab's models. */
export const installModel = jobKind({
  input: z.object({
    /** Id that the model gets; its folder is called so. */
    modelId: z.string(),
    /** What the user calls it. */
    name: z.string(),
    /** Absolute path of the folder that it is taken from. */
    from: z.string(),
    /** Moves the files instead of copying them. */
    move: z.boolean().default(false),
    /** A base model's encoder alone, as a sentence encoder: the mean of its last states. */
    asEncoder: z.boolean().default(false),
    /** Put before its inputs and outputs; empty: nothing. */
    prefix: z.string().default(''),
    /** Where the model comes from, for its record; by default the folder. */
    source: textOrNone.default(null),
    /** Licence as its source names it. */
    licence: z.string().default('unknown')
  }),
  output: installedModelSchema,
  policy: { resource: 'io', resumes: true, retries: 0, elsewhere: false, stepSeconds: 600 },
  uses: nothing
})

/** Writes what a run has tuned into the job's folder: a model of its own, or its adapter. */
export const exportModel = jobKind({
  input: z.object({
    /** The run with what its card says. */
    run: tunedRunSchema,
    /** The form in which it is written. */
    format: exportFormatSchema,
    /** The name under which it becomes a model of the lab as well; null: it does not. Not empty. */
    installAs: z.string().min(1).nullable().default(null),
    /** It is only written to be installed, and its files may be taken. */
    passing: z.boolean().default(false)
  }),
  output: z.object({
    /** The files that were written; their paths are relative to the job's folder. */
    files: z.array(writtenFileSchema),
    /** What is put before its inputs and outputs. */
    prefix: z.string()
  }),
  policy: { resource: 'io', resumes: true, retries: 0, elsewhere: false, stepSeconds: 600 },
  uses: ({ run }) => ({ models: [run.base.id] })
})

/** Answers a file of questions with a run's tuned model or a model as it is; answers.json in the job's folder holds them. */
export const answerFile = jobKind({
  input: z.object({
    /** Who answers. */
    by: answererSchema,
    /** Absolute path of the file with the questions. */
    file: z.string(),
    /** Who computes; auto: the fastest that works here. */
    provider: providerSchema
  }),
  output: z.object({
    /** How many questions were answered. */
    questions: z.int()
  }),
  policy: { resource: 'accelerator', resumes: true, retries: 1, elsewhere: false },
  lessMemory: 'answer with a smaller model',
  uses: ({ by }) => ({ models: [by.model.id] })
})

/** Tries growing learning rates on a base model; rates.json in the job's folder holds what has been tried so far. */
export const findRate = jobKind({
  input: z.object({
    /** The base model that is tried; nothing of it changes. */
    model: modelRef.extend({
      /** Put before its inputs and outputs. */
      prefix: z.string()
    }),
    /** Absolute path of the upstream data. */
    dataset: z.string(),
    /** Their labelled queries judge; none: other rows of the data do. */
    targets: z
      .array(
        z.object({
          /** What people call the target. */
          name: z.string(),
          /** All queries that its rounds would have. */
          queries: z.array(queryExampleSchema),
          /** Ids of upstream rows that are the target's own data; they are not learnt from. */
          excludedIds: z.array(z.int())
        })
      )
      .default([]),
    /** How it is tuned, but for the learning rate. */
    tune: tuneSettingsSchema,
    /** Steps of the optimizer with each rate. 4 to 1,000. */
    steps: z.int().min(4).max(1000).default(16),
    /** Seed of the rows that are drawn. 0 or more. */
    seed: z.int().nonnegative().default(42),
    /** Who computes; auto: the fastest that works here. */
    provider: providerSchema
  }),
  output: z.object({
    /** The suggested rate, a number without a unit; null: none brings the loss down by more than chance does. */
    rate: z.number().nullable()
  }),
  policy: { resource: 'accelerator', resumes: true, retries: 1, elsewhere: false },
  lessMemory: 'choose a smaller model, a smaller batch or LoRA',
  uses: ({ model, dataset, tune }) => ({
    models: [model.modelId],
    data: [dataset],
    batchSize: tune.batchSize
  })
})
