import { z } from 'zod'
import { textOrNone } from './text-or-none.ts'
import { jobSchema } from './jobs.ts'

/** What the backend tells every client as it happens. `changed` names a list that must be asked for again. */
export const changeSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('job'),
    /** The job as it is now. */
    job: jobSchema
  }),
  z.object({
    type: z.literal('job-removed'),
    /** Id of the job that is gone. */
    id: z.string()
  }),
  z.object({
    type: z.literal('changed'),
    /** The list that has changed. */
    what: z.enum([
      'datasets',
      'targets',
      'models',
      'indices',
      'minings',
      'places',
      'experiments',
      'settings',
      'home',
      'labels',
      'bin'
    ]),
    /** Id of the thing that has changed; null: several, or the list itself. */
    id: textOrNone
  })
])
export type Change = z.infer<typeof changeSchema>
