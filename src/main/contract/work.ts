import type { z } from 'zod'
import { jobSchemas } from './jobs.ts'
import type { Uses } from './kinds/kind.ts'
import { partSchemas } from './parts.ts'
import { questionSchemas } from './questions.ts'

/** Whatever a worker does: jobs, which are stored and queued, parts of them, and questions, which are answered. */
export const workSchemas = { ...jobSchemas, ...partSchemas, ...questionSchemas } as const

export type WorkKind = keyof typeof workSchemas
export type WorkInput<K extends WorkKind> = z.output<(typeof workSchemas)[K]['input']>
export type WorkOutput<K extends WorkKind> = z.output<(typeof workSchemas)[K]['output']>

/** What of the lab a piece of work reads. `input` is that of its kind, as its schema gives it. */
export function usesOf(kind: WorkKind, input: unknown): Uses {
  return (workSchemas[kind].uses as (input: unknown) => Uses)(input)
}
