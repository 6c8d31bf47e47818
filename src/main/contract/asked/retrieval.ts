import { z } from 'zod'
import { textOrNone } from '../text-or-none.ts'
import { providerSchema } from '../providers.ts'
import { strategySchema } from '../experiments.ts'
import { retrievedExampleSchema } from '../runs.ts'
import { encoderRef, indexRef, indexRefs, modelRef } from '../kinds/refs.ts'
import { measuredQualitySchema, qualitySettingsSchema, qualityStagesSchema } from '../retrieval-quality.ts'
import { retrievalSettingsSchema } from '../run-settings.ts'
import { sharedFilterSchema, sharedIndexSchema } from '../shared-indices.ts'
import { nothing, questionKind } from '../kinds/kind.ts'
import { encodersOf, given } from '../kinds/uses.ts'

/** The first right answer of each query. */
const queryAnswers = z.array(z.string().nullable()).nullable().default(null)

export const retrieve = questionKind({
  input: z.object({
    /** Path of the sealed data. */
    dataset: z.string(),
    /** The strategy that retrieves. */
    strategy: strategySchema,
    /** The indices that it searches. */
    indices: indexRefs,
    /** The pair classifier, for strategies that score candidates anew; null: none. */
    reranker: modelRef.nullable().default(null),
    /** Texts of the queries. */
    queries: z.array(z.string()),
    /** An answer of each query, for indices over inputs and answers; null: none is known. */
    answers: queryAnswers,
    /** Settings of retrieval. */
    settings: retrievalSettingsSchema,
    /** Ids of examples that are left out. */
    excludedIds: z.array(z.int()).default([]),
    /** Seed of what is drawn at random. */
    seed: z.int(),
    /** Who computes; auto: the fastest that works here. */
    provider: providerSchema
  }),
  output: z.object({
    /** What was retrieved, the best first. */
    retrieved: z.array(retrievedExampleSchema),
    /** How long it took, in seconds. */
    seconds: z.number()
  }),
  policy: { resource: 'cpu', retries: 1, seconds: 1800 },
  uses: ({ indices, reranker }) => ({ models: [...encodersOf(indices), ...given(reranker?.modelId)] })
})

export const embeddingMap = questionKind({
  input: z.object({
    /** Path of the sealed data. */
    dataset: z.string(),
    /** The index whose vectors are shown. */
    index: indexRef,
    /** Texts that are shown beside the rows. */
    queries: z.array(z.string()),
    /** An answer of each of these, for an index over inputs and answers; null: none is known. */
    answers: queryAnswers,
    /** How many rows are drawn from the index. 10 to 20,000. */
    sample: z.int().min(10).max(20_000).default(3000),
    /** quick: along the two directions of largest variance, in a moment. */
    quick: z.boolean().default(false),
    /** Seed of what is drawn at random. */
    seed: z.int(),
    /** Who computes; auto: the fastest that works here. */
    provider: providerSchema
  }),
  output: z.object({
    /** Rows and queries, each with its place. */
    points: z.array(
      z.object({
        /** Number of the example, from 1; null for a query. */
        exampleId: z.int().nullable(),
        /** Place of the query in the list, from 0; null for an example. */
        query: z.int().nullable(),
        /** Place from left to right, in no unit: only nearness counts. */
        x: z.number(),
        /** Place from bottom to top, in no unit: only nearness counts. */
        y: z.number(),
        /** Group of the example's task; null for a query. */
        group: textOrNone,
        /** Task of the example; null for a query. */
        task: textOrNone,
        /** The beginning of its text. */
        text: z.string()
      })
    )
  }),
  policy: { resource: 'cpu', retries: 0, seconds: 1800 },
  uses: ({ index }) => ({ models: [index.encoder.modelId] })
})

