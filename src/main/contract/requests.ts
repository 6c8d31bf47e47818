import { z } from 'zod'

/** One request that left this computer. Neither its query nor what it carried is kept. */
export const sentRequestSchema = z.object({
  time: z.iso.datetime(),
  host: z.string(),
  /** Without what stands behind a question mark. */
  path: z.string(),
  /** Whether a token went along. */
  token: z.boolean(),
  /** What the server answered; null: nothing. */
  status: z.int().nullable()
})
export type SentRequest = z.infer<typeof sentRequestSchema>
