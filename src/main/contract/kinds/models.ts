import { z } from 'zod'
import { rerankerCardSchema } from '../reranking.ts'
import { retrieverCardSchema } from '../retrievers.ts'
import { answererSchema, exportFormatSchema, tunedRunSchema } from '../tuned-models.ts'
import { providerSchema } from './refs.ts'

/** What is found in a model folder. */
export const installedModelSchema = z.object({
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

/** Checks a folder in Hugging Face layout and copies (or moves) it into the lab's models. */
export const installModel = {
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
} as const

/** Writes what a run has tuned into the job's folder: a model of its own, or its adapter. */
export const exportModel = {
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
} as const

/** Answers a file of questions with a run's tuned model or a model as it is; answers.json in the job's folder holds them. */
export const answerFile = {
  input: z.object({ by: answererSchema, file: z.string(), provider: providerSchema }),
  output: z.object({ questions: z.int() })
} as const
