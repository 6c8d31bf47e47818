import { z } from 'zod'
import { textIfAny, textOrNone } from '../text-or-none.ts'
import { leakSchema, metricSchema, querySetSchema, targetSchema } from '../data.ts'
import { jobSchema } from '../jobs.ts'
import { id, none, route } from './route.ts'

/** A target beside upstream data. */
const againstData = z.object({
  /** Id of the target. */
  id: z.string(),
  /** Id of the upstream data. */
  datasetId: z.string()
})

export const targetRoutes = {
  list: route.input(none).output(z.array(targetSchema)),
  get: route.input(id).output(targetSchema),
  create: route
    .input(
      z.object({
        /** Id of its data set. */
        datasetId: z.string(),
        /** What the user calls it. */
        name: z.string(),
        /** How its answers are scored; the first is shown first. At least one. */
        metrics: z.array(metricSchema).min(1),
        /** How answers are found: free generation, or the likeliest of the answer choices. */
        answerBy: z.enum(['generation', 'choices'])
      })
    )
    .output(targetSchema),
  update: route
    .input(
      z.object({
        /** Id of the target. */
        id: z.string(),
        /** What the user calls it from now on. */
        name: textIfAny,
        /** How its answers are scored from now on. At least one. */
        metrics: z.array(metricSchema).min(1).optional(),
        /** How answers are found from now on. */
        answerBy: z.enum(['generation', 'choices']).optional()
      })
    )
    .output(targetSchema),
  querySets: route.input(id).output(z.array(querySetSchema)),
  sampleQueries: route
    .input(
      z.object({
        /** Id of the target. */
        id: z.string(),
        /** How many queries a set has. 1 to 1,024. */
        size: z.int().min(1).max(1024),
        /** How many sets. 1 to 100. */
        rounds: z.int().min(1).max(100),
        /** Seed of the draw. 0 or more. */
        seed: z.int().min(0),
        /** A dataset to draw from instead of the target's own test examples, e.g. its training split. */
        fromDatasetId: textOrNone.default(null)
      })
    )
    .output(z.array(querySetSchema)),
  /** Query sets that are typed or pasted, a question each, or read from a file of any kind. */
  addQueries: route
    .input(
      z.object({
        /** Id of the target. */
        id: z.string(),
        /** The questions, in their order. At most 100,000. */
        texts: z.array(z.string()).max(100_000),
        /** Absolute path of a file with questions; null: none. */
        file: textOrNone.default(null)
      })
    )
    .output(z.array(querySetSchema)),
  checkLeaks: route.input(againstData).output(jobSchema),
  leaks: route.input(againstData).output(
    z.object({
      /** Whether anybody has looked. */
      checked: z.boolean(),
      /** Upstream rows that are the target's own, with the row that they are like. */
      leaks: z.array(leakSchema)
    })
  )
}
