import { z } from 'zod'
import { textOrNone } from '../text-or-none.ts'
import { datasetKindSchema, datasetSchema, leakSchema, queryExampleSchema, type DatasetKind } from '../data.ts'
import {
  columnLabelsSchema,
  columnMappingSchema,
  importFormatSchema,
  readingSchema,
  rejectedLineSchema
} from '../import.ts'
import { driveSourceSchema, filesSourceSchema, hubSourceSchema, urlSourceSchema } from '../sources.ts'
import { jobKind, nothing } from './kind.ts'
import { writtenFileSchema } from './refs.ts'

export const sampleQueriesSchema = z.object({
  /** How many queries a set has. 1 to 1,024. */
  size: z.int().min(1).max(1024),
  /** How many sets. 1 to 100. */
  rounds: z.int().min(1).max(100),
  /** Seed of the draw. 0 or more. */
  seed: z.int().min(0)
})
export type SampleQueries = z.infer<typeof sampleQueriesSchema>

/** What is drawn where nobody says otherwise: as many queries and sets as the paper's. */
export const usualQueries: SampleQueries = { size: 16, rounds: 5, seed: 42 }

const importAsSchema = z.object({
  /** Upstream data or a target. */
  kind: datasetKindSchema,
  /** By default the name of the download. */
  name: textOrNone,
  /** The form of the file; null: told from its content. */
  format: importFormatSchema.nullable().default(null),
  /** How the file is taken apart; what is left out is told from it. */
  reading: readingSchema,
  /** Which columns become what; null: guessed from their names. */
  mapping: columnMappingSchema.nullable(),
  /** Targets: query sets to draw from the rows. */
  sampleQueries: sampleQueriesSchema.nullable().default(null),
  /** How many bad lines are set aside before the import gives up. 0 or more. */
  skipLimit: z.int().min(0)
})

/**
 * An import where nobody has said how: all is told from the files.
 *
 * @param skipLimit how many bad lines are set aside before it gives up
 */
export function plainImport(kind: DatasetKind, skipLimit = 100): z.output<typeof importAsSchema> {
  return { kind, name: null, format: null, reading: {}, mapping: null, sampleQueries: null, skipLimit }
}

export const importDataset = jobKind({
  input: z.object({
    /** Id that the data set gets; its folder is called so. */
    datasetId: z.string(),
    /** What the user calls it. Not empty. */
    name: z.string().min(1),
    /** Upstream data or a target. */
    kind: datasetKindSchema,
    /** Absolute paths of the files, in the order in which they are read. At least one. */
    files: z.array(z.string()).min(1),
    /** Files are named by their place under this folder, which tells task and template; `name` stands for the folder. */
    root: z
      .object({
        /** Absolute path of the folder. */
        folder: z.string(),
        /** What stands for the folder in names of tasks. */
        name: z.string(),
        /** By path under the folder: the configuration that a file is of, which is its task. */
        configs: z.record(z.string(), z.string()).default({})
      })
      .nullable()
      .default(null),
    /** The form of the file; null: told from its content. */
    format: importFormatSchema.nullable(),
    /** How the file is taken apart; what is left out is told from it. */
    reading: readingSchema.default({}),
    /** Which columns become what; null: guessed from their names. */
    mapping: columnMappingSchema.nullable(),
    /** Words for label numbers that the source names beside the files; used where the mapping is guessed. */
    labels: columnLabelsSchema.default({}),
    /** Absolute path of a file that says which group a task is of; null: none. */
    groupsFile: textOrNone,
    /** Absolute path of a file with query sets; null: none. */
    querySetsFile: textOrNone,
    /** Targets: query sets to draw from the rows; what is drawn, with its variants, is left out of the test. */
    sampleQueries: sampleQueriesSchema.nullable().default(null),
    /** How many bad lines are set aside before the import gives up. 0 or more. */
    skipLimit: z.int().min(0).default(0),
    /** Licence as its source names it. */
    licence: z.string().default('unknown'),
    /** Where it comes from, in words. */
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
      /** How many source items the rows come from. */
      sourceItems: z.int(),
      /** Whether any row has a right answer. */
      labelled: z.boolean().default(true),
      /** The query sets that were read or drawn. */
      querySets: z.array(
        z.object({
          /** How many queries the set has. */
          size: z.int(),
          /** Number among the sets of this size, from 0. */
          round: z.int(),
          /** The queries, in their order. */
          queries: z.array(queryExampleSchema)
        })
      ),
      /** The first of the lines that were set aside. */
      firstRejected: z.array(rejectedLineSchema)
    }),
  policy: { resource: 'cpu', resumes: true, retries: 0, elsewhere: false, stepSeconds: 600 },
  uses: nothing
})

export const download = jobKind({
  input: z.object({
    /** Id of the catalog's entry; null: it is not from the catalog. */
    catalogId: textOrNone,
    /** What is downloaded. */
    kind: z.enum(['dataset', 'model']),
    /** What it will be called. */
    name: z.string(),
    /** Where the files lie. */
    source: z.discriminatedUnion('type', [hubSourceSchema, driveSourceSchema, urlSourceSchema, filesSourceSchema]),
    /** Address of a mirror of the hub; null: the hub itself. */
    mirror: textOrNone,
    /** Address of a proxy; null: none. */
    proxy: textOrNone,
    /** The user's token for the hub; null: none. */
    token: textOrNone,
    /** Datasets: how the files are imported once they are there. */
    importAs: importAsSchema.default(plainImport('upstream')),
    /** A folder of `huggingface_hub` that may hold the files already. */
    cache: textOrNone.default(null)
  }),
  output: z.object({
    /** The files that are there now; their paths are absolute. */
    files: z.array(writtenFileSchema),
    /** As the repository's card says; null where it says nothing. */
    licence: textOrNone.default(null),
    /** What the card says about label numbers, and how tables are read. */
    labels: columnLabelsSchema.default({}),
    /** How tables are taken apart, as the card says. */
    reading: readingSchema.default({}),
    /** By path under the folder: the configuration that the card puts a file in. */
    configs: z.record(z.string(), z.string()).default({})
  }),
  policy: { resource: 'io', resumes: true, retries: 2, elsewhere: false, stepSeconds: 600 },
  uses: nothing
})

/** Finds upstream rows that are a target's own data, exactly or nearly. */
export const leakCheck = jobKind({
  input: z.object({
    /** Path of the sealed upstream data. */
    dataset: z.string(),
    /** Path of the target's sealed data. */
    target: z.string(),
    /** Ids of the two, for whoever keeps the result. */
    datasetId: z.string(),
    /** Id of the target. */
    targetId: z.string()
  }),
  output: z.object({
    /** Upstream rows that are the target's own, with the row that they are like. */
    leaks: z.array(leakSchema),
    /** How long the look took, in seconds. */
    seconds: z.number()
  }),
  policy: { resource: 'cpu', resumes: true, retries: 1, elsewhere: false, stepSeconds: 600 },
  // It begins by itself: what it reads may be deleted meanwhile.
  uses: nothing
})
