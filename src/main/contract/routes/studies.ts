import { z } from 'zod'
import { experimentSpecSchema } from '../experiments.ts'
import { jobSchema } from '../jobs.ts'
import {
  importedStudySchema,
  packedStudySchema,
  studyChoiceSchema,
  studyContentsSchema,
  studySizesSchema
} from '../study-zip.ts'
import { studySchema } from '../study.ts'
import { none, route } from './route.ts'

/** Experiments as files that people write, keep and carry. */
export const studyRoutes = {
  /** The form of a study file, as JSON Schema. */
  schema: route.input(none).output(z.object({ schema: z.record(z.string(), z.unknown()) })),
  write: route
    .input(
      z.object({
        of: z.union([z.object({ experimentId: z.string() }), z.object({ spec: experimentSpecSchema })]),
        format: z.enum(['yaml', 'json']).default('yaml')
      })
    )
    .output(z.object({ fileName: z.string(), text: z.string() })),
  /** The experiments of a study file, ready to be planned or started. */
  read: route
    .input(
      z.object({
        text: z.string().max(1_000_000),
        /** What to call the file in messages. */
        source: z.string().default('The file'),
        /** What stands in place of what the file says. */
        instead: studySchema.pick({ preset: true, models: true, data: true, targets: true }).default({})
      })
    )
    .output(z.object({ specs: z.array(experimentSpecSchema) })),
  /** How large what would be packed is, by item. */
  sizes: route.input(studyChoiceSchema).output(studySizesSchema),
  /** Writes experiments, with what they need where that is wanted, as one zip that `import` takes in elsewhere. */
  export: route
    .input(studyChoiceSchema.extend({ path: z.string().min(1), overwrite: z.boolean().default(false) }))
    .output(jobSchema),
  /** What a finished export wrote. */
  packed: route.input(z.object({ jobId: z.string() })).output(packedStudySchema),
  /** What is in such a zip, and what of it is here already. Nothing of it is unpacked. */
  look: route.input(z.object({ path: z.string().min(1) })).output(studyContentsSchema),
  import: route.input(z.object({ path: z.string().min(1) })).output(jobSchema),
  /** What a finished import brought. */
  imported: route.input(z.object({ jobId: z.string() })).output(importedStudySchema)
}
