import { z } from 'zod'
import { textOrNone } from './text-or-none.ts'
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
  /** Absolute path of the home folder. */
  path: z.string(),
  /** What the home holds, by folder. */
  places: z.array(
    z.object({
      /** Name of the folder. */
      name: z.string(),
      /** How many things lie there. */
      items: z.int(),
      /** Size in bytes. */
      bytes: z.number()
    })
  ),
  /** Size of the whole home in bytes. */
  bytes: z.number(),
  /** What `home clean` would free, in bytes. */
  freeableBytes: z.number(),
  /** What goes by itself, and after how many days. */
  rules: z.array(
    z.object({
      /** What goes by itself. */
      rule: z.enum(cleaningRuleNames),
      /** Days after which it goes. */
      days: z.number()
    })
  ),
  /** When that was last done; null: never. */
  cleanedAt: textOrNone
})
export type HomeUsage = z.infer<typeof homeUsageSchema>

/** What nothing needs any more, and why that is so. */
export const leftoversSchema = z.object({
  /** False: nothing was deleted, this is what would be. */
  deleted: z.boolean(),
  /** `path` is relative to the home, or says what it is where it is no file. */
  items: z.array(
    z.object({
      /** The rule by which it goes. */
      rule: z.enum(cleaningRuleNames),
      /** Relative to the home, or what it is where it is no file. */
      path: z.string(),
      /** Size in bytes. */
      bytes: z.number(),
      /** Why nothing needs it any more, in a sentence. */
      why: z.string()
    })
  ),
  /** Size of all of it in bytes. */
  bytes: z.number()
})
export type Leftovers = z.infer<typeof leftoversSchema>

const verifiable = z.object({
  /** What it is. */
  kind: z.enum(['dataset', 'model', 'index', 'run']),
  /** Its id. */
  id: z.string(),
  /** What it is called. */
  name: z.string()
})

/** A thing to be read and compared with what was written down of it. `hash`: a model's fingerprint, null for others. */
export const verifyItemSchema = verifiable.extend({
  /** Absolute path of its file or folder. */
  path: z.string(),
  /** Hash that was written down; null: it stands in the thing itself. */
  hash: textOrNone
})
export type VerifyItem = z.infer<typeof verifyItemSchema>

export const verifiedItemSchema = verifiable.extend({
  /** What came out; unknown: nothing was written down to compare with. */
  state: z.enum(['whole', 'damaged', 'missing', 'unknown']),
  /** What is wrong, or why it cannot be told; null: all is well. */
  problem: textOrNone
})
export type VerifiedItem = z.infer<typeof verifiedItemSchema>

/** What a look at everything in the home came to. */
export const verificationSchema = z.object({
  /** What was looked at. */
  items: z.array(
    verifiedItemSchema.extend({
      /** What to do about it; null: nothing. */
      advice: textOrNone
    })
  ),
  /** How many things are whole. */
  whole: z.int()
})
export type Verification = z.infer<typeof verificationSchema>
