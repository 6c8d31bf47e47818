import type { z } from 'zod'
import { jobSchemas } from './jobs.ts'
import { partSchemas } from './parts.ts'
import { questionSchemas } from './questions.ts'

/** Whatever a worker does: jobs, which are stored and queued, parts of them, and questions, which are answered. */
export const workSchemas = { ...jobSchemas, ...partSchemas, ...questionSchemas } as const

export type WorkKind = keyof typeof workSchemas
export type WorkInput<K extends WorkKind> = z.output<(typeof workSchemas)[K]['input']>
export type WorkOutput<K extends WorkKind> = z.output<(typeof workSchemas)[K]['output']>
