import { z } from 'zod'
import { textOrNone } from '../text-or-none.ts'
import { providerSchema } from '../providers.ts'
import { embeddedOver } from '../embedded-over.ts'
import { precisions } from '../precision.ts'
import { defaultIndexTokens, hnswRows, indexSearches, vectorPrecisions } from '../index-settings.ts'
import { representationNames } from '../strategies.ts'
import { encoderRef } from './refs.ts'
import { jobKind, nothing } from './kind.ts'

/** What an index is made of, and how. */
const indexInput = z.object({
  /** Id that the index gets. */
  indexId: z.string(),
  /** Id of the data that are embedded. */
  datasetId: z.string(),
  /** Path of the sealed data. */
  dataset: z.string(),
  /** The model whose vectors they are. */
  encoder: encoderRef,
  /** Folder of the index that a trained retriever's head was trained on, where it is there. */
  derivedFrom: textOrNone.default(null),
  /** Longer inputs are cut here; where the encoder reads fewer tokens, there. At least 1. */
  maxTokens: z.int().min(1).default(defaultIndexTokens),
  /** Precision in which vectors are kept. */
  vectorPrecision: z.enum(vectorPrecisions).default('fp32'),
  /** Precision in which the encoder computes. */
  modelPrecision: z.enum(precisions).default('fp32'),
  /** How it is searched; auto: exactly where that is fast enough. */
  search: z.enum(indexSearches).default('auto'),
  /** Settings of the graph of neighbours; null: the usual ones. */
  hnsw: z
    .object({
      /** Links of a row and level, twice as many on the lowest level: a count. 2 to 100. */
      m: z.int().min(2).max(100),
      /** Number of candidates that are kept while a row is put in. 10 to 2,000. */
      efConstruction: z.int().min(10).max(2000),
      /** Number of candidates that are kept while searching. 10 to 2,000. */
      ef: z.int().min(10).max(2000),
      /** How the graph keeps its rows; `auto`: in 8 bits where 32 would take more than half a gigabyte. */
      rows: z.enum(hnswRows).optional()
    })
    .nullable()
    .default(null),
  /** How many worker processes embed at the same time, each with its own copy of the encoder. 1 to 64. */
  shards: z.int().min(1).max(64).default(1),
  /** Who computes; auto: the fastest that works here. */
  provider: providerSchema
})

/** What a user asks for: the lab finds the files and the head that it may be derived from. */
export const indexRequestSchema = indexInput
  .omit({ indexId: true, dataset: true, encoder: true, derivedFrom: true })
  .extend({
    /** Id of the model whose vectors they are. */
    modelId: z.string(),
    /** What its vectors are. */
    representation: z.enum(representationNames),
    /** What its vectors are made of: inputs alone, or inputs and answers. */
    over: z.enum(embeddedOver).default('input'),
    /** Id of the place where it is built; null: this computer. */
    place: textOrNone.default(null)
  })
export type IndexRequest = z.output<typeof indexRequestSchema>

/** What makes the building of an index need less memory. */
export const smallerBuild = 'build with fewer processes, shorter texts or a smaller encoder'

export const buildIndex = jobKind({
  input: indexInput,
  output: z.object({
    /** Hash of everything that its numbers hang on. */
    fingerprint: z.string(),
    /** Numbers of a vector. */
    dimension: z.int(),
    /** How many vectors it has. */
    vectors: z.int(),
    /** How it is searched. */
    search: z.enum(['exact', 'hnsw']),
    /** Share of the true nearest that a search finds, 0…1. */
    recall: z.number(),
    /** Size on disk in bytes. */
    bytes: z.int(),
    /** How long building it took, in seconds. */
    seconds: z.number()
  }),
  policy: { resource: 'accelerator', resumes: true, retries: 1, elsewhere: true },
  lessMemory: smallerBuild,
  uses: ({ encoder, dataset }) => ({ models: [encoder.modelId], data: [dataset] })
})

/** Embeds every `of`-th chunk of an index in a folder of its own; the job that builds the index takes it in. */
export const embedShard = jobKind({
  input: indexInput.omit({ shards: true }).extend({
    /** Which of the parts this is, counted from 0. 0 or more. */
    number: z.int().min(0),
    /** How many parts there are. At least 1. */
    of: z.int().min(1)
  }),
  output: z.object({
    /** How many vectors were computed. */
    vectors: z.int(),
    /** How long it took, in seconds. */
    seconds: z.number()
  }),
  policy: { resource: 'accelerator', resumes: true, retries: 1, elsewhere: true },
  lessMemory: smallerBuild,
  uses: ({ encoder, dataset }) => ({ models: [encoder.modelId], data: [dataset] })
})

/** Writes an index into a database that others use. */
export const publishIndex = jobKind({
  input: z.object({
    /** Id of the index. */
    indexId: z.string(),
    /** Absolute path of the index's folder. */
    folder: z.string(),
    /** Path of the sealed data. */
    dataset: z.string(),
    /** What the data are called there. */
    name: z.string(),
    /** Address of the PostgreSQL server, without a password. */
    server: z.string(),
    /** Makes a graph of neighbours on the server as well: sooner to search, and found only nearly. */
    hnsw: z.boolean().default(false)
  }),
  output: z.object({
    /** How many rows were written. */
    rows: z.int(),
    /** How many vectors the index has. */
    vectors: z.int(),
    /** How long it took, in seconds. */
    seconds: z.number()
  }),
  policy: { resource: 'io', resumes: true, retries: 1, elsewhere: false },
  uses: ({ dataset }) => ({ data: [dataset] })
})

/** Brings the vectors of a shared index here. */
export const fetchIndex = jobKind({
  input: z.object({
    /** Address of the PostgreSQL server, without a password. */
    server: z.string(),
    /** Fingerprint of the shared index. */
    fingerprint: z.string()
  }),
  output: z.object({
    /** How many vectors were brought here. */
    vectors: z.int(),
    /** How long it took, in seconds. */
    seconds: z.number()
  }),
  policy: { resource: 'io', resumes: true, retries: 1, elsewhere: false },
  uses: nothing
})
