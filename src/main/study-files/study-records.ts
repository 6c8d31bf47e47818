import { z } from 'zod'
import { datasetSchema, leakSchema, querySetSchema, targetSchema } from '../contract/data.ts'
import { experimentSpecSchema, statusSchema } from '../contract/experiments.ts'
import { runSchema, scoreSchema } from '../contract/runs.ts'
import { indexSchema, modelSchema } from '../contract/models.ts'

/** The file that says what a study's zip holds. */
export const recordsName = 'recross-study.json'
/** The same without its zip, beside what an import has unpacked. */
export const unpackedName = recordsName
/** Raised when an older lab could not read it. */
export const recordsVersion = 1

/** Ids become names of folders. */
const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,80}$/, 'is no id')
/** A name in the zip: plain parts, no part that a system takes for something else. */
const part =
  '(?!\\.)(?!(?:con|prn|aux|nul|com\\d|lpt\\d)(?:\\.|/|$))[\\p{L}\\p{N}_.(),@+= -]{0,119}[\\p{L}\\p{N}_)@+=-]'
const path = z
  .string()
  .max(400)
  .regex(new RegExp(`^${part}(?:/${part}){0,6}$`, 'iu'), 'is no name of a file')

/** `recross-study.json`. Docs: docs/formats.md. */
export const studyRecordsSchema = z.object({
  format: z.literal('recross-lab-study'),
  version: z.literal(recordsVersion),
  lab: z.string(),
  madeAt: z.iso.datetime(),
  experiments: z.array(
    z.object({
      id,
      spec: experimentSpecSchema,
      status: statusSchema,
      createdAt: z.iso.datetime(),
      finishedAt: z.iso.datetime().nullable()
    })
  ),
  runs: z.array(runSchema.extend({ id, jobId: z.null() })),
  links: z.array(
    z.object({
      experimentId: id,
      runId: id,
      key: z.string(),
      position: z.int(),
      round: z.int().nullable().default(null),
      targetIds: z.string().nullable().default(null),
      variant: z.string().nullable().default(null)
    })
  ),
  scores: z.array(scoreSchema),
  datasets: z.array(datasetSchema.extend({ id })),
  targets: z.array(targetSchema.extend({ id, datasetId: id })),
  querySets: z.array(querySetSchema.extend({ id, targetId: id })),
  leakChecks: z.array(
    z.object({
      targetId: id,
      datasetId: id,
      leaks: z.array(leakSchema)
    })
  ),
  models: z.array(modelSchema.extend({ id })),
  indices: z.array(indexSchema.extend({ id, fingerprint: id, datasetId: id, modelId: id })),
  files: z.array(z.object({ name: path, bytes: z.int().nonnegative(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }))
})
export type StudyRecords = z.infer<typeof studyRecordsSchema>
