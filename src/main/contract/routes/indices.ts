import { z } from 'zod'
import { textOrNone } from '../text-or-none.ts'
import { strategySchema } from '../experiments.ts'
import { retrievedExampleSchema } from '../runs.ts'
import { retrievalSettingsSchema } from '../run-settings.ts'
import { jobSchema } from '../jobs.ts'
import { indexRequestSchema } from '../kinds/indices.ts'
import { indexSchema } from '../models.ts'
import { questionSchemas } from '../questions.ts'
import { sharedFilterSchema, sharedIndexSchema } from '../shared-indices.ts'
import { id, none, route } from './route.ts'

/** An index that is shared on a server. */
const sharedOne = z.object({
  /** Address of the PostgreSQL server, without a password. */
  server: z.string(),
  /** Fingerprint of the shared index. */
  fingerprint: z.string()
})

export const indexRoutes = {
  list: route.input(none).output(z.array(indexSchema)),
  get: route.input(id).output(indexSchema),
  estimate: route.input(indexRequestSchema).output(
    z.object({
      /** How long building it will take, in seconds. */
      seconds: z.number(),
      /** Memory that it will take, in bytes. */
      bytesMemory: z.number(),
      /** Room that it will take on the disk, in bytes. */
      bytesDisk: z.number(),
      /** How it will be searched. */
      search: z.enum(['exact', 'hnsw']).optional(),
      /** The same index, where it is there already; else null. */
      exists: indexSchema.nullable()
    })
  ),
  build: route.input(indexRequestSchema).output(jobSchema),
  /** What is shared in a PostgreSQL database with pgvector, at an address without a password. */
  shared: route
    .input(
      z.object({
        /** Address of the PostgreSQL server, without a password. */
        server: z.string()
      })
    )
    .output(z.array(sharedIndexSchema)),
  publish: route
    .input(
      z.object({
        /** Id of the index. */
        indexId: z.string(),
        /** Address of the PostgreSQL server, without a password. */
        server: z.string(),
        /** Makes a graph of neighbours on the server as well: sooner to search, and found only nearly. */
        hnsw: z.boolean().default(false)
      })
    )
    .output(jobSchema),
  fetchShared: route.input(sharedOne).output(jobSchema),
  removeShared: route.input(sharedOne).output(z.array(sharedIndexSchema)),
  searchShared: route
    .input(
      z.object({
        /** Address of the PostgreSQL server, without a password. */
        server: z.string(),
        /** Fingerprint of the shared index. */
        fingerprint: z.string(),
        /** The text whose neighbours are wanted. Not empty. */
        text: z.string().min(1),
        /** How many neighbours. 1 to 200. */
        count: z.int().min(1).max(200).default(20),
        /** Which rows are looked at. */
        filter: sharedFilterSchema.prefault({}),
        /** Searched through the server's graph of neighbours, where there is one: sooner, and nearly. */
        throughHnsw: z.boolean().default(false)
      })
    )
    .output(questionSchemas['search-shared'].output),
  neighbours: route
    .input(
      z.object({
        /** Id of the upstream data. */
        datasetId: z.string(),
        /** Id of the index that is searched; null: the newest that fits. */
        indexId: textOrNone,
        /** The strategy whose nearness counts. */
        strategy: strategySchema,
        /** The text whose neighbours are wanted. Not empty. */
        text: z.string().min(1),
        /** How many neighbours. 1 to 200. */
        count: z.int().min(1).max(200).default(20)
      })
    )
    .output(questionSchemas.neighbours.output),
  retrieve: route
    .input(
      z.object({
        /** Id of the upstream data. */
        datasetId: z.string(),
        /** Id of the index that is searched; null: the newest that fits. */
        indexId: textOrNone,
        /** The strategy that retrieves. */
        strategy: strategySchema,
        /** The pair classifier, for strategies that score candidates anew. */
        rerankerId: textOrNone.default(null),
        /** Id of the query set. */
        querySetId: z.string(),
        /** Settings of retrieval. */
        settings: retrievalSettingsSchema,
        /** Seed of what is drawn at random. */
        seed: z.int().default(42)
      })
    )
    .output(
      z.object({
        /** What was retrieved, the best first. */
        retrieved: z.array(retrievedExampleSchema),
        /** How long it took, in seconds. */
        seconds: z.number()
      })
    ),
  /** Recall, MRR and NDCG by task or group, with upstream examples as queries. */
  quality: route
    .input(
      questionSchemas['retrieval-quality'].input
        .omit({ dataset: true, indices: true, reranker: true, provider: true })
        .extend({
          /** Id of the upstream data. */
          datasetId: z.string(),
          /** Id of the index that is searched; null: the newest that fits. */
          indexId: textOrNone.default(null),
          /** The pair classifier, for strategies that score candidates anew. */
          rerankerId: textOrNone.default(null)
        })
    )
    .output(questionSchemas['retrieval-quality'].output),
  map: route
    .input(
      z.object({
        /** Id of the index. */
        indexId: z.string(),
        /** Id of a query set that is shown as well; null: none. */
        querySetId: textOrNone,
        /** How many rows are drawn from the index. 10 to 20,000. */
        sample: z.int().min(10).max(20_000).default(3000),
        /** As the question's: the plane of largest variance. */
        quick: questionSchemas['embedding-map'].input.shape.quick
      })
    )
    .output(questionSchemas['embedding-map'].output)
}
