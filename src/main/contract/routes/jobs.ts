import { z } from 'zod'
import { textOrNone } from '../text-or-none.ts'
import { expectedAskedSchema, expectedTimeSchema } from '../expected-time.ts'
import { jobGroupSchema, jobKinds, jobSchema, jobSchemas, jobStatusSchema, logLineSchema } from '../jobs.ts'
import { id, none, page, route } from './route.ts'

export const jobRoutes = {
  list: route
    .input(
      z.object({
        /** Only jobs in one of these states; none: all. */
        status: z.array(jobStatusSchema).default([]),
        /** Only jobs of one of these kinds; none: all. */
        kinds: z.array(z.enum(jobKinds)).default([]),
        /** Only jobs of this experiment; null: all. */
        experimentId: textOrNone.default(null),
        /** Only jobs whose title holds these words; empty: all. */
        text: z.string().default(''),
        ...page
      })
    )
    .output(
      z.object({
        /** How many jobs were found in all. */
        total: z.int(),
        /** The jobs of this page. */
        jobs: z.array(jobSchema)
      })
    ),
  /** Experiments that have jobs, the newest job first, with how many of them stand how. */
  byExperiment: route
    .input(
      z.object({
        /** Part of the experiment's name; empty: any. */
        text: z.string().default(''),
        ...page
      })
    )
    .output(
      z.object({
        /** How many experiments were found in all. */
        total: z.int(),
        /** The experiments of this page. */
        groups: z.array(jobGroupSchema)
      })
    ),
  get: route.input(id).output(jobSchema),
  /** How long something will take, as earlier work of its kind took on this computer. */
  expected: route.input(expectedAskedSchema).output(expectedTimeSchema),
  /** The same of a job that is there; null seconds for kinds that are measured otherwise. */
  expectedOf: route.input(id).output(expectedTimeSchema),
  log: route
    .input(
      z.object({
        /** Id of the job. */
        id: z.string(),
        /** How many of the last lines. 1 to 10,000. */
        tail: z.int().min(1).max(10_000).default(500)
      })
    )
    .output(z.array(logLineSchema)),
  /** Figures over time, e.g. the loss curve: one row per reported step (thinned to at most 2,000). */
  curve: route.input(id).output(z.array(z.record(z.string(), z.number()))),
  pause: route.input(id).output(jobSchema),
  resume: route.input(id).output(jobSchema),
  cancel: route.input(id).output(jobSchema),
  retry: route.input(id).output(jobSchema),
  /** Jobs of a higher priority start first; of the same, older ones. */
  setPriority: route
    .input(
      z.object({
        /** Id of the job. */
        id: z.string(),
        /** Number that decides which job starts first; 0 is usual. -1,000 to 1,000. */
        priority: z.int().min(-1000).max(1000)
      })
    )
    .output(jobSchema),
  selfTest: route
    .input(
      jobSchemas['self-test'].input.extend({
        /** Id of the place where it runs; null: this computer. */
        place: textOrNone.default(null)
      })
    )
    .output(jobSchema),
  remove: route.input(id).output(z.object({})),
  /** Takes off the list what has finished or was cancelled; jobs of experiments stay with them, for their logs and curves. */
  clear: route.input(none).output(
    z.object({
      /** How many jobs were taken off the list. */
      removed: z.int()
    })
  )
}
