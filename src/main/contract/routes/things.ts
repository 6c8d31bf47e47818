import { z } from 'zod'
import { binnedSchema, labelChangeSchema, labelSchema, lossSchema, namedSchema, thingSchema } from '../things.ts'
import { none, route } from './route.ts'

/** What is the same for everything that the lab holds. */
export const thingRoutes = {
  labels: route.input(none).output(z.array(labelSchema)),
  /** Renames, notes, tags, archives; what is not given stays as it is. */
  label: route.input(labelChangeSchema).output(labelSchema),
  usedBy: route.input(thingSchema).output(z.array(namedSchema)),
  /** What a deletion would take away and leave, worked out as the deletion itself is. */
  loss: route.input(thingSchema).output(lossSchema),
  /** Into the bin, from where it can be brought back for some days; null where it was deleted for good. */
  remove: route
    .input(
      thingSchema.extend({
        /** Passes the bin, so that it cannot come back. */
        forGood: z.boolean().default(false)
      })
    )
    .output(binnedSchema.nullable()),
  bin: route.input(none).output(z.array(binnedSchema)),
  restore: route
    .input(
      z.object({
        /** Id of its place in the bin. */
        binId: z.string()
      })
    )
    .output(thingSchema),
  /** Deletes for good: some of the bin, or null for all. */
  emptyBin: route
    .input(
      z.object({
        /** Ids of places in the bin; null: all. */
        binIds: z.array(z.string()).nullable()
      })
    )
    .output(
      z.object({
        /** Size of what is gone, in bytes. */
        bytes: z.number()
      })
    )
}
