import { z } from 'zod'

/** Studies and bundles as zip files that are carried between labs. */

/** What is carried, and what beside settings, scores, answers and retrieved sets. */
export const studyChoiceSchema = z.object({
  experimentIds: z.array(z.string()).default([]),
  /** More than what the experiments use, for a computer without a network. */
  datasetIds: z.array(z.string()).default([]),
  modelIds: z.array(z.string()).default([]),
  targetIds: z.array(z.string()).default([]),
  /** Upstream data and targets of the experiments. */
  data: z.boolean().default(false),
  models: z.boolean().default(false),
  /** Indices of the data that go along by the models that go along. */
  indices: z.boolean().default(false),
  /** Weights that tuning made. */
  weights: z.boolean().default(false)
})
export type StudyChoice = z.infer<typeof studyChoiceSchema>

const place = z.enum(['experiments', 'datasets', 'targets', 'models'])

/** Sizes before anything is packed. */
export const studySizesSchema = z.object({
  items: z.array(
    z.object({
      what: z.enum(['runs', 'datasets', 'models', 'indices']),
      id: z.string(),
      name: z.string(),
      bytes: z.number()
    })
  ),
  bytes: z.number(),
  missing: z.array(z.string()),
  /** A file that is not there yet, where people look for such files. */
  suggested: z.string()
})
export type StudySizes = z.infer<typeof studySizesSchema>

/** A zip that was written. */
export const packedStudySchema = z.object({
  path: z.string(),
  bytes: z.number(),
  files: z.int(),
  /** What was asked for and is not here any more. */
  missing: z.array(z.string())
})
export type PackedStudy = z.infer<typeof packedStudySchema>

/** What taking a zip in brought, or would bring. */
export const importedStudySchema = z.object({
  experiments: z.array(z.object({ id: z.string(), name: z.string() })),
  runs: z.int(),
  datasets: z.array(z.string()),
  targets: z.array(z.string()),
  models: z.array(z.string()),
  indices: z.int(),
  /** Things that were here already. */
  there: z.int()
})
export type ImportedStudy = z.infer<typeof importedStudySchema>

/** A zip, looked into. */
export const studyContentsSchema = z.object({
  path: z.string(),
  madeAt: z.iso.datetime(),
  /** Version of the lab that wrote it. */
  lab: z.string(),
  /** Of all files, unpacked. */
  bytes: z.number(),
  imported: importedStudySchema,
  items: z.array(z.object({ what: place, id: z.string(), name: z.string(), bytes: z.number(), here: z.boolean() }))
})
export type StudyContents = z.infer<typeof studyContentsSchema>
