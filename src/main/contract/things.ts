import { strategyNames } from './strategies.ts'
import { z } from 'zod'
import { textOrNone } from './text-or-none.ts'
import { noneIfEmpty } from './none-if-empty.ts'

/** What is the same for everything that a lab holds: names, notes, use, deletion. */

const thingKindSchema = z.enum(['dataset', 'target', 'model', 'index', 'mining', 'experiment'])
export type ThingKind = z.infer<typeof thingKindSchema>

export const thingSchema = z.object({
  /** What kind of thing it is. */
  what: thingKindSchema,
  /** Its id. */
  id: z.string()
})
export type Thing = z.infer<typeof thingSchema>

/** What the user has written on a thing. */
export const labelSchema = thingSchema.extend({
  /** A name in place of the one that the lab makes up; null: none. Only indices have no name of their own. */
  name: textOrNone,
  /** What the user has written on it; null: nothing. */
  note: textOrNone,
  /** Words that it can be found by. */
  tags: z.array(z.string()),
  /** Out of the way of the usual lists; still there, and still used where it is used. */
  archived: z.boolean()
})
export type Label = z.infer<typeof labelSchema>

export const labelChangeSchema = thingSchema.extend({
  /** A new name. Not empty, at most 200 characters. */
  name: z.string().trim().min(1).max(200).optional(),
  /** A new note; null: none. At most 20,000 characters. */
  note: z.string().max(20_000).transform(noneIfEmpty).nullable().optional(),
  /** New words to find it by, in place of all. At most 50. */
  tags: z.array(z.string().trim().min(1).max(50)).max(50).optional(),
  /** Out of the way of the usual lists, or back among them. */
  archived: z.boolean().optional()
})
export type LabelChange = z.infer<typeof labelChangeSchema>

/** Something that is named in a list of what hangs on a thing. */
export const namedSchema = z.object({
  /** What it is. */
  kind: z.enum(['dataset', 'target', 'model', 'index', 'experiment', 'run', 'query-set', 'mining', 'job']),
  /** Its id. */
  id: z.string(),
  /** What it is called, in English where it has no name of its own. */
  name: z.string(),
  /** What its name is made of where it has none of its own, for screens, which say it in the reader's language. */
  made: z
    .object({
      /** Strategy of a run, or the one that searches an index; null: neither. */
      strategy: z.enum(strategyNames).nullable(),
      /** Name of the target of a query set; null: it is none. */
      target: textOrNone,
      /** How many queries it has; null: it is none. */
      size: z.int().nullable(),
      /** Its round, from 1; null: it has none. */
      round: z.int().nullable()
    })
    .optional()
})
export type Named = z.infer<typeof namedSchema>

/** What a deletion takes away and what it leaves; made by the code that deletes. */
export const lossSchema = z.object({
  /** What the thing is called. */
  name: z.string(),
  /** Deleted with it. */
  lost: z.array(namedSchema),
  /** Results that stay readable, and can no longer be repeated or added to without it. */
  kept: z.array(namedSchema),
  /** Bytes on the disk, freed when the bin is emptied. */
  bytes: z.number(),
  /** Copies of the files that it was made from, which a browser handed over: they go at once, whether there is a bin or not. */
  copies: z.object({
    /** Absolute paths of the copies. */
    files: z.array(z.string()),
    /** Their size in bytes. */
    bytes: z.number()
  })
})
export type Loss = z.infer<typeof lossSchema>

/** How many days a deleted thing can be brought back. */
export const binDays = 7

export const binnedSchema = thingSchema.extend({
  /** Of its place in the bin. */
  binId: z.string(),
  /** What it was called. */
  name: z.string(),
  /** How many things went with it. */
  others: z.int(),
  /** Size in bytes, its companions counted. */
  bytes: z.number(),
  /** When it was put there (UTC). */
  deletedAt: z.iso.datetime(),
  /** When it is deleted for good by itself. */
  until: z.iso.datetime()
})
export type Binned = z.infer<typeof binnedSchema>
