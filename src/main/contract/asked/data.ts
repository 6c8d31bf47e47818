import { z } from 'zod'
import { browseAnswerSchema, browseQuestionSchema } from '../browse.ts'
import {
  columnMappingSchema,
  datasetKindSchema,
  hubCardSchema,
  importFormatSchema,
  importPreviewSchema,
  readingSchema
} from '../data.ts'

export const hubLookSchema = z.object({
  repo: z.string(),
  /** Where the files lie: the branch that was asked for, or the hub's converted one for datasets that are programs. */
  revision: z.string(),
  parts: z.array(z.object({ config: z.string(), split: z.string(), files: z.int(), bytes: z.int() })),
  config: z.string(),
  split: z.string(),
  licence: z.string().nullable(),
  /** Null where the repository has no README.md. */
  card: hubCardSchema.nullable(),
  /** Null where every file is too large to be looked at before the download. */
  preview: importPreviewSchema.nullable()
})

/** Reads the head of a file and says how it would be understood. */
export const previewImport = {
  input: z.object({
    file: z.string(),
    format: importFormatSchema.nullable(),
    reading: readingSchema.default({}),
    mapping: columnMappingSchema.nullable(),
    kind: datasetKindSchema.default('upstream')
  }),
  output: importPreviewSchema
} as const

/** Answers what a page about data shows: `dataset` is the path of a sealed dataset. */
export const browse = {
  input: z.object({ dataset: z.string(), question: browseQuestionSchema }),
  output: browseAnswerSchema
} as const

/** Lists the configurations and splits of a dataset on the hub, and looks at the beginning of one. */
export const lookAtHub = {
  input: z.object({
    repo: z.string(),
    revision: z.string(),
    config: z.string().nullable(),
    split: z.string().nullable(),
    kind: datasetKindSchema.default('upstream'),
    format: importFormatSchema.nullable().default(null),
    reading: readingSchema.default({}),
    mapping: columnMappingSchema.nullable(),
    mirror: z.string().nullable(),
    proxy: z.string().nullable(),
    token: z.string().nullable(),
    cache: z.string().nullable().default(null)
  }),
  output: hubLookSchema
} as const

export type HubLook = z.infer<typeof hubLookSchema>
