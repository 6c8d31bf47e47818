import { z } from 'zod'
import { precisions } from '../precision.ts'
import { verifiedItemSchema, verifyItemSchema } from '../housekeeping.ts'
import { encoderRef, modelRef, providerSchema } from '../kinds/refs.ts'
import { evaluationSettingsSchema, tuneSettingsSchema } from '../run-settings.ts'
import { checkSchema } from '../settings.ts'
import { installerSchema, releaseSchema } from '../updates.ts'

/** Asks a release page for the newest version. */
export const lookForUpdate = {
  input: z.object({ address: z.url(), proxy: z.string().nullable() }),
  output: releaseSchema
} as const

/** Installers of the lab in a folder, against the version that asks. */
export const checkInstallers = {
  input: z.object({ folder: z.string(), version: z.string() }),
  output: z.object({ installers: z.array(installerSchema) })
} as const

/** Reads things of the home from end to end and compares them with their hashes. */
export const verifyHome = {
  input: z.object({ items: z.array(verifyItemSchema) }),
  output: z.object({ items: z.array(verifiedItemSchema) })
} as const

/** Says what of the native parts is there: one check per part. */
export const examine = {
  input: z.object({}),
  output: z.object({ checks: z.array(checkSchema) })
} as const

/** Runs a small model on one provider: does it work, how fast is it. */
export const providerTest = {
  input: z.object({ provider: z.enum(['cpu', 'webgpu', 'cuda', 'dml', 'coreml']) }),
  output: z.object({
    works: z.boolean(),
    reason: z.string(),
    gflops: z.number().nullable(),
    milliseconds: z.number()
  })
} as const

/** Times a few steps of a model on this machine, for the estimates of a plan. */
export const measureSpeed = {
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
} as const

/** Times an encoder on texts that it will read, for the estimate of an index. */
export const measureEmbedding = {
  input: z.object({
    encoder: encoderRef,
    maxTokens: z.int().min(1),
    modelPrecision: z.enum(precisions).default('fp32'),
    texts: z.array(z.string()).min(1),
    provider: providerSchema
  }),
  output: z.object({ secondsPerExample: z.number(), startSeconds: z.number() })
} as const
