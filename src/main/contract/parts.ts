import { z } from 'zod'
import { jobSchemas } from './jobs.ts'
import { smallerBuild } from './kinds/indices.ts'
import { partKind } from './kinds/kind.ts'

/**
 * Parts of a job that other workers of the lab do for it at the same time. They have no record: what a part has finished lies in
 * the job's folder, and the job itself makes the whole of it. A kind of part is a row here, one in worker/registry.ts.
 */
export const partSchemas = {
  /** Embeds every `of`-th open chunk of an index that a build-index job has begun in its folder. */
  'embed-part': partKind({
    input: jobSchemas['build-index'].input.omit({ shards: true }).extend({
      /** Which of the parts this is, counted from 0. 0 or more. */
      number: z.int().min(0),
      /** How many parts there are. At least 1. */
      of: z.int().min(1)
    }),
    output: z.object({
      /** How many chunks were embedded. */
      chunks: z.int()
    }),
    lessMemory: smallerBuild,
    uses: ({ encoder }) => ({ models: [encoder.modelId] })
  })
} as const

export type PartKind = keyof typeof partSchemas
export type PartInput<K extends PartKind> = z.output<(typeof partSchemas)[K]['input']>
export type PartOutput<K extends PartKind> = z.output<(typeof partSchemas)[K]['output']>
