import { LabError } from '../../contract/error.ts'
import type { JobKind, JobStatus } from '../../contract/jobs.ts'
import type { Services } from '../services.ts'

const unfinished: JobStatus[] = ['running', 'queued', 'paused']
const using: JobKind[] = [
  'build-index',
  'run-strategy',
  'mine-pairs',
  'train-reranker',
  'train-retriever',
  'export-model',
  'answer-file'
]

/** Throws in-use where an unfinished job works with the dataset or model of that id. */
export function refuseWhileInUse({ jobs, store }: Services, { id, name }: { id: string; name: string }): void {
  const found = jobs.list({ status: unfinished, kinds: using, experimentId: null, text: '' }, 1000, 0)
  // Inputs name it by id or by its folder, which is called after it.
  const job = found.jobs.find((job) => JSON.stringify(store.jobs.get(job.id).input).includes(id))
  if (!job) return
  throw new LabError('in-use', `"${name}" is in use by the job "${job.title}". Wait until it is over, or cancel it.`, {
    details: { jobId: job.id }
  })
}
