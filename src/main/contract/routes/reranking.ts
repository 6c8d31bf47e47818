import { z } from 'zod'
import { jobSchema } from '../jobs.ts'
import { miningRequestSchema, miningSchema, trainRequestSchema } from '../reranking.ts'
import { retrieverRequestSchema } from '../retrievers.ts'
import { id, none, route } from './route.ts'

/** Supervision for rerankers, and rerankers made of it. The rerankers themselves are models. */
export const rerankingRoutes = {
  minings: route.input(none).output(z.array(miningSchema)),
  mining: route.input(id).output(miningSchema),
  estimateMining: route.input(miningRequestSchema).output(
    z.object({
      seconds: z.number(),
      bytesMemory: z.number(),
      bytesDisk: z.number(),
      /** Tunings and gradients that will be computed. */
      trials: z.number(),
      /** The same was mined already. */
      exists: miningSchema.nullable()
    })
  ),
  mine: route.input(miningRequestSchema).output(jobSchema),
  estimateTraining: route
    .input(trainRequestSchema)
    .output(z.object({ seconds: z.number(), bytesMemory: z.number(), bytesDisk: z.number(), pairs: z.number() })),
  train: route.input(trainRequestSchema).output(jobSchema),
  estimateRetriever: route
    .input(retrieverRequestSchema)
    .output(z.object({ seconds: z.number(), bytesMemory: z.number(), bytesDisk: z.number(), pairs: z.number() })),
  trainRetriever: route.input(retrieverRequestSchema).output(jobSchema)
}
