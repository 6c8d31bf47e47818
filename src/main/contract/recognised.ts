import { z } from 'zod'
import { textOrNone } from './text-or-none.ts'

/** What something that was dropped on the window, or opened with it, is for the lab. */
export const recognisedSchema = z.object({
  /** What it is for the lab. */
  what: z.enum(['data', 'model', 'study', 'archive']),
  /** Absolute path. */
  path: z.string()
})
export type Recognised = z.infer<typeof recognisedSchema>

/** Folders of the computer that the lab runs on, for who has no dialog of the system: a browser tells no path. */
export const foldersSchema = z.object({
  /** Absolute path of the folder that was opened. */
  path: z.string(),
  /** Absolute path of the folder above; null: it is the topmost. */
  parent: textOrNone,
  /** Folders in it, in the order of their names, hidden ones last. */
  folders: z.array(
    z.object({
      /** Its name. */
      name: z.string(),
      /** Absolute path. */
      path: z.string(),
      /** Whether it looks like the folder of a model. */
      model: z.boolean()
    })
  ),
  /** Whether it has more folders than are listed. */
  more: z.boolean(),
  /** Whether it looks like the folder of a model itself. */
  model: z.boolean()
})
export type Folders = z.infer<typeof foldersSchema>
