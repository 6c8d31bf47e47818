import { LabError } from '../../contract/error.ts'
import type { JobInput } from '../../contract/jobs.ts'
import type { Mining } from '../../contract/reranking.ts'
import type { Services } from '../services.ts'

/** Throws in-use where a reranker is being trained on it. */
export function refuseWhileTrainedOn({ store }: Services, mining: Mining): void {
  const using = store.jobs
    .withStatus('queued', 'running', 'paused')
    .find(
      ({ kind, input }) =>
        kind === 'train-reranker' && (input as JobInput<'train-reranker'>).minings.some(({ id }) => id === mining.id)
    )
  if (using === undefined) return
  throw new LabError(
    'in-use',
    `"${mining.name}" is in use by the job "${using.title}". Wait until it is over, or cancel it.`,
    {
      details: { jobId: using.id }
    }
  )
}
