import { z } from 'zod'
import { noneIfEmpty } from './none-if-empty.ts'

/** What a release page says of the newest version: `releases.json`, which packaging writes beside the installers. */
export const releaseSchema = z.object({
  /** Version of the release, such as 0.2.0. */
  version: z.string().regex(/^\d+\.\d+\.\d+/),
  /** Day of the release, as 2026-11-27. At most 40 characters. */
  date: z.string().max(40),
  /** What is new, in a few sentences; null: nobody says. At most 20,000 characters. */
  notes: z.string().max(20_000).transform(noneIfEmpty).nullable().default(null),
  /** Its installers. At most 100. */
  files: z
    .array(
      z.object({
        /** Name of the file. */
        name: z.string(),
        /** Size in bytes. 0 or more. */
        bytes: z.int().nonnegative(),
        /** SHA-256 of the content, in hexadecimal digits. */
        sha256: z.string().regex(/^[0-9a-f]{64}$/)
      })
    )
    .max(100)
})
export type Release = z.infer<typeof releaseSchema>

export const updateSchema = z.object({
  /** Version of the lab that asks. */
  current: z.string(),
  /** The newest release. */
  release: releaseSchema,
  /** Is the release newer than that? */
  newer: z.boolean()
})
export type Update = z.infer<typeof updateSchema>

/** An installer of the lab that lies in a folder. */
export const installerSchema = z.object({
  /** Absolute path. */
  path: z.string(),
  /** Version that it installs. */
  version: z.string(),
  /** Size in bytes. */
  bytes: z.int(),
  /** Whether its version is newer than the one that asks. */
  newer: z.boolean(),
  /** Is it made for this system and processor? */
  fits: z.boolean(),
  /** Against the list of checksums (SHA256SUMS or releases.json) in the same folder. */
  checksum: z.enum(['agrees', 'differs', 'none'])
})
export type Installer = z.infer<typeof installerSchema>
