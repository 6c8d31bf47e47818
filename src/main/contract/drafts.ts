import { z } from 'zod'

/** A half-filled form of a screen, kept with the home: it outlives the page, the host and its port. */
export const draftSchema = z.object({
  /** Which form, e.g. "get-data". Not empty, at most 100 characters. */
  name: z.string().min(1).max(100),
  /** What the form made of itself; only the form reads it. */
  text: z.string()
})
export type Draft = z.infer<typeof draftSchema>
