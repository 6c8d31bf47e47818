import { z } from 'zod'

const days = z.int().min(1).max(3650)

export const settingsSchema = z.object({
  provider: z.enum(['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml']),
  /** Threads for heavy work; 0 is all physical cores. */
  threads: z.int().min(0).max(1024),
  /** Address of a Hugging Face mirror, null for the hub itself. */
  mirror: z.url().nullable(),
  proxy: z.url().nullable(),
  /** Address of the page that lists releases of the lab, asked only when the user says so; null: the one that came along. */
  releases: z.url().nullable(),
  theme: z.enum(['system', 'light', 'dark']),
  /** What the screens and the window speak; the command line is English. */
  language: z.enum(['system', 'en', 'de']),
  /** The computer does not go to sleep while a job is at work. Only Electron's window can see to it. */
  keepAwake: z.boolean(),
  /** What closing the window does while jobs are unfinished. Only Electron's window asks. */
  whenClosed: z.enum(['ask', 'background', 'stop']),
  /** What nothing needs any more goes by itself, at the start and every day. */
  cleanByItself: z.boolean(),
  /** After so many days each; see contract/housekeeping.ts. */
  keepUploadsDays: days,
  keepDownloadsDays: days,
  keepJobsDays: days,
  keepBackupsDays: days,
  /** Nothing is fetched while this is on. */
  offline: z.boolean(),
  hasToken: z.boolean(),
  /** Where a token would be kept. */
  tokenStore: z.enum(['system', 'plain', 'none']),
  /** The user has seen the first-start page. */
  welcomed: z.boolean()
})
export type Settings = z.infer<typeof settingsSchema>

export const homeSchema = z.object({
  path: z.string(),
  version: z.string(),
  /** What stands before the words of a command in a terminal: `recross-lab` or `npm run lab --`. */
  command: z.string(),
  host: z.enum(['electron', 'server', 'cli']),
  freeBytes: z.number(),
  usedBytes: z.number(),
  cores: z.int(),
  memoryBytes: z.number(),
  platform: z.string(),
  /** What the lab found at its start and the user should know, as a sentence; null: nothing. */
  notice: z.string().nullable()
})
export type Home = z.infer<typeof homeSchema>

export const checkSchema = z.object({
  name: z.string(),
  state: z.enum(['ok', 'missing', 'failed', 'optional']),
  found: z.string(),
  /** What to do about it; empty where all is well. */
  advice: z.string()
})
export type Check = z.infer<typeof checkSchema>
export const doctorReportSchema = z.object({ checks: z.array(checkSchema), healthy: z.boolean() })
export type DoctorReport = z.infer<typeof doctorReportSchema>
