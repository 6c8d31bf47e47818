import { z } from 'zod'

/** Files of one repository on the Hugging Face hub; an empty list means all that the lab can read. */
export const hubSourceSchema = z.object({
  type: z.literal('hub'),
  repo: z.string(),
  repoType: z.enum(['model', 'dataset']),
  revision: z.string(),
  files: z.array(z.string())
})

/** A file on Google Drive; with a null `fileId` it is looked up by its name in the folder. */
export const driveSourceSchema = z.object({
  type: z.literal('drive'),
  fileId: z.string().nullable(),
  folderId: z.string().nullable().default(null),
  fileName: z.string(),
  /** The page where a person fetches it by hand when Drive refuses. */
  page: z.string()
})

/** Any address; a null `sha256` means that nobody published a checksum. */
export const urlSourceSchema = z.object({
  type: z.literal('url'),
  url: z.string(),
  fileName: z.string(),
  sha256: z.string().nullable()
})

/** A folder that the lab brings along, under data/. */
export const bundledSourceSchema = z.object({ type: z.literal('bundled'), path: z.string() })
