import type { Job } from '../../contract/jobs.ts'
import type { Lab } from '../lab.ts'

/** Jobs that are at work or will be without anybody's doing; a paused one waits for its user. */
export function unfinishedJobs({ services }: Lab): number {
  return services.store.jobs.withStatus('running', 'queued').length
}

/** Calls back with every job that changes, as long as the lab is open. */
export async function followJobs(lab: Lab, signal: AbortSignal, listener: (job: Job) => void): Promise<void> {
  for await (const change of lab.services.changes.subscribe(signal)) {
    if (change.type === 'job') listener(change.job)
  }
}
