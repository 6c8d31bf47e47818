import { z } from 'zod'
import {
  candidateSourceSchema,
  miningReportSchema,
  minedSettingsSchema,
  rerankerSettingsSchema,
  usefulnessSchema
} from '../reranking.ts'
import { retrieverSettingsSchema } from '../retrievers.ts'
import { installedModelSchema } from './models.ts'
import { indexRefs, providerSchema } from './refs.ts'

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

/** Measures how useful upstream rows are for upstream tasks, in the mining's own folder; see reranking.ts. */
export const minePairs = {
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
    settings: minedSettingsSchema,
    /** Mines every `of`-th query set only, and leaves the report to the job without a part. */
    part: z
      .object({ number: z.int().min(0), of: z.int().min(1) })
      .nullable()
      .default(null),
    provider: providerSchema
  }),
  output: z.object({ report: miningReportSchema.nullable(), bytes: z.int(), seconds: z.number() })
} as const

/** Trains a pair classifier on mined pairs; its folder becomes that of an installed model. */
export const trainReranker = {
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
} as const

/** Trains a head on the vectors of an index with mined pairs; its folder becomes that of an installed model. */
export const trainRetriever = {
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
} as const
