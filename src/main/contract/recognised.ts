import { z } from 'zod'

/** What something that was dropped on the window, or opened with it, is for the lab. */
export const recognisedSchema = z.object({
  /** What it is for the lab. */
  what: z.enum(['data', 'model', 'study', 'archive']),
  /** Absolute path. */
  path: z.string()
})
export type Recognised = z.infer<typeof recognisedSchema>
