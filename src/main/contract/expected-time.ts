import { z } from 'zod'
import { textOrNone } from './text-or-none.ts'
import type { JobKind } from './jobs.ts'

/**
 * Kinds of jobs whose time is told from what earlier ones took on this computer; experiments, indices, minings and trainings are
 * measured before they begin. Work is counted in bytes that are read; of files that are answered and of rates that are tried, in
 * bytes or rows times the model's weights; of looks for leaks and of shared indices in rows.
 */
export const timedKinds = [
  'import-dataset',
  'download',
  'install-model',
  'export-model',
  'export-study',
  'import-study',
  'answer-file',
  'find-rate',
  'leak-check',
  'publish-index',
  'fetch-index'
] as const satisfies readonly JobKind[]
export type TimedKind = (typeof timedKinds)[number]

export const expectedAskedSchema = z.object({
  /** What kind of work it is. */
  kind: z.enum(timedKinds),
  /** Bytes that it reads; null: not known. 0 or more. */
  bytes: z.number().min(0).nullable().default(null),
  /** Absolute path of the file or folder that it reads, where its bytes are not known; null: none. */
  path: textOrNone.default(null),
  /** Id of the model that it works with; null: none. */
  modelId: textOrNone.default(null),
  /** Rows that a model learns from, with repetitions, that are looked at, or whose vectors are moved; null: none are. 0 or more. */
  rows: z.number().min(0).nullable().default(null)
})
export type ExpectedAsked = z.infer<typeof expectedAskedSchema>

export const expectedTimeSchema = z.object({
  /** Seconds that it will take on this computer; null: nothing like it was done here yet, or its size is not known. */
  seconds: z.number().nullable(),
  /** From how many earlier jobs that is known. */
  jobs: z.int()
})
export type ExpectedTime = z.infer<typeof expectedTimeSchema>

/** How long the demo takes on this computer. */
export const demoTimeSchema = z.object({
  /** Seconds from the click to the comparison. */
  seconds: z.number(),
  /** Timed on this computer; false: reckoned from the model's size, as another job computes. */
  measured: z.boolean()
})
export type DemoTime = z.infer<typeof demoTimeSchema>
