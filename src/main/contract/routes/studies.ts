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
  schema: route.input(none).output(
    z.object({
      /** The JSON Schema, draft 2020-12. */
      schema: z.record(z.string(), z.unknown())
    })
  ),
  write: route
    .input(
      z.object({
        /** What is written: an experiment of the lab, or settings that are no experiment yet. */
        of: z.union([
          z.object({
            /** Id of the experiment. */
            experimentId: z.string()
          }),
          z.object({
            /** The settings. */
            spec: experimentSpecSchema
          })
        ]),
        /** The form of the file. */
        format: z.enum(['yaml', 'json']).default('yaml')
      })
    )
    .output(
      z.object({
        /** A name for the file. */
        fileName: z.string(),
        /** Its text. */
        text: z.string()
      })
    ),
  /** The experiments of a study file, ready to be planned or started. */
  read: route
    .input(
      z.object({
        /** The file's text. At most 1,000,000 characters. */
        text: z.string().max(1_000_000),
        /** What to call the file in messages. */
        source: z.string().default('The file'),
        /** What stands in place of what the file says. */
        instead: studySchema.pick({ preset: true, models: true, data: true, targets: true }).default({})
      })
    )
    .output(
      z.object({
        /** The experiments, in the order of the file. */
        specs: z.array(experimentSpecSchema)
      })
    ),
  /** How large what would be packed is, by item. */
  sizes: route.input(studyChoiceSchema).output(studySizesSchema),
  /** Writes experiments, with what they need where that is wanted, as one zip that `import` takes in elsewhere. */
  export: route
    .input(
      studyChoiceSchema.extend({
        /** Absolute path of the zip. Not empty. */
        path: z.string().min(1),
        /** Takes the place of a file that is there. */
        overwrite: z.boolean().default(false)
      })
    )
    .output(jobSchema),
  /** What a finished export wrote. */
  packed: route
    .input(
      z.object({
        /** Id of the job that packed. */
        jobId: z.string()
      })
    )
    .output(packedStudySchema),
  /** What is in such a zip, and what of it is here already. Nothing of it is unpacked. */
  look: route
    .input(
      z.object({
        /** Absolute path of the zip. Not empty. */
        path: z.string().min(1)
      })
    )
    .output(studyContentsSchema),
  import: route
    .input(
      z.object({
        /** Absolute path of the zip. Not empty. */
        path: z.string().min(1)
      })
    )
    .output(jobSchema),
  /** What a finished import brought. */
  imported: route
    .input(
      z.object({
        /** Id of the job that unpacked. */
        jobId: z.string()
      })
    )
    .output(importedStudySchema)
}
