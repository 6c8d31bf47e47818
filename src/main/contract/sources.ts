import { z } from 'zod'
import { textOrNone } from './text-or-none.ts'

/** Files of one repository on the Hugging Face hub; an empty list means all that the lab can read. */
export const hubSourceSchema = z.object({
  type: z.literal('hub'),
  /** Repository on the hub, as owner/name. */
  repo: z.string(),
  /** What the repository holds. */
  repoType: z.enum(['model', 'dataset']),
  /** Branch, tag or commit of the repository. */
  revision: z.string(),
  /** Names of the files; none: all that the lab can read. */
  files: z.array(z.string()),
  /** Datasets: the configurations wanted; none: all. */
  configs: z.array(z.string()).default([]),
  /** Datasets: of each configuration the first of these splits that it has; none: all splits. */
  splits: z.array(z.string()).default([])
})

/** A file on Google Drive; with a null `fileId` it is looked up by its name in the folder. */
export const driveSourceSchema = z.object({
  type: z.literal('drive'),
  /** Id of the file at Google; null: it is looked up by its name. */
  fileId: textOrNone,
  /** Id of the folder at Google; null: none. */
  folderId: textOrNone.default(null),
  /** Name of the file. */
  fileName: z.string(),
  /** The page where a person fetches it by hand when Drive refuses. */
  page: z.string()
})

/** Any address; a null `sha256` means that nobody published a checksum. */
export const urlSourceSchema = z.object({
  type: z.literal('url'),
  /** Address of the file. */
  url: z.string(),
  /** Name that the file gets here. */
  fileName: z.string(),
  /** SHA-256 that somebody published, in hexadecimal digits; null: nobody has. */
  sha256: textOrNone
})

/** Files at addresses of their own that belong together; a null `sha256` means that nobody published a checksum. */
export const filesSourceSchema = z.object({
  type: z.literal('files'),
  /** What they are known by, such as `github:INK-USC/ReCross/data/piqa`. */
  name: z.string(),
  /** The files. At least one. */
  files: z
    .array(
      z.object({
        /** Address of the file. */
        url: z.string(),
        /** Name that the file gets here. */
        fileName: z.string(),
        /** SHA-256 that somebody published, in hexadecimal digits; null: nobody has. */
        sha256: textOrNone
      })
    )
    .min(1)
})

/** A folder that the lab brings along, under data/. */
export const bundledSourceSchema = z.object({
  type: z.literal('bundled'),
  /** Path below the lab's data folder. */
  path: z.string()
})
