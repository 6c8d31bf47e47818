import { z } from 'zod'
import { languages } from './languages.ts'
import { textOrNone } from './text-or-none.ts'
import { providerChoiceSchema } from './providers.ts'

const days = z.int().min(1).max(3650)

export const settingsSchema = z.object({
  /** Who computes where nobody says otherwise; auto: the fastest that works here. */
  provider: providerChoiceSchema,
  /** Threads for heavy work; 0 is all physical cores. 0 to 1,024. */
  threads: z.int().min(0).max(1024),
  /** Address of a Hugging Face mirror, null for the hub itself. */
  mirror: z.url().nullable(),
  /** Address of a proxy; null: none. */
  proxy: z.url().nullable(),
  /** Address of the page that lists releases of the lab, asked only when the user says so; null: the one that came along. */
  releases: z.url().nullable(),
  /** Light or dark; system: as the computer does. */
  theme: z.enum(['system', 'light', 'dark']),
  /** What the screens and the window speak; the command line is English. */
  language: z.enum(['system', ...languages]),
  /** The computer does not go to sleep while a job is at work. Only Electron's window can see to it. */
  keepAwake: z.boolean(),
  /** What closing the window does while jobs are unfinished. Only Electron's window asks. */
  whenClosed: z.enum(['ask', 'background', 'stop']),
  /** What nothing needs any more goes by itself, at the start and every day. */
  cleanByItself: z.boolean(),
  /** After so many days each; see contract/housekeeping.ts. 1 to 3,650. */
  keepUploadsDays: days,
  /** Days until downloads that nothing needs go. 1 to 3,650. */
  keepDownloadsDays: days,
  /** Days until jobs go that are over and belong to no experiment. 1 to 3,650. */
  keepJobsDays: days,
  /** Days until old copies of the database go. 1 to 3,650. */
  keepBackupsDays: days,
  /** Nothing is fetched while this is on. */
  offline: z.boolean(),
  /** Whether a token for the hub is kept. */
  hasToken: z.boolean(),
  /** Where a token would be kept. */
  tokenStore: z.enum(['system', 'plain', 'none']),
  /** The user has seen the first-start page. */
  welcomed: z.boolean()
})
export type Settings = z.infer<typeof settingsSchema>

export const homeSchema = z.object({
  /** Absolute path of the home folder. */
  path: z.string(),
  /** Version of the lab, such as 0.1.0. */
  version: z.string(),
  /** What stands before the words of a command in a terminal: `recross-lab` or `npm run lab --`. */
  command: z.string(),
  /** What runs the backend. */
  host: z.enum(['electron', 'server', 'cli']),
  /** Room on the disk of the home, in bytes. */
  freeBytes: z.number(),
  /** Size of the home in bytes. */
  usedBytes: z.number(),
  /** How many physical cores this computer has. */
  cores: z.int(),
  /** Memory of this computer in bytes. */
  memoryBytes: z.number(),
  /** The system, as Node names it, such as linux. */
  platform: z.string(),
  /** What the lab found at its start and the user should know, as a sentence; null: nothing. */
  notice: textOrNone
})
export type Home = z.infer<typeof homeSchema>

export const checkSchema = z.object({
  /** What was looked at. */
  name: z.string(),
  /** What came out. */
  state: z.enum(['ok', 'missing', 'failed', 'optional']),
  /** What was found, in words. */
  found: z.string(),
  /** What to do about it; null: nothing. */
  advice: textOrNone
})
export type Check = z.infer<typeof checkSchema>
export const doctorReportSchema = z.object({
  /** What was looked at, one entry a part. */
  checks: z.array(checkSchema),
  /** Nothing that the lab needs is missing or failed. */
  healthy: z.boolean()
})
export type DoctorReport = z.infer<typeof doctorReportSchema>
