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

const verifiable = z.object({
  kind: z.enum(['dataset', 'model', 'index', 'run']),
  id: z.string(),
  name: z.string()
})

/** A thing to be read and compared with what was written down of it. `hash`: a model's fingerprint, null for others. */
export const verifyItemSchema = verifiable.extend({ path: z.string(), hash: z.string().nullable() })
export type VerifyItem = z.infer<typeof verifyItemSchema>

export const verifiedItemSchema = verifiable.extend({
  state: z.enum(['whole', 'damaged', 'missing', 'unknown']),
  /** What is wrong, or why it cannot be told; empty where all is well. */
  problem: z.string()
})
export type VerifiedItem = z.infer<typeof verifiedItemSchema>

/** What a look at everything in the home came to. */
export const verificationSchema = z.object({
  items: z.array(
    verifiedItemSchema.extend({
      /** What to do about it; empty where all is well. */
      advice: z.string()
    })
  ),
  whole: z.int()
})
export type Verification = z.infer<typeof verificationSchema>
