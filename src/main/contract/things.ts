import { z } from 'zod'

/** What is the same for everything that a lab holds: names, notes, use, deletion. */

const thingKindSchema = z.enum(['dataset', 'target', 'model', 'index', 'mining', 'experiment'])
export type ThingKind = z.infer<typeof thingKindSchema>

export const thingSchema = z.object({ what: thingKindSchema, id: z.string() })
export type Thing = z.infer<typeof thingSchema>

/** What the user has written on a thing. */
export const labelSchema = thingSchema.extend({
  /** A name in place of the one that the lab makes up; empty for none. Only indices have no name of their own. */
  name: z.string(),
  note: z.string(),
  tags: z.array(z.string()),
  /** Out of the way of the usual lists; still there, and still used where it is used. */
  archived: z.boolean()
})
export type Label = z.infer<typeof labelSchema>

export const labelChangeSchema = thingSchema.extend({
  name: z.string().trim().min(1).max(200).optional(),
  note: z.string().max(20_000).optional(),
  tags: z.array(z.string().trim().min(1).max(50)).max(50).optional(),
  archived: z.boolean().optional()
})
export type LabelChange = z.infer<typeof labelChangeSchema>

/** Something that is named in a list of what hangs on a thing. */
export const namedSchema = z.object({
  kind: z.enum(['dataset', 'target', 'model', 'index', 'experiment', 'run', 'query-set', 'mining', 'job']),
  id: z.string(),
  name: z.string()
})
export type Named = z.infer<typeof namedSchema>

/** What a deletion takes away and what it leaves; made by the code that deletes. */
export const lossSchema = z.object({
  name: z.string(),
  /** Deleted with it. */
  lost: z.array(namedSchema),
  /** Results that stay readable, and can no longer be repeated or added to without it. */
  kept: z.array(namedSchema),
  /** On disk, freed when the bin is emptied. */
  bytes: z.number(),
  /** Copies of the files that it was made from, which a browser handed over: they go at once, whether there is a bin or not. */
  copies: z.object({ files: z.array(z.string()), bytes: z.number() })
})
export type Loss = z.infer<typeof lossSchema>

/** How many days a deleted thing can be brought back. */
export const binDays = 7

export const binnedSchema = thingSchema.extend({
  /** Of its place in the bin. */
  binId: z.string(),
  name: z.string(),
  /** How many things went with it. */
  others: z.int(),
  bytes: z.number(),
  deletedAt: z.iso.datetime(),
  /** When it is deleted for good by itself. */
  until: z.iso.datetime()
})
export type Binned = z.infer<typeof binnedSchema>
