import { LabError } from '../../contract/error.ts'
import type { Mining } from '../../contract/minings.ts'
import { usesOf } from '../../contract/work.ts'
import type { Services } from '../services.ts'

/** Throws in-use where a reranker is being trained on it. */
export function refuseWhileTrainedOn({ store }: Services, mining: Mining): void {
  const using = store.jobs
    .withStatus('queued', 'running', 'paused')
    .find(({ kind, input }) => usesOf(kind, input).minings?.includes(mining.id))
  if (using === undefined) return
  throw new LabError(
    'in-use',
    `"${mining.name}" is in use by the job "${using.title}". Wait until it is over, or cancel it.`,
    {
      details: { jobId: using.id }
    }
  )
}
