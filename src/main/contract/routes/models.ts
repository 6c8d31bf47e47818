import { z } from 'zod'
import { textOrNone } from '../text-or-none.ts'
import { jobSchema, jobSchemas } from '../jobs.ts'
import { modelLookSchema, modelSchema } from '../models.ts'
import { questionSchemas } from '../questions.ts'
import { foundRateSchema, rateTestSchema } from '../rate-test.ts'
import { savedFileSchema } from '../saved-file.ts'
import { answersFormatSchema, askedSchema, exportFormatSchema, givenAnswerSchema } from '../tuned-models.ts'
import { id, none, route } from './route.ts'

const { shape } = jobSchemas['find-rate'].input

export const modelRoutes = {
  list: route.input(none).output(z.array(modelSchema)),
  get: route.input(id).output(modelSchema),
  /** What a folder holds, found out as an install would, without installing it. */
  look: route
    .input(
      z.object({
        /** Absolute path of the model's folder. */
        folder: z.string()
      })
    )
    .output(modelLookSchema),
  install: route
    .input(
      z.object({
        ...{ name: z.string().min(1), folder: z.string(), prefix: z.string().default('') },
        /** Of a base model its encoder alone, as a sentence encoder. */
        asEncoder: z.boolean().default(false)
      })
    )
    .output(jobSchema),
  /** One answer to one text, at once. */
  ask: route
    .input(
      z.object({
        /** Who answers. */
        of: askedSchema,
        /** The question. Not empty. */
        text: z.string().trim().min(1),
        /** Who computes; auto: the fastest that works here. */
        provider: jobSchemas['answer-file'].input.shape.provider
      })
    )
    .output(questionSchemas['ask-model'].output),
  /** Answers a file of questions with a run's tuned model, or a model as it is. */
  answer: route
    .input(
      z.object({
        /** Who answers. */
        of: askedSchema,
        /** Absolute path of the file with the questions. */
        file: z.string(),
        /** Who computes; auto: the fastest that works here. */
        provider: jobSchemas['answer-file'].input.shape.provider
      })
    )
    .output(jobSchema),
  /** What such a job has answered, and the same as a table, as JSON lines or as a workbook. */
  answers: route
    .input(
      z.object({
        /** Id of the job that answered. */
        jobId: z.string(),
        /** The form of the table. */
        format: answersFormatSchema
      })
    )
    .output(
      z.object({
        /** The answers, in the order of the questions. */
        answers: z.array(givenAnswerSchema),
        /** The same as a file to keep. */
        file: savedFileSchema
      })
    ),
  /** A folder of this computer that is free for an export, to begin from. */
  exportFolder: route
    .input(
      z.object({
        /** Id of the run. */
        runId: z.string(),
        /** The form in which it is to be written. */
        format: exportFormatSchema
      })
    )
    .output(
      z.object({
        /** Absolute path of a folder that is free. */
        folder: z.string()
      })
    ),
  /** Takes a run's tuned model out into a new or empty folder, makes it a model of the lab, or both. */
  export: route
    .input(
      z.object({
        /** Id of the run. */
        runId: z.string(),
        /** The form in which it is written. */
        format: exportFormatSchema.default('hf'),
        /** On the computer that the lab runs on; null: only installed. */
        folder: textOrNone.default(null),
        /** The name under which it becomes a model of the lab as well; null: it does not. Not empty. */
        installAs: z.string().min(1).nullable().default(null)
      })
    )
    .output(jobSchema),
  /** Tries growing learning rates on a base model; nothing of the model changes. */
  findRate: route
    .input(
      z.object({
        /** Id of the base model. */
        modelId: z.string(),
        /** Id of the upstream data. */
        datasetId: z.string(),
        /** Their labelled queries judge, and what their words find is learnt from. */
        targetIds: z.array(z.string()).default([]),
        ...{ tune: shape.tune, steps: shape.steps, seed: shape.seed, provider: shape.provider }
      })
    )
    .output(jobSchema),
  /** What such a job has found so far. */
  rateTest: route
    .input(
      z.object({
        /** Id of the job. */
        jobId: z.string()
      })
    )
    .output(rateTestSchema),
  /** The rate that presets begin with for this model; null: that of its size again. */
  keepRate: route
    .input(
      z.object({
        /** Id of the model. */
        id: z.string(),
        /** The rate and what is tuned with it. */
        found: foundRateSchema.nullable()
      })
    )
    .output(modelSchema)
}
