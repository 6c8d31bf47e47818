import { z } from 'zod'
import { jobSchema, jobSchemas } from '../jobs.ts'
import { modelLookSchema, modelSchema } from '../models.ts'
import { questionSchemas } from '../questions.ts'
import { savedFileSchema } from '../saved-file.ts'
import { answersFormatSchema, askedSchema, exportFormatSchema, givenAnswerSchema } from '../tuned-models.ts'
import { id, none, route } from './route.ts'

export const modelRoutes = {
  list: route.input(none).output(z.array(modelSchema)),
  get: route.input(id).output(modelSchema),
  /** What a folder holds, found out as an install would, without installing it. */
  look: route.input(z.object({ folder: z.string() })).output(modelLookSchema),
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
        of: askedSchema,
        text: z.string().trim().min(1),
        provider: jobSchemas['answer-file'].input.shape.provider
      })
    )
    .output(questionSchemas['ask-model'].output),
  /** Answers a file of questions with a run's tuned model, or a model as it is. */
  answer: route
    .input(z.object({ of: askedSchema, file: z.string(), provider: jobSchemas['answer-file'].input.shape.provider }))
    .output(jobSchema),
  /** What such a job has answered, and the same as a table, as JSON lines or as a workbook. */
  answers: route
    .input(z.object({ jobId: z.string(), format: answersFormatSchema }))
    .output(z.object({ answers: z.array(givenAnswerSchema), file: savedFileSchema })),
  /** A folder of this computer that is free for an export, to begin from. */
  exportFolder: route
    .input(z.object({ runId: z.string(), format: exportFormatSchema }))
    .output(z.object({ folder: z.string() })),
  /** Takes a run's tuned model out into a new or empty folder, makes it a model of the lab, or both. */
  export: route
    .input(
      z.object({
        runId: z.string(),
        format: exportFormatSchema.default('hf'),
        /** On the computer that the lab runs on; null: only installed. */
        folder: z.string().nullable().default(null),
        installAs: z.string().min(1).nullable().default(null)
      })
    )
    .output(jobSchema)
}
