import { z } from 'zod'

/** Studies and bundles as zip files that are carried between labs. */

/** What is carried, and what beside settings, scores, answers and retrieved sets. */
export const studyChoiceSchema = z.object({
  /** Ids of the experiments that are carried. */
  experimentIds: z.array(z.string()).default([]),
  /** More than what the experiments use, for a computer without a network. */
  datasetIds: z.array(z.string()).default([]),
  /** Ids of models for a computer without a network. */
  modelIds: z.array(z.string()).default([]),
  /** Ids of targets for a computer without a network. */
  targetIds: z.array(z.string()).default([]),
  /** Upstream data and targets of the experiments. */
  data: z.boolean().default(false),
  /** Models of the experiments. */
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
  /** What would be packed. */
  items: z.array(
    z.object({
      /** What it is. */
      what: z.enum(['runs', 'datasets', 'models', 'indices']),
      /** Its id. */
      id: z.string(),
      /** What it is called. */
      name: z.string(),
      /** Its size in bytes, unpacked. */
      bytes: z.number()
    })
  ),
  /** Size of all of it in bytes, unpacked. */
  bytes: z.number(),
  /** What was asked for and is not here any more, in words. */
  missing: z.array(z.string()),
  /** A file that is not there yet, where people look for such files. */
  suggested: z.string()
})
export type StudySizes = z.infer<typeof studySizesSchema>

/** A zip that was written. */
export const packedStudySchema = z.object({
  /** Absolute path of the zip. */
  path: z.string(),
  /** Size of the zip in bytes. */
  bytes: z.number(),
  /** How many files are in it. */
  files: z.int(),
  /** What was asked for and is not here any more. */
  missing: z.array(z.string())
})
export type PackedStudy = z.infer<typeof packedStudySchema>

/** What taking a zip in brought, or would bring. */
export const importedStudySchema = z.object({
  /** The experiments. */
  experiments: z.array(
    z.object({
      /** Id of the experiment. */
      id: z.string(),
      /** What it is called. */
      name: z.string()
    })
  ),
  /** How many runs. */
  runs: z.int(),
  /** Names of the data sets. */
  datasets: z.array(z.string()),
  /** Names of the targets. */
  targets: z.array(z.string()),
  /** Names of the models. */
  models: z.array(z.string()),
  /** How many indices. */
  indices: z.int(),
  /** How many things were here already. */
  there: z.int()
})
export type ImportedStudy = z.infer<typeof importedStudySchema>

/** A zip, looked into. */
export const studyContentsSchema = z.object({
  /** Absolute path of the zip. */
  path: z.string(),
  /** When it was written (UTC). */
  madeAt: z.iso.datetime(),
  /** Version of the lab that wrote it. */
  lab: z.string(),
  /** Size of all files in bytes, unpacked. */
  bytes: z.number(),
  /** What taking it in would bring. */
  imported: importedStudySchema,
  /** What is in it. */
  items: z.array(
    z.object({
      /** What it is. */
      what: place,
      /** Its id. */
      id: z.string(),
      /** What it is called. */
      name: z.string(),
      /** Its size in bytes, unpacked. */
      bytes: z.number(),
      /** Whether the same is here already. */
      here: z.boolean()
    })
  )
})
export type StudyContents = z.infer<typeof studyContentsSchema>
