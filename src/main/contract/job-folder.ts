import { z } from 'zod'
import { wireErrorSchema } from './jobs.ts'

/**
 * A job as a folder, for machines that the lab does not sit on. Whoever has the lab's bundle can run it there, and run it again
 * after whatever happened: the folder holds all that is known about it.
 *
 *   job.json        what to do; written once
 *   home/           the part of a lab's home that the job sees: its inputs as links into `objects/`, or to what a job before it has
 *                   made, and its own folder
 *   progress.jsonl  one line a message, in the order in which they came; a line without an end is none
 *   result.json     the output with the hashes of the files that belong to it; or
 *   error.json      why there is none
 *   ended.json      with which code the last worker ended; missing after a kill
 *   holder-<n>.json the n-th worker that took the job up; the highest one has it
 *   pause, cancel   empty files by which the lab asks for that
 */

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
/** Relative, with slashes, without a step out of its folder. */
const insidePath = z.string().refine((path) => isInside(path), 'must be a relative path that stays inside its folder')
const fileRef = z.object({
  /** Relative path, with slashes. */
  path: insidePath,
  sha256,
  /** Size in bytes. 0 or more. */
  bytes: z.int().min(0)
})
export type FileRef = z.infer<typeof fileRef>

export const jobFileSchema = z.strictObject({
  /** Version of the form of job folders. */
  version: z.literal(1),
  /** Names the folder, and the job in messages. */
  id: z.string().regex(/^[\w-]{1,80}$/),
  /** Kind of the job. */
  kind: z.string(),
  /** Paths of the home are written as `{home}/…`. */
  input: z.unknown(),
  /** The job's own folder, relative to the home. */
  folder: insidePath,
  /** Threads for heavy work, 0 for all physical cores. 0 or more. */
  threads: z.int().min(0),
  /** Files by content; `path` is relative to the home. */
  inputs: z.array(fileRef),
  /** Jobs of the same place whose results are inputs as well; a scheduler starts this one when they have ended well. */
  after: z.array(z.string().regex(/^[\w-]{1,80}$/)).default([])
})
export type JobFile = z.infer<typeof jobFileSchema>

export const resultFileSchema = z.object({
  /** Version of the form of job folders. */
  version: z.literal(1),
  /** What the job gives back, as its kind's schema says. */
  output: z.unknown(),
  /** What lies in the job's own folder; `path` is relative to it. */
  files: z.array(fileRef),
  /** Name of the machine that computed. */
  host: z.string()
})

export const errorFileSchema = z.object({
  /** Whether it ended because that was asked for. */
  cancelled: z.boolean(),
  /** Why it ended. */
  error: wireErrorSchema
})

/** What a worker on a folder ends with. */
export const folderCodes = {
  /** result.json is there. */
  done: 0,
  /** error.json says why not. */
  failed: 1,
  /** Nothing is wrong: put the job back into the queue, it goes on from what it has saved (the system's EX_TEMPFAIL). */
  again: 75,
  /** Stopped from outside by SIGTERM; it can go on. */
  stopped: 143
} as const

function isInside(path: string): boolean {
  if (path === '' || path.startsWith('/') || path.includes('\\') || path.includes('\0')) return false
  return path.split('/').every((name) => name !== '' && name !== '.' && name !== '..')
}
