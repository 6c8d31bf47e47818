import { z } from 'zod'

/** A file for the user to keep: its text or, where it is no text, its bytes as base64. */
export const savedFileSchema = z.object({
  fileName: z.string(),
  mediaType: z.string(),
  text: z.string(),
  encoding: z.enum(['text', 'base64']).default('text')
})
export type SavedFile = z.infer<typeof savedFileSchema>
