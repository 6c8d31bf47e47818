import type { Job, JobGroup, JobStatus } from '../../../main/contract/jobs.ts'
import type { Client } from '../api/client.ts'
import { PagedList } from './paged.svelte.ts'

const jobFilters = {
  all: [],
  open: ['running', 'queued', 'paused', 'interrupted'],
  troubled: ['failed', 'crashed', 'interrupted'],
  over: ['finished', 'cancelled']
} as const satisfies Record<string, readonly JobStatus[]>
export type JobFilter = keyof typeof jobFilters

/** The list of jobs with its filter. Searching and filtering happen in the backend, so that ten thousand are no burden. */
export class JobsPage {
  filter = $state<JobFilter>('all')
  text = $state('')
  /** Only the jobs of this experiment; null: of all, and of none. */
  experiment = $state.raw<{ id: string; name: string } | null>(null)
  readonly list: PagedList<Job>
  readonly groups: PagedList<JobGroup>

  constructor(client: Client) {
    this.list = new PagedList<Job>(async (offset, limit) => {
      const { total, jobs } = await client.jobs.list({
        status: [...jobFilters[this.filter]],
        text: this.text,
        experimentId: this.experiment?.id ?? null,
        limit,
        offset
      })
      return { total, items: jobs }
    })
    this.groups = new PagedList<JobGroup>(async (offset, limit) => {
      const { total, groups } = await client.jobs.byExperiment({ text: this.text, limit, offset })
      return { total, items: groups }
    })
  }
}
