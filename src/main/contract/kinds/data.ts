import { z } from 'zod'
import {
  columnLabelsSchema,
  columnMappingSchema,
  datasetKindSchema,
  datasetSchema,
  importFormatSchema,
  queryExampleSchema,
  readingSchema,
  rejectedLineSchema
} from '../data.ts'
import { driveSourceSchema, filesSourceSchema, hubSourceSchema, urlSourceSchema } from '../sources.ts'

export const sampleQueriesSchema = z.object({
  size: z.int().min(1).max(1024),
  rounds: z.int().min(1).max(100),
  seed: z.int().min(0)
})
export type SampleQueries = z.infer<typeof sampleQueriesSchema>

/** What is drawn where nobody says otherwise: as many queries and sets as the paper's. */
export const usualQueries: SampleQueries = { size: 16, rounds: 5, seed: 42 }

const importAsSchema = z.object({
  kind: datasetKindSchema,
  /** By default the name of the download. */
  name: z.string().nullable(),
  format: importFormatSchema.nullable().default(null),
  reading: readingSchema,
  mapping: columnMappingSchema.nullable(),
  /** Targets: query sets to draw from the rows. */
  sampleQueries: sampleQueriesSchema.nullable().default(null),
  skipLimit: z.int().min(0)
})

export const importDataset = {
  input: z.object({
    datasetId: z.string(),
    name: z.string().min(1),
    kind: datasetKindSchema,
    files: z.array(z.string()).min(1),
    /** Files are named by their place under this folder, which tells task and template; `name` stands for the folder. */
    root: z
      .object({
        folder: z.string(),
        name: z.string(),
        /** By path under the folder: the configuration that a file is of, which is its task. */
        configs: z.record(z.string(), z.string()).default({})
      })
      .nullable()
      .default(null),
    format: importFormatSchema.nullable(),
    reading: readingSchema.default({}),
    mapping: columnMappingSchema.nullable(),
    /** Words for label numbers that the source names beside the files; used where the mapping is guessed. */
    labels: columnLabelsSchema.default({}),
    groupsFile: z.string().nullable(),
    querySetsFile: z.string().nullable(),
    /** Targets: query sets to draw from the rows; what is drawn, with its variants, is left out of the test. */
    sampleQueries: sampleQueriesSchema.nullable().default(null),
    /** How many bad lines are set aside before the import gives up. */
    skipLimit: z.int().min(0).default(0),
    licence: z.string().default('unknown'),
    source: z.string()
  }),
  output: datasetSchema
    .pick({
      contentHash: true,
      examples: true,
      tasks: true,
      groups: true,
      duplicates: true,
      rejected: true,
      bytes: true
    })
    .extend({
      sourceItems: z.int(),
      /** Whether any row has a right answer. */
      labelled: z.boolean().default(true),
      querySets: z.array(z.object({ size: z.int(), round: z.int(), queries: z.array(queryExampleSchema) })),
      firstRejected: z.array(rejectedLineSchema)
    })
} as const

export const download = {
  input: z.object({
    catalogId: z.string().nullable(),
    kind: z.enum(['dataset', 'model']),
    name: z.string(),
    source: z.discriminatedUnion('type', [hubSourceSchema, driveSourceSchema, urlSourceSchema, filesSourceSchema]),
    mirror: z.string().nullable(),
    proxy: z.string().nullable(),
    token: z.string().nullable(),
    /** Datasets: how the files are imported once they are there. */
    importAs: importAsSchema.default({
      kind: 'upstream',
      name: null,
      format: null,
      reading: {},
      mapping: null,
      sampleQueries: null,
      skipLimit: 100
    }),
    /** A folder of `huggingface_hub` that may hold the files already. */
    cache: z.string().nullable().default(null)
  }),
  output: z.object({
    files: z.array(z.object({ path: z.string(), bytes: z.int(), sha256: z.string() })),
    /** As the repository's card says; null where it says nothing. */
    licence: z.string().nullable().default(null),
    /** What the card says about label numbers, and how tables are read. */
    labels: columnLabelsSchema.default({}),
    reading: readingSchema.default({}),
    /** By path under the folder: the configuration that the card puts a file in. */
    configs: z.record(z.string(), z.string()).default({})
  })
} as const

/** Finds upstream rows that are a target's own data, exactly or nearly. */
export const leakCheck = {
  input: z.object({
    dataset: z.string(),
    target: z.string(),
    /** Ids of the two, for whoever keeps the result. */
    datasetId: z.string(),
    targetId: z.string()
  }),
  output: z.object({
    leaks: z.array(
      z.object({
        exampleId: z.int(),
        targetExampleId: z.int(),
        kind: z.enum(['exact', 'near']),
        similarity: z.number()
      })
    ),
    seconds: z.number()
  })
} as const
