import { z } from 'zod'

/** A file for the user to keep: its text or, where it is no text, its bytes as base64. */
export const savedFileSchema = z.object({
  /** A name for the file. */
  fileName: z.string(),
  /** Its media type, such as text/csv. */
  mediaType: z.string(),
  /** Its text, or its bytes as base64. */
  text: z.string(),
  /** What `text` holds. */
  encoding: z.enum(['text', 'base64']).default('text')
})
export type SavedFile = z.infer<typeof savedFileSchema>
