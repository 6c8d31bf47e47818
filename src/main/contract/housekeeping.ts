import { z } from 'zod'

/** What a home holds, place by place. */
export const homeUsageSchema = z.object({
  path: z.string(),
  places: z.array(z.object({ name: z.string(), items: z.int(), bytes: z.number() })),
  bytes: z.number(),
  /** What `home clean` would free. */
  freeableBytes: z.number()
})
export type HomeUsage = z.infer<typeof homeUsageSchema>

/** What nothing needs any more, and why that is so. */
export const leftoversSchema = z.object({
  /** False: nothing was deleted, this is what would be. */
  deleted: z.boolean(),
  /** `path` is relative to the home. */
  items: z.array(z.object({ path: z.string(), bytes: z.number(), why: z.string() })),
  bytes: z.number()
})
export type Leftovers = z.infer<typeof leftoversSchema>
