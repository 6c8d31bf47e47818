import { z } from 'zod'
import { textOrNone } from '../text-or-none.ts'
import { datasetKindSchema } from '../data.ts'
import { columnMappingSchema, importFormatSchema, readingSchema } from '../import.ts'
import { jobSchema, jobSchemas } from '../jobs.ts'
import { catalogEntrySchema, hubModelLookSchema } from '../models.ts'
import { hubLookSchema } from '../asked/data.ts'
import { none, route } from './route.ts'

export const catalogRoutes = {
  list: route.input(none).output(z.array(catalogEntrySchema)),
  /** Downloads an entry, or any hub repository by name. */
  download: route
    .input(
      z.discriminatedUnion('by', [
        z.object({
          by: z.literal('entry'),
          /** Id of the catalog's entry. */
          id: z.string()
        }),
        z.object({
          by: z.literal('hub'),
          /** Repository on the hub, as owner/name. */
          repo: z.string(),
          /** What the repository holds. */
          repoType: z.enum(['model', 'dataset']),
          /** Branch, tag or commit of the repository. Not empty. */
          revision: z.string().min(1).default('main'),
          /** Names of the files; none: all that the lab can read. */
          files: z.array(z.string()).default([]),
          /** Datasets: configurations; none: all. */
          configs: z.array(z.string()).default([]),
          /** Datasets: the split; null: train for upstream data, test (else validation) for a target; `*`: all. */
          split: z.string().nullable().default(null),
          /** How the files become data. */
          importAs: jobSchemas.download.input.shape.importAs
        })
      ])
    )
    .output(jobSchema),
  /** What a model on the hub is, and whether the lab can run it, before its weights are fetched. */
  lookAtModel: route
    .input(
      z.object({
        /** Repository on the hub, as owner/name. */
        repo: z.string(),
        /** Branch, tag or commit of the repository. Not empty. */
        revision: z.string().min(1).default('main')
      })
    )
    .output(hubModelLookSchema),
  /** Configurations and splits of a dataset on the hub, and a look at one of them before anything is kept. */
  look: route
    .input(
      z.object({
        /** Repository on the hub, as owner/name. */
        repo: z.string(),
        /** Branch, tag or commit of the repository. Not empty. */
        revision: z.string().min(1).default('main'),
        /** Configuration to look at; null: one is chosen. */
        config: textOrNone.default(null),
        /** Split to look at; null: one is chosen, as the kind needs. */
        split: z.string().nullable().default(null),
        /** Upstream data or a target. */
        kind: datasetKindSchema.default('upstream'),
        /** The form of the file; null: told from its content. */
        format: importFormatSchema.nullable().default(null),
        /** How the file is taken apart; what is left out is told from it. */
        reading: readingSchema.default({}),
        /** Which columns become what; null: guessed from their names. */
        mapping: columnMappingSchema.nullable().default(null)
      })
    )
    .output(hubLookSchema)
}
