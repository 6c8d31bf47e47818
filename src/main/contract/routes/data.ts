import { z } from 'zod'
import {
  columnMappingSchema,
  datasetKindSchema,
  datasetSchema,
  exampleSchema,
  histogramSchema,
  importFormatSchema,
  importPreviewSchema,
  readingSchema,
  rejectedLineSchema,
  taskSummarySchema
} from '../data.ts'
import { experimentModelsSchema } from '../experiments.ts'
import { jobSchema } from '../jobs.ts'
import { sampleQueriesSchema } from '../kinds/data.ts'
import { id, none, page, route } from './route.ts'

export const dataRoutes = {
  list: route.input(none).output(z.array(datasetSchema)),
  get: route.input(id).output(datasetSchema),
  tasks: route.input(id).output(z.array(taskSummarySchema)),
  lengths: route
    .input(z.object({ id: z.string(), field: z.enum(['input', 'output']), task: z.string().optional() }))
    .output(histogramSchema),
  search: route
    .input(
      z.object({
        id: z.string(),
        text: z.string(),
        task: z.string().optional(),
        group: z.string().optional(),
        ...page
      })
    )
    .output(z.object({ total: z.int(), examples: z.array(exampleSchema) })),
  example: route.input(z.object({ id: z.string(), exampleId: z.int() })).output(exampleSchema),
  rejected: route.input(id).output(z.array(rejectedLineSchema)),
  preview: route
    .input(
      z.object({
        file: z.string(),
        format: importFormatSchema.nullable().default(null),
        reading: readingSchema.default({}),
        mapping: columnMappingSchema.nullable().default(null),
        /** Upstream data needs answers; a target may go without. */
        kind: datasetKindSchema.default('upstream')
      })
    )
    .output(importPreviewSchema),
  import: route
    .input(
      z.object({
        name: z.string().min(1),
        kind: datasetKindSchema,
        files: z.array(z.string()).min(1),
        format: importFormatSchema.nullable().default(null),
        reading: readingSchema.default({}),
        mapping: columnMappingSchema.nullable().default(null),
        groupsFile: z.string().nullable().default(null),
        querySetsFile: z.string().nullable().default(null),
        sampleQueries: sampleQueriesSchema.nullable().default(null),
        skipLimit: z.int().min(0).default(0),
        licence: z.string().default('unknown')
      })
    )
    .output(jobSchema),
  /** Puts an uploaded file (drag and drop in a browser) into the home's downloads folder, by chunks. */
  upload: route
    .input(
      z.object({
        /** Null for the first piece; then what the answer to it said. */
        upload: z.string().nullable(),
        name: z.string(),
        offset: z.int().min(0),
        chunk: z.instanceof(Blob),
        last: z.boolean()
      })
    )
    .output(z.object({ upload: z.string(), path: z.string(), bytes: z.int() })),
  installDemo: route
    .input(none)
    .output(z.object({ datasetId: z.string(), models: experimentModelsSchema, targetIds: z.array(z.string()) }))
}
