import { z } from 'zod'
import { textOrNone } from '../text-or-none.ts'
import { experimentSearchSchema } from '../experiment-search.ts'
import {
  experimentModelsSchema,
  experimentPlanSchema,
  experimentSchema,
  experimentSettingsSchema,
  experimentSpecSchema,
  keepWeightsSchema,
  presetSchema
} from '../experiments.ts'
import { keptWeightsSchema, runSchema, scoreSchema } from '../runs.ts'
import { demoTimeSchema } from '../expected-time.ts'
import { foreignRequestSchema } from '../foreign.ts'
import { jobSchema } from '../jobs.ts'
import { id, none, route } from './route.ts'

export const experimentRoutes = {
  preset: route
    /** With a base model the settings fit its size; without, they are the paper's. */
    .input(
      z.object({
        /** The preset that is wanted. */
        preset: presetSchema,
        /** Id of the base model that the settings shall fit; null: the paper's. */
        modelId: textOrNone.default(null)
      })
    )
    .output(experimentSettingsSchema),
  /** The settings in which the paper, its released code and an experiment differ. */
  differences: route
    .input(
      z.object({
        /** The settings that are compared with the paper; null: none. */
        spec: experimentSpecSchema.nullable().default(null)
      })
    )
    .output(
      z.object({
        /** What is compared: the paper, its code and, where one was given, the experiment. */
        columns: z.array(z.string()),
        /** The settings. */
        rows: z.array(
          z.object({
            /** The setting's path, such as `retrieval.budget`. */
            path: z.string(),
            /** What it is called. */
            label: z.string(),
            /** Its value in each column, as text. */
            values: z.array(z.string()),
            /** Whether the columns differ in it. */
            differs: z.boolean()
          })
        )
      })
    ),
  /** The demo's experiment on what `data.installDemo` installed. */
  demo: route
    .input(
      z.object({
        /** Id of the upstream data. */
        datasetId: z.string(),
        /** The models, by the part that they play. */
        models: experimentModelsSchema,
        /** Ids of the targets. */
        targetIds: z.array(z.string())
      })
    )
    .output(experimentSpecSchema),
  /** How long the demo takes on this computer; where that is not known yet and no job computes, its models are timed for that. */
  demoTime: route.input(none).output(demoTimeSchema),
  plan: route.input(experimentSpecSchema).output(experimentPlanSchema),
  start: route.input(experimentSpecSchema).output(experimentSchema),
  /** In the order in which they were started: all, or those that are asked for, which takes a moment where all of thousands take seconds. */
  list: route
    .input(
      z
        .object({
          /** How many at most, the newest, and beside them all that are not over; null: all. At least 1. */
          newest: z.int().min(1).nullable().default(null),
          /** Only those with these ids, as far as they are there; null: any. */
          ids: z.array(z.string()).nullable().default(null)
        })
        .prefault({})
    )
    .output(z.array(experimentSchema)),
  /** A page of the list as it is looked at: searched, sorted, without what is archived. */
  page: route.input(experimentSearchSchema).output(
    z.object({
      /** How many experiments were found in all. */
      total: z.int(),
      /** How many there are, those that are archived left out. */
      all: z.int(),
      /** How many are archived. */
      archived: z.int(),
      /** The experiments of this page. */
      experiments: z.array(experimentSchema)
    })
  ),
  get: route.input(id).output(experimentSchema),
  runs: route.input(id).output(z.array(runSchema)),
  run: route.input(id).output(runSchema),
  scores: route.input(id).output(z.array(scoreSchema)),
  pause: route.input(id).output(experimentSchema),
  resume: route.input(id).output(experimentSchema),
  cancel: route.input(id).output(experimentSchema),
  /** What of the tuned weights is there. */
  weights: route.input(id).output(keptWeightsSchema),
  /** From now on keeps less or more; what is too much goes at once, for good. */
  keepWeights: route
    .input(
      z.object({
        /** Id of the experiment. */
        id: z.string(),
        /** What is kept from now on. */
        keep: keepWeightsSchema
      })
    )
    .output(keptWeightsSchema),
  repeatRun: route
    .input(
      z.object({
        /** Id of the run. */
        runId: z.string()
      })
    )
    .output(jobSchema),
  /** Answers of another program as an experiment, to be compared with the lab's own. */
  importForeign: route.input(foreignRequestSchema).output(experimentSchema)
}
