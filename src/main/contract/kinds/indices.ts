import { z } from 'zod'
import { precisions } from '../precision.ts'
import { defaultIndexTokens } from '../index-settings.ts'
import { encoderRef, providerSchema } from './refs.ts'

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

export const buildIndex = {
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
} as const

/** Embeds every `of`-th chunk of an index in a folder of its own; the job that builds the index takes it in. */
export const embedShard = {
  input: indexInput.omit({ shards: true }).extend({ number: z.int().min(0), of: z.int().min(1) }),
  output: z.object({ vectors: z.int(), seconds: z.number() })
} as const

/** Writes an index into a database that others use. */
export const publishIndex = {
  input: z.object({
    indexId: z.string(),
    folder: z.string(),
    dataset: z.string(),
    name: z.string(),
    server: z.string(),
    hnsw: z.boolean().default(false)
  }),
  output: z.object({ rows: z.int(), vectors: z.int(), seconds: z.number() })
} as const

/** Brings the vectors of a shared index here. */
export const fetchIndex = {
  input: z.object({ server: z.string(), fingerprint: z.string() }),
  output: z.object({ vectors: z.int(), seconds: z.number() })
} as const
