import { z } from 'zod'
import { experimentSpecSchema } from '../experiments.ts'
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
  /** Writes experiments, with what they need where that is wanted, as one zip that `import` takes in elsewhere. */
  export: route
    .input(
      z.object({
        path: z.string().min(1),
        overwrite: z.boolean().default(false),
        experimentIds: z.array(z.string()).default([]),
        datasetIds: z.array(z.string()).default([]),
        modelIds: z.array(z.string()).default([]),
        targetIds: z.array(z.string()).default([]),
        data: z.boolean().default(false),
        models: z.boolean().default(false),
        indices: z.boolean().default(false),
        weights: z.boolean().default(false)
      })
    )
    .output(
      z.object({
        path: z.string(),
        bytes: z.number(),
        files: z.int(),
        /** What was asked for and is not here any more. */
        missing: z.array(z.string())
      })
    ),
  import: route.input(z.object({ path: z.string().min(1) })).output(
    z.object({
      experiments: z.array(z.object({ id: z.string(), name: z.string() })),
      runs: z.int(),
      datasets: z.array(z.string()),
      targets: z.array(z.string()),
      models: z.array(z.string()),
      indices: z.int(),
      /** Things that were here already. */
      there: z.int()
    })
  )
}