/** Nearest upstream examples of one text; answered by a worker that keeps the index open. */
export const neighbours = questionKind({
  input: z.object({
    /** Path of the sealed data. */
    dataset: z.string(),
    /** The strategy whose nearness counts. */
    strategy: strategySchema,
    /** The indices that it searches. */
    indices: indexRefs,
    /** The text whose neighbours are wanted. Not empty. */
    text: z.string().min(1),
    /** How many neighbours. 1 to 200. */
    count: z.int().min(1).max(200).default(20),
    /** Who computes; auto: the fastest that works here. */
    provider: providerSchema
  }),
  output: z.object({
    /** The neighbours, the nearest first. */
    neighbours: z.array(
      retrievedExampleSchema.extend({
        /** Text of the example. */
        input: z.string(),
        /** Right answers of the example; the first is the label. */
        outputs: z.array(z.string())
      })
    ),
    /** How long the search took, in milliseconds. */
    milliseconds: z.number()
  }),
  policy: { resource: 'cpu', retries: 1, seconds: 600 },
  uses: ({ indices }) => ({ models: encodersOf(indices) })
})

/** How good retrieval is by itself: upstream examples ask, and what comes from the same task or group is right. */
export const retrievalQuality = questionKind({
  input: qualitySettingsSchema.extend({
    /** Path of the sealed data. */
    dataset: z.string(),
    /** The strategy that retrieves. */
    strategy: strategySchema,
    /** The indices that it searches. */
    indices: indexRefs,
    /** The pair classifier, for strategies that score candidates anew; null: none. */
    reranker: modelRef.nullable().default(null),
    /** The stages of strategies that score candidates anew. */
    rerank: qualityStagesSchema,
    /** Seed of what is drawn at random. */
    seed: z.int().default(42),
    /** Who computes; auto: the fastest that works here. */
    provider: providerSchema
  }),
  output: measuredQualitySchema,
  policy: { resource: 'cpu', retries: 0, seconds: 1800 },
  uses: ({ indices, reranker }) => ({ models: [...encodersOf(indices), ...given(reranker?.modelId)] })
})

/** What is shared in a database; `remove`: fingerprint of one that is taken out first. */
export const sharedIndices = questionKind({
  input: z.object({
    /** Address of the PostgreSQL server, without a password. */
    server: z.string(),
    /** Fingerprint of an index that is taken out first; null: none. */
    remove: textOrNone
  }),
  output: z.object({
    /** What is shared there. */
    indices: z.array(sharedIndexSchema)
  }),
  policy: { resource: 'cpu', retries: 0, seconds: 120 },
  uses: nothing
})

/** The rows of a shared index that are nearest to a text. */
export const searchShared = questionKind({
  input: z.object({
    /** Address of the PostgreSQL server, without a password. */
    server: z.string(),
    /** Fingerprint of the shared index. */
    fingerprint: z.string(),
    /** The encoder that the index was made with. */
    encoder: encoderRef,
    /** The text whose neighbours are wanted. Not empty. */
    text: z.string().min(1),
    /** How many neighbours. 1 to 200. */
    count: z.int().min(1).max(200),
    /** Which rows are looked at. */
    filter: sharedFilterSchema,
    /** Searched through the server's graph of neighbours, where there is one: sooner, and nearly. */
    throughHnsw: z.boolean(),
    /** Who computes; auto: the fastest that works here. */
    provider: providerSchema
  }),
  output: z.object({
    /** The neighbours, the nearest first. */
    neighbours: z.array(
      z.object({
        /** Number of the example, from 1. */
        exampleId: z.int(),
        /** Nearness in the unit of the index; larger is nearer. */
        score: z.number(),
        /** Task of the example. */
        task: z.string(),
        /** Group of the task. */
        group: z.string()
      })
    ),
    /** How long the search took, in milliseconds. */
    milliseconds: z.number()
  }),
  policy: { resource: 'cpu', retries: 0, seconds: 600 },
  uses: ({ encoder }) => ({ models: [encoder.modelId] })
})
