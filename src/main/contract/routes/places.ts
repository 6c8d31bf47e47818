import { z } from 'zod'
import { placeCheckSchema, placeContentsSchema, placeSchema, placeSettingsSchema } from '../places.ts'
import { id, none, route } from './route.ts'

export const placeRoutes = {
  list: route.input(none).output(z.array(placeSchema)),
  /** Puts a place into the list, without looking at it. */
  add: route.input(placeSettingsSchema).output(placeSchema),
  change: route
    .input(
      z.object({
        /** Id of the place. */
        id: z.string(),
        /** How it is reached and used from now on. */
        settings: placeSettingsSchema
      })
    )
    .output(placeSchema),
  /** Connects, puts the lab's programs there and runs a small job; what was found is kept with the place. */
  check: route.input(id).output(placeCheckSchema),
  contents: route.input(id).output(placeContentsSchema),
  /** Deletes there what no unfinished job needs, programs of other versions of the lab too. */
  clean: route
    .input(
      z.object({
        /** Id of the place. */
        id: z.string(),
        /** All that any lab of this user has put there, where no job is unfinished. */
        everything: z.boolean().default(false)
      })
    )
    .output(
      z.object({
        /** How many bytes are free again. */
        freedBytes: z.number()
      })
    ),
  remove: route.input(id).output(z.object({}))
}
