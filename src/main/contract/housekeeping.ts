import { z } from 'zod'
import type { Settings } from './settings.ts'

/** What goes by itself once nothing has needed it for some days. */
export const cleaningRuleNames = [
  'scratch',
  'unfinished',
  'parts',
  'uploads',
  'downloads',
  'jobs',
  'backups',
  'logs',
  'bin'
] as const
export type CleaningRule = (typeof cleaningRuleNames)[number]

/** The rules whose days the user sets, each with the setting that holds them. */
export const daysSettings = {
  uploads: 'keepUploadsDays',
  downloads: 'keepDownloadsDays',
  jobs: 'keepJobsDays',
  backups: 'keepBackupsDays'
} as const satisfies Partial<Record<CleaningRule, keyof Settings>>

/** What a home holds, place by place. */
export const homeUsageSchema = z.object({
  path: z.string(),
  places: z.array(z.object({ name: z.string(), items: z.int(), bytes: z.number() })),
  bytes: z.number(),
  /** What `home clean` would free. */
  freeableBytes: z.number(),
  /** What goes by itself, and after how many days. */
  rules: z.array(z.object({ rule: z.enum(cleaningRuleNames), days: z.number() })),
  /** When that was last done; null: never. */
  cleanedAt: z.string().nullable()
})
export type HomeUsage = z.infer<typeof homeUsageSchema>

/** What nothing needs any more, and why that is so. */
export const leftoversSchema = z.object({
  /** False: nothing was deleted, this is what would be. */
  deleted: z.boolean(),
  /** `path` is relative to the home, or says what it is where it is no file. */
  items: z.array(z.object({ rule: z.enum(cleaningRuleNames), path: z.string(), bytes: z.number(), why: z.string() })),
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
