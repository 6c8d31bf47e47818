import { z } from 'zod'

/** What a release page says of the newest version: `releases.json`, which packaging writes beside the installers. */
export const releaseSchema = z.object({
  version: z.string().regex(/^\d+\.\d+\.\d+/),
  /** Day of the release, as 2026-11-27. */
  date: z.string().max(40),
  /** What is new, in a few sentences. */
  notes: z.string().max(20_000).default(''),
  files: z
    .array(z.object({ name: z.string(), bytes: z.int().nonnegative(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }))
    .max(100)
})
export type Release = z.infer<typeof releaseSchema>

export const updateSchema = z.object({
  /** Version of the lab that asks. */
  current: z.string(),
  release: releaseSchema,
  /** Is the release newer than that? */
  newer: z.boolean()
})
export type Update = z.infer<typeof updateSchema>

/** An installer of the lab that lies in a folder. */
export const installerSchema = z.object({
  /** Absolute path. */
  path: z.string(),
  version: z.string(),
  bytes: z.int(),
  newer: z.boolean(),
  /** Is it made for this system and processor? */
  fits: z.boolean(),
  /** Against the list of checksums (SHA256SUMS or releases.json) in the same folder. */
  checksum: z.enum(['agrees', 'differs', 'none'])
})
export type Installer = z.infer<typeof installerSchema>
