import { z } from 'zod'
import { datasetKindSchema } from './data.ts'
import { rerankerCardSchema } from './reranking.ts'
import { retrieverCardSchema } from './retrievers.ts'
import { bundledSourceSchema, driveSourceSchema, filesSourceSchema, hubSourceSchema } from './sources.ts'
import { representationNames } from './strategies.ts'

/** Records about models and indices. */

export const modelSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(['seq2seq', 'encoder', 'pair-classifier']),
  architecture: z.string(),
  parameters: z.int(),
  hiddenSize: z.int(),
  maxInputTokens: z.int().nullable(),
  fingerprint: z.string(),
  /** Put before inputs and outputs, e.g. "<s> " for BART0. */
  prefix: z.string(),
  bytes: z.int(),
  source: z.string(),
  licence: z.string(),
  /** Of a reranker that was trained in a lab: what it was trained on, and how good it is. */
  reranker: rerankerCardSchema.nullable().default(null),
  /** Of a retriever that was trained in a lab. */
  retriever: retrieverCardSchema.nullable().default(null),
  createdAt: z.iso.datetime()
})
export type Model = z.infer<typeof modelSchema>

/** What a look at a model folder shows before it is installed. */
export const modelLookSchema = modelSchema
  .pick({ role: true, architecture: true, parameters: true, hiddenSize: true, maxInputTokens: true, bytes: true })
  .extend({
    /** What of the folder is passed over, or read otherwise than somebody might expect. */
    notes: z.array(z.string()),
    /** Seconds that loading it and one pass took. */
    seconds: z.number()
  })
export type ModelLook = z.infer<typeof modelLookSchema>

export const indexSchema = z.object({
  id: z.string(),
  fingerprint: z.string(),
  datasetId: z.string(),
  modelId: z.string(),
  representation: z.enum(representationNames),
  dimension: z.int(),
  vectors: z.int(),
  precision: z.enum(['fp32', 'fp16']),
  search: z.enum(['exact', 'hnsw']),
  /** Share of the true ten nearest that the search finds, estimated on a sample; 1 for exact search. */
  recall: z.number(),
  bytes: z.int(),
  seconds: z.number(),
  createdAt: z.iso.datetime()
})
export type Index = z.infer<typeof indexSchema>

/** One row of the catalog file in data/. Sizes in bytes, rounded; 0 where nobody publishes it. */
export const catalogEntrySchema = z.object({
  id: z.string(),
  kind: z.enum(['dataset', 'model']),
  name: z.string(),
  summary: z.string(),
  goodFor: z.string(),
  hardware: z.string(),
  licence: z.string(),
  bytes: z.int(),
  /** Where it comes from: a hub repository, a Google Drive folder, or shipped with the lab. */
  source: z.discriminatedUnion('type', [hubSourceSchema, driveSourceSchema, filesSourceSchema, bundledSourceSchema]),
  role: z.enum(['seq2seq', 'encoder', 'pair-classifier']).nullable(),
  prefix: z.string(),
  /** Datasets: what they become in the lab. */
  as: datasetKindSchema.default('upstream'),
  installed: z.boolean().default(false)
})
export type CatalogEntry = z.infer<typeof catalogEntrySchema>
