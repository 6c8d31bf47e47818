import { z } from 'zod'
import { precisions } from '../precision.ts'
import { defaultIndexTokens, hnswRows, indexSearches, vectorPrecisions } from '../index-settings.ts'
import { representationNames } from '../strategies.ts'
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
  vectorPrecision: z.enum(vectorPrecisions).default('fp32'),
  modelPrecision: z.enum(precisions).default('fp32'),
  search: z.enum(indexSearches).default('auto'),
  hnsw: z
    .object({
      m: z.int().min(2).max(100),
      efConstruction: z.int().min(10).max(2000),
      ef: z.int().min(10).max(2000),
      /** How the graph keeps its rows; `auto`: in 8 bits where 32 would take more than half a gigabyte. */
      rows: z.enum(hnswRows).optional()
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

/** What a user asks for: the lab finds the files and the head that it may be derived from. */
export const indexRequestSchema = indexInput
  .omit({ indexId: true, dataset: true, encoder: true, derivedFrom: true })
  .extend({
    modelId: z.string(),
    representation: z.enum(representationNames),
    /** Id of the place where it is built; null: this computer. */
    place: z.string().nullable().default(null)
  })
export type IndexRequest = z.output<typeof indexRequestSchema>

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
