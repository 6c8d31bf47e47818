import { z } from 'zod'
import { strategySchema } from './experiments.ts'
import { page } from './routes/route.ts'

/** What a list of experiments can be sorted by. */
export const experimentOrders = ['started', 'name', 'status', 'runs', 'strategies', 'targets', 'best'] as const
export type ExperimentOrder = (typeof experimentOrders)[number]

export const experimentSearchSchema = z.object({
  /** Words that all stand in its name, models, data, targets, tags or note; empty: any. */
  text: z.string().default(''),
  /** Strategies by which an experiment is found too, whatever its texts say; empty: none. */
  strategies: z.array(strategySchema).default([]),
  /** What it is sorted by. */
  sort: z.enum(experimentOrders).default('started'),
  /** The largest, last or newest first. What has no value stands at the end either way. */
  down: z.boolean().default(true),
  /** With those that are archived. */
  archived: z.boolean().default(false),
  /** Only those that have a finished run. */
  comparable: z.boolean().default(false),
  ...page
})
export type ExperimentSearch = z.infer<typeof experimentSearchSchema>
