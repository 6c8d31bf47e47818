import { z } from 'zod'
import { retrievedExampleSchema, strategySchema } from '../experiments.ts'
import { encoderRef, indexRef, indexRefs, modelRef, providerSchema } from '../kinds/refs.ts'
import { measuredQualitySchema, qualitySettingsSchema, qualityStagesSchema } from '../retrieval-quality.ts'
import { retrievalSettingsSchema } from '../run-settings.ts'
import { sharedFilterSchema, sharedIndexSchema } from '../shared-indices.ts'

export const retrieve = {
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
} as const

export const embeddingMap = {
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
} as const

/** Nearest upstream examples of one text; answered by a worker that keeps the index open. */
export const neighbours = {
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
} as const

/** How good retrieval is by itself: upstream examples ask, and what comes from the same task or group is right. */
export const retrievalQuality = {
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
} as const

/** What is shared in a database; `remove`: fingerprint of one that is taken out first. */
export const sharedIndices = {
  input: z.object({ server: z.string(), remove: z.string().nullable() }),
  output: z.object({ indices: z.array(sharedIndexSchema) })
} as const

/** The rows of a shared index that are nearest to a text. */
export const searchShared = {
  input: z.object({
    server: z.string(),
    fingerprint: z.string(),
    encoder: encoderRef,
    text: z.string().min(1),
    count: z.int().min(1).max(200),
    filter: sharedFilterSchema,
    throughHnsw: z.boolean(),
    provider: providerSchema
  }),
  output: z.object({
    neighbours: z.array(z.object({ exampleId: z.int(), score: z.number(), task: z.string(), group: z.string() })),
    milliseconds: z.number()
  })
} as const
