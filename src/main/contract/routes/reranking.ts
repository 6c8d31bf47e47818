import { z } from 'zod'
import { jobSchema } from '../jobs.ts'
import { trainRequestSchema } from '../reranking.ts'
import { miningRequestSchema, miningSchema } from '../minings.ts'
import { retrieverRequestSchema } from '../retrievers.ts'
import { id, none, route } from './route.ts'

/** Supervision for rerankers, and rerankers made of it. The rerankers themselves are models. */
export const rerankingRoutes = {
  minings: route.input(none).output(z.array(miningSchema)),
  mining: route.input(id).output(miningSchema),
  estimateMining: route.input(miningRequestSchema).output(
    z.object({
      /** How long it will take, in seconds. */
      seconds: z.number(),
      /** Memory that it will take, in bytes. */
      bytesMemory: z.number(),
      /** Room that it will take on the disk, in bytes. */
      bytesDisk: z.number(),
      /** How many tunings and gradients will be computed. */
      trials: z.number(),
      /** The same was mined already. */
      exists: miningSchema.nullable()
    })
  ),
  mine: route.input(miningRequestSchema).output(jobSchema),
  estimateTraining: route.input(trainRequestSchema).output(
    z.object({
      /** How long it will take, in seconds. */
      seconds: z.number(),
      /** Memory that it will take, in bytes. */
      bytesMemory: z.number(),
      /** Room that it will take on the disk, in bytes. */
      bytesDisk: z.number(),
      /** How many pairs it will learn from. */
      pairs: z.number()
    })
  ),
  train: route.input(trainRequestSchema).output(jobSchema),
  estimateRetriever: route.input(retrieverRequestSchema).output(
    z.object({
      /** How long it will take, in seconds. */
      seconds: z.number(),
      /** Memory that it will take, in bytes. */
      bytesMemory: z.number(),
      /** Room that it will take on the disk, in bytes. */
      bytesDisk: z.number(),
      /** How many pairs it will learn from. */
      pairs: z.number()
    })
  ),
  trainRetriever: route.input(retrieverRequestSchema).output(jobSchema)
}
