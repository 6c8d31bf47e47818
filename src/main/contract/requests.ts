import { z } from 'zod'

/** One request that left this computer. Neither its query nor what it carried is kept. */
export const sentRequestSchema = z.object({
  /** When it left (UTC). */
  time: z.iso.datetime(),
  /** Name of the server. */
  host: z.string(),
  /** Without what stands behind a question mark. */
  path: z.string(),
  /** Whether a token went along. */
  token: z.boolean(),
  /** Number of the server's answer in HTTP, such as 200; null: it gave none. */
  status: z.int().nullable()
})
export type SentRequest = z.infer<typeof sentRequestSchema>
