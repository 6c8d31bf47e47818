import { z } from 'zod'
import { textIfAny, textOrNone } from '../text-or-none.ts'
import { datasetKindSchema, datasetSchema, exampleSchema, histogramSchema, taskSummarySchema } from '../data.ts'
import {
  columnMappingSchema,
  importFormatSchema,
  importPreviewSchema,
  readingSchema,
  rejectedLineSchema
} from '../import.ts'
import { experimentModelsSchema } from '../experiments.ts'
import { jobSchema } from '../jobs.ts'
import { sampleQueriesSchema } from '../kinds/data.ts'
import { id, none, page, route } from './route.ts'

export const dataRoutes = {
  list: route.input(none).output(z.array(datasetSchema)),
  get: route.input(id).output(datasetSchema),
  tasks: route.input(id).output(z.array(taskSummarySchema)),
  lengths: route
    .input(
      z.object({
        /** Id of the data set. */
        id: z.string(),
        /** The text whose lengths are counted. */
        field: z.enum(['input', 'output']),
        /** Only this task; left out: all. */
        task: textIfAny
      })
    )
    .output(histogramSchema),
  search: route
    .input(
      z.object({
        /** Id of the data set. */
        id: z.string(),
        /** Words that are searched for; empty: any row. */
        text: z.string(),
        /** Only this task; left out: all. */
        task: textIfAny,
        /** Only this group; left out: all. */
        group: textIfAny,
        ...page
      })
    )
    .output(
      z.object({
        /** How many rows were found in all. */
        total: z.int(),
        /** The rows of this page. */
        examples: z.array(exampleSchema)
      })
    ),
  example: route
    .input(
      z.object({
        /** Id of the data set. */
        id: z.string(),
        /** Number of the example, from 1. */
        exampleId: z.int()
      })
    )
    .output(exampleSchema),
  rejected: route.input(id).output(z.array(rejectedLineSchema)),
  preview: route
    .input(
      z.object({
        /** Absolute path of the file. */
        file: z.string(),
        /** The form of the file; null: told from its content. */
        format: importFormatSchema.nullable().default(null),
        /** How the file is taken apart; what is left out is told from it. */
        reading: readingSchema.default({}),
        /** Which columns become what; null: guessed from their names. */
        mapping: columnMappingSchema.nullable().default(null),
        /** Upstream data needs answers; a target may go without. */
        kind: datasetKindSchema.default('upstream')
      })
    )
    .output(importPreviewSchema),
  import: route
    .input(
      z.object({
        /** What the user calls it. Not empty. */
        name: z.string().min(1),
        /** Upstream data or a target. */
        kind: datasetKindSchema,
        /** Absolute paths of the files, in the order in which they are read. At least one. */
        files: z.array(z.string()).min(1),
        /** The form of the file; null: told from its content. */
        format: importFormatSchema.nullable().default(null),
        /** How the file is taken apart; what is left out is told from it. */
        reading: readingSchema.default({}),
        /** Which columns become what; null: guessed from their names. */
        mapping: columnMappingSchema.nullable().default(null),
        /** Absolute path of a file that says which group a task is of; null: none. */
        groupsFile: textOrNone.default(null),
        /** Absolute path of a file with query sets; null: none. */
        querySetsFile: textOrNone.default(null),
        /** Targets: query sets to draw from the rows; null: none. */
        sampleQueries: sampleQueriesSchema.nullable().default(null),
        /** How many bad lines are set aside before the import gives up. 0 or more. */
        skipLimit: z.int().min(0).default(0),
        /** Licence as its source names it. Not empty. */
        licence: z.string().min(1).default('unknown')
      })
    )
    .output(jobSchema),
  /** Puts an uploaded file (drag and drop in a browser) into the home's downloads folder, by chunks. */
  upload: route
    .input(
      z.object({
        /** Null for the first piece; then what the answer to it said. */
        upload: textOrNone,
        /** Name of the file. */
        name: z.string(),
        /** Bytes of the file that came before this piece. 0 or more. */
        offset: z.int().min(0),
        /** The piece itself. */
        chunk: z.instanceof(Blob),
        /** Whether the file ends with it. */
        last: z.boolean()
      })
    )
    .output(
      z.object({
        /** Names the upload in the calls for the further pieces. */
        upload: z.string(),
        /** Absolute path of the file here. */
        path: z.string(),
        /** Size of what is here, in bytes. */
        bytes: z.int()
      })
    ),
  installDemo: route.input(none).output(
    z.object({
      /** Id of the upstream data. */
      datasetId: z.string(),
      /** The models, by the part that they play. */
      models: experimentModelsSchema,
      /** Ids of the targets. */
      targetIds: z.array(z.string())
    })
  )
}
