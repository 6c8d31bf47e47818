import { z } from 'zod'
import { retrievedExampleSchema, strategySchema } from '../experiments.ts'
import { retrievalSettingsSchema } from '../run-settings.ts'
import { jobSchema } from '../jobs.ts'
import { indexRequestSchema } from '../kinds/indices.ts'
import { indexSchema } from '../models.ts'
import { questionSchemas } from '../questions.ts'
import { sharedFilterSchema, sharedIndexSchema } from '../shared-indices.ts'
import { id, none, route } from './route.ts'

export const indexRoutes = {
  list: route.input(none).output(z.array(indexSchema)),
  get: route.input(id).output(indexSchema),
  estimate: route.input(indexRequestSchema).output(
    z.object({
      seconds: z.number(),
      bytesMemory: z.number(),
      bytesDisk: z.number(),
      /** How it will be searched. */
      search: z.enum(['exact', 'hnsw']).optional(),
      exists: indexSchema.nullable()
    })
  ),
  build: route.input(indexRequestSchema).output(jobSchema),
  /** What is shared in a PostgreSQL database with pgvector, at an address without a password. */
  shared: route.input(z.object({ server: z.string() })).output(z.array(sharedIndexSchema)),
  publish: route
    .input(z.object({ indexId: z.string(), server: z.string(), hnsw: z.boolean().default(false) }))
    .output(jobSchema),
  fetchShared: route.input(z.object({ server: z.string(), fingerprint: z.string() })).output(jobSchema),
  removeShared: route
    .input(z.object({ server: z.string(), fingerprint: z.string() }))
    .output(z.array(sharedIndexSchema)),
  searchShared: route
    .input(
      z.object({
        server: z.string(),
        fingerprint: z.string(),
        text: z.string().min(1),
        count: z.int().min(1).max(200).default(20),
        filter: sharedFilterSchema.prefault({}),
        throughHnsw: z.boolean().default(false)
      })
    )
    .output(questionSchemas['search-shared'].output),
  neighbours: route
    .input(
      z.object({
        datasetId: z.string(),
        indexId: z.string().nullable(),
        strategy: strategySchema,
        text: z.string().min(1),
        count: z.int().min(1).max(200).default(20)
      })
    )
    .output(questionSchemas.neighbours.output),
  retrieve: route
    .input(
      z.object({
        datasetId: z.string(),
        indexId: z.string().nullable(),
        strategy: strategySchema,
        /** The pair classifier, for strategies that score candidates anew. */
        rerankerId: z.string().nullable().default(null),
        querySetId: z.string(),
        settings: retrievalSettingsSchema,
        seed: z.int().default(42)
      })
    )
    .output(z.object({ retrieved: z.array(retrievedExampleSchema), seconds: z.number() })),
  /** Recall, MRR and NDCG by task or group, with upstream examples as queries. */
  quality: route
    .input(
      questionSchemas['retrieval-quality'].input
        .omit({ dataset: true, indices: true, reranker: true, provider: true })
        .extend({
          datasetId: z.string(),
          indexId: z.string().nullable().default(null),
          /** The pair classifier, for strategies that score candidates anew. */
          rerankerId: z.string().nullable().default(null)
        })
    )
    .output(questionSchemas['retrieval-quality'].output),
  map: route
    .input(
      z.object({
        indexId: z.string(),
        querySetId: z.string().nullable(),
        sample: z.int().min(10).max(20_000).default(3000)
      })
    )
    .output(questionSchemas['embedding-map'].output)
}
