import { z } from 'zod'
import {
  experimentModelsSchema,
  experimentPlanSchema,
  experimentSchema,
  experimentSettingsSchema,
  experimentSpecSchema,
  keepWeightsSchema,
  keptWeightsSchema,
  presetSchema,
  runSchema,
  scoreSchema
} from '../experiments.ts'
import { foreignRequestSchema } from '../foreign.ts'
import { jobSchema } from '../jobs.ts'
import { id, route } from './route.ts'

export const experimentRoutes = {
  preset: route
    /** With a base model the settings fit its size; without, they are the paper's. */
    .input(z.object({ preset: presetSchema, modelId: z.string().nullable().default(null) }))
    .output(experimentSettingsSchema),
  /** The settings in which the paper, its released code and an experiment differ. */
  differences: route.input(z.object({ spec: experimentSpecSchema.nullable().default(null) })).output(
    z.object({
      columns: z.array(z.string()),
      rows: z.array(
        z.object({ path: z.string(), label: z.string(), values: z.array(z.string()), differs: z.boolean() })
      )
    })
  ),
  /** The demo's experiment on what `data.installDemo` installed. */
  demo: route
    .input(z.object({ datasetId: z.string(), models: experimentModelsSchema, targetIds: z.array(z.string()) }))
    .output(experimentSpecSchema),
  plan: route.input(experimentSpecSchema).output(experimentPlanSchema),
  start: route.input(experimentSpecSchema).output(experimentSchema),
  /** In the order in which they were started; `newest`: only so many, which takes a moment where all of thousands take seconds. */
  list: route
    .input(z.object({ newest: z.int().min(1).nullable().default(null) }).prefault({}))
    .output(z.array(experimentSchema)),
  get: route.input(id).output(experimentSchema),
  runs: route.input(id).output(z.array(runSchema)),
  scores: route.input(id).output(z.array(scoreSchema)),
  pause: route.input(id).output(experimentSchema),
  resume: route.input(id).output(experimentSchema),
  cancel: route.input(id).output(experimentSchema),
  /** What of the tuned weights is there. */
  weights: route.input(id).output(keptWeightsSchema),
  /** From now on keeps less or more; what is too much goes at once, for good. */
  keepWeights: route.input(z.object({ id: z.string(), keep: keepWeightsSchema })).output(keptWeightsSchema),
  repeatRun: route.input(z.object({ runId: z.string() })).output(jobSchema),
  /** Answers of another program as an experiment, to be compared with the lab's own. */
  importForeign: route.input(foreignRequestSchema).output(experimentSchema)
}
