import { z } from 'zod'
import { metricSchema, querySetSchema, targetSchema } from '../data.ts'
import { jobSchema } from '../jobs.ts'
import { id, none, route } from './route.ts'

export const targetRoutes = {
  list: route.input(none).output(z.array(targetSchema)),
  get: route.input(id).output(targetSchema),
  create: route
    .input(
      z.object({
        datasetId: z.string(),
        name: z.string(),
        metrics: z.array(metricSchema).min(1),
        answerBy: z.enum(['generation', 'choices'])
      })
    )
    .output(targetSchema),
  update: route
    .input(
      z.object({
        id: z.string(),
        name: z.string().optional(),
        metrics: z.array(metricSchema).min(1).optional(),
        answerBy: z.enum(['generation', 'choices']).optional()
      })
    )
    .output(targetSchema),
  querySets: route.input(id).output(z.array(querySetSchema)),
  sampleQueries: route
    .input(
      z.object({
        id: z.string(),
        size: z.int().min(1).max(1024),
        rounds: z.int().min(1).max(100),
        seed: z.int().min(0),
        /** A dataset to draw from instead of the target's own test examples, e.g. its training split. */
        fromDatasetId: z.string().nullable().default(null)
      })
    )
    .output(z.array(querySetSchema)),
  /** Query sets that are typed or pasted, a question each, or read from a file of any kind. */
  addQueries: route
    .input(
      z.object({ id: z.string(), texts: z.array(z.string()).max(100_000), file: z.string().nullable().default(null) })
    )
    .output(z.array(querySetSchema)),
  checkLeaks: route.input(z.object({ id: z.string(), datasetId: z.string() })).output(jobSchema),
  leaks: route.input(z.object({ id: z.string(), datasetId: z.string() })).output(
    z.object({
      checked: z.boolean(),
      leaks: z.array(
        z.object({
          exampleId: z.int(),
          targetExampleId: z.int(),
          kind: z.enum(['exact', 'near']),
          similarity: z.number()
        })
      )
    })
  )
}
