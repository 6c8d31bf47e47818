import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { textOrNone } from '../text-or-none.ts'
import { draftSchema } from '../drafts.ts'
import { changeSchema } from '../events.ts'
import { homeUsageSchema, leftoversSchema, verificationSchema } from '../housekeeping.ts'
import { foldersSchema, recognisedSchema } from '../recognised.ts'
import { sentRequestSchema } from '../requests.ts'
import { savedFileSchema } from '../saved-file.ts'
import { doctorReportSchema, homeSchema, settingsSchema } from '../settings.ts'
import { installerSchema, updateSchema } from '../updates.ts'
import { none, route } from './route.ts'

export const labRoutes = {
  home: route.input(none).output(homeSchema),
  settings: route.input(none).output(settingsSchema),
  saveSettings: route.input(settingsSchema.partial()).output(settingsSchema),
  /** Keeps a Hugging Face token: in the system's secret store under Electron; in plain text only where `plain` agrees. */
  saveToken: route
    .input(
      z.object({
        /** The token; null: none is kept any more. */
        token: textOrNone,
        /** The user agrees that it is kept as plain text. */
        plain: z.boolean()
      })
    )
    .output(settingsSchema),
  /** The requests that left this computer, the newest first. */
  requests: route
    .input(
      z.object({
        /** How many at most. 1 to 100,000. */
        most: z.int().min(1).max(100_000).default(200)
      })
    )
    .output(
      z.object({
        /** The requests, the newest first. */
        requests: z.array(sentRequestSchema),
        /** How many are on the list. */
        all: z.int()
      })
    ),
  doctor: route.input(none).output(doctorReportSchema),
  /** A zip for somebody who helps, without texts, names, paths, addresses and tokens. */
  diagnostics: route.input(none).output(savedFileSchema),
  /** What the home folder holds. */
  usage: route.input(none).output(homeUsageSchema),
  /** Frees what nothing needs; with `dryRun` it only says what. */
  clean: route
    .input(
      z.object({
        /** Only says what would go. */
        dryRun: z.boolean()
      })
    )
    .output(leftoversSchema),
  /** Reads everything in the home and compares it with the hashes that were written down. Takes a while for large models. */
  verify: route.input(none).output(verificationSchema),
  /** Asks the release page for the newest version: only now, never by itself. */
  lookForUpdate: route.input(none).output(updateSchema),
  /** Installers of the lab in a folder, for computers without a network. */
  installers: route
    .input(
      z.object({
        /** Absolute path of the folder. Not empty. */
        folder: z.string().min(1)
      })
    )
    .output(z.array(installerSchema)),
  /** What a file or folder that somebody brings is: data, a model, a study, or an archive of one. */
  recognise: route
    .input(
      z.object({
        /** Absolute path of the file or folder. Not empty. */
        path: z.string().min(1)
      })
    )
    .output(recognisedSchema),
  /** Folders to choose from; null: begins in the user's own folder. Throws `file-missing`. */
  folders: route
    .input(
      z.object({
        /** Absolute path of the folder to open; null: the user's own. */
        path: textOrNone
      })
    )
    .output(foldersSchema),
  /** Half-filled forms of this home, as this version of the lab has kept them. */
  drafts: route.input(none).output(z.array(draftSchema)),
  /** Keeps a half-filled form in place of the one of that name; null forgets it. */
  keepDraft: route
    .input(
      draftSchema.extend({
        /** The form as JSON; null: it is forgotten. At most 1,000,000 characters. */
        text: z.string().max(1_000_000).nullable()
      })
    )
    .output(z.object({})),
  /** What has changed, from now on. A client that returns asks for the current state first. */
  changes: route.input(none).output(eventIterator(changeSchema))
}
