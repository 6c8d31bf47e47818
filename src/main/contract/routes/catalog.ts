import { z } from 'zod'
import { columnMappingSchema, datasetKindSchema, importFormatSchema, readingSchema } from '../data.ts'
import { jobSchema, jobSchemas } from '../jobs.ts'
import { catalogEntrySchema } from '../models.ts'
import { hubLookSchema } from '../asked/data.ts'
import { none, route } from './route.ts'

export const catalogRoutes = {
  list: route.input(none).output(z.array(catalogEntrySchema)),
  /** Downloads an entry, or any hub repository by name. */
  download: route
    .input(
      z.discriminatedUnion('by', [
        z.object({ by: z.literal('entry'), id: z.string() }),
        z.object({
          by: z.literal('hub'),
          repo: z.string(),
          repoType: z.enum(['model', 'dataset']),
          revision: z.string().default('main'),
          files: z.array(z.string()).default([]),
          /** Datasets: configurations; none: all. */
          configs: z.array(z.string()).default([]),
          /** Datasets: the split; null: train for upstream data, test (else validation) for a target; `*`: all. */
          split: z.string().nullable().default(null),
          importAs: jobSchemas.download.input.shape.importAs
        })
      ])
    )
    .output(jobSchema),
  /** Configurations and splits of a dataset on the hub, and a look at one of them before anything is kept. */
  look: route
    .input(
      z.object({
        repo: z.string(),
        revision: z.string().default('main'),
        config: z.string().nullable().default(null),
        split: z.string().nullable().default(null),
        kind: datasetKindSchema.default('upstream'),
        format: importFormatSchema.nullable().default(null),
        reading: readingSchema.default({}),
        mapping: columnMappingSchema.nullable().default(null)
      })
    )
    .output(hubLookSchema)
}
