import type { JobKind } from '../contract/jobs.ts'

/** How the queue treats a kind of job. */
export interface JobPolicy {
  /** accelerator: one at a time, or as many as the cores that they ask for allow; cpu: as many as there are cores; io: freely. */
  resource: 'accelerator' | 'cpu' | 'io'
  /** After a lab restart the job goes on by itself from what it left in its folder; otherwise it waits for the user. */
  resumes: boolean
  /** How often a crashed worker is tried again by itself. Only where doing the work twice is harmless. */
  retries: number
}

/** One row per kind: a forgotten kind does not compile. */
export const policies: Record<JobKind, JobPolicy> = {
  'self-test': { resource: 'cpu', resumes: false, retries: 0 },
  'import-dataset': { resource: 'cpu', resumes: true, retries: 0 },
  download: { resource: 'io', resumes: true, retries: 2 },
  'install-model': { resource: 'io', resumes: true, retries: 0 },
  'build-index': { resource: 'accelerator', resumes: true, retries: 1 },
  retrieve: { resource: 'accelerator', resumes: true, retries: 1 },
  'embedding-map': { resource: 'cpu', resumes: true, retries: 0 },
  neighbours: { resource: 'cpu', resumes: false, retries: 1 },
  'preview-import': { resource: 'cpu', resumes: false, retries: 0 },
  examine: { resource: 'io', resumes: false, retries: 0 },
  'provider-test': { resource: 'cpu', resumes: false, retries: 0 },
  'measure-speed': { resource: 'accelerator', resumes: false, retries: 0 },
  compare: { resource: 'cpu', resumes: false, retries: 0 },
  browse: { resource: 'cpu', resumes: false, retries: 0 },
  'measure-embedding': { resource: 'accelerator', resumes: false, retries: 0 },
  'mine-pairs': { resource: 'accelerator', resumes: true, retries: 1 },
  'train-reranker': { resource: 'accelerator', resumes: true, retries: 1 },
  'leak-check': { resource: 'cpu', resumes: true, retries: 0 },
  'run-strategy': { resource: 'accelerator', resumes: true, retries: 1 }
}
