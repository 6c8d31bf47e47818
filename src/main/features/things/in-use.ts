import { sep } from 'node:path'
import { LabError } from '../../contract/error.ts'
import { jobKinds, type JobStatus } from '../../contract/jobs.ts'
import { usesOf } from '../../contract/work.ts'
import type { Services } from '../services.ts'

const unfinished: JobStatus[] = ['running', 'queued', 'paused']

/** Throws in-use where an unfinished job works with the data set or model of that id. */
export function refuseWhileInUse({ jobs, store, home }: Services, { id, name }: { id: string; name: string }): void {
  const found = jobs.list({ status: unfinished, kinds: [...jobKinds], experimentId: null, text: '' }, 1000, 0)
  const folder = home.dataset(id)
  const job = found.jobs.find((job) => {
    const { kind, input } = store.jobs.get(job.id)
    const { models = [], data = [] } = usesOf(kind, input)
    // Jobs from before named the file in the folder.
    return models.includes(id) || data.some((path) => path === folder || path.startsWith(folder + sep))
  })
  if (!job) return
  throw new LabError('in-use', `"${name}" is in use by the job "${job.title}". Wait until it is over, or cancel it.`, {
    details: { jobId: job.id }
  })
}
