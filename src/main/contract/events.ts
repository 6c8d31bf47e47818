import { z } from 'zod'
import { jobSchema } from './jobs.ts'

/** What the backend tells every client as it happens. `changed` names a list that must be asked for again. */
export const changeSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('job'), job: jobSchema }),
  z.object({ type: z.literal('job-removed'), id: z.string() }),
  z.object({
    type: z.literal('changed'),
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
    id: z.string().nullable()
  })
])
export type Change = z.infer<typeof changeSchema>
