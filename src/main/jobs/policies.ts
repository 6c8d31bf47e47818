import type { JobKind } from '../contract/jobs.ts'
import type { QuestionKind } from '../contract/questions.ts'

/** How the queue treats a kind of job. */
export interface JobPolicy {
  /** accelerator: one at a time, or as many as the cores that they ask for allow; cpu: as many as there are cores; io: freely. */
  resource: 'accelerator' | 'cpu' | 'io'
  /** After a lab restart the job goes on by itself from what it left in its folder; otherwise it waits for the user. */
  resumes: boolean
  /** How often a crashed worker is tried again by itself. Only where doing the work twice is harmless. */
  retries: number
  /**
   * The longest that one step may take, in seconds. Work on foreign files goes in small steps: one that takes minutes comes of a
   * file that is damaged, or made so that reading it never ends. Left out where a single step may rightly be long.
   */
  stepSeconds?: number
}

/** One row per kind: a forgotten kind does not compile. */
export const policies: Record<JobKind, JobPolicy> = {
  'self-test': { resource: 'cpu', resumes: false, retries: 0 },
  'import-dataset': { resource: 'cpu', resumes: true, retries: 0, stepSeconds: 600 },
  download: { resource: 'io', resumes: true, retries: 2, stepSeconds: 600 },
  'install-model': { resource: 'io', resumes: true, retries: 0, stepSeconds: 600 },
  'answer-file': { resource: 'accelerator', resumes: true, retries: 1 },
  'find-rate': { resource: 'accelerator', resumes: true, retries: 1 },
  'export-model': { resource: 'io', resumes: true, retries: 0, stepSeconds: 600 },
  'export-study': { resource: 'io', resumes: true, retries: 0, stepSeconds: 600 },
  'import-study': { resource: 'io', resumes: false, retries: 0, stepSeconds: 600 },
  'build-index': { resource: 'accelerator', resumes: true, retries: 1 },
  'embed-shard': { resource: 'accelerator', resumes: true, retries: 1 },
  'publish-index': { resource: 'io', resumes: true, retries: 1 },
  'fetch-index': { resource: 'io', resumes: true, retries: 1 },
  'mine-pairs': { resource: 'accelerator', resumes: true, retries: 1 },
  'train-reranker': { resource: 'accelerator', resumes: true, retries: 1 },
  'train-retriever': { resource: 'accelerator', resumes: true, retries: 1 },
  'leak-check': { resource: 'cpu', resumes: true, retries: 1, stepSeconds: 600 },
  'run-strategy': { resource: 'accelerator', resumes: true, retries: 1 }
}

/** How a kind of question is answered. */
export interface QuestionPolicy {
  /**
   * accelerator: only while nothing else computes, as it measures or uses all cores; else at once, beside whatever runs.
   */
  resource: 'accelerator' | 'cpu'
  /** How often a crashed worker is tried again by itself. Nothing is written, so that doing it twice is harmless. */
  retries: number
  /** After so long nobody waits any more: it is stopped. */
  seconds: number
}

/** One row per kind: a forgotten kind does not compile. */
export const questionPolicies: Record<QuestionKind, QuestionPolicy> = {
  'self-question': { resource: 'cpu', retries: 0, seconds: 60 },
  examine: { resource: 'cpu', retries: 0, seconds: 120 },
  'provider-test': { resource: 'cpu', retries: 0, seconds: 300 },
  'preview-import': { resource: 'cpu', retries: 0, seconds: 60 },
  'look-at-model': { resource: 'cpu', retries: 0, seconds: 600 },
  'look-at-hub-model': { resource: 'cpu', retries: 0, seconds: 300 },
  'look-at-hub': { resource: 'cpu', retries: 0, seconds: 300 },
  'look-for-update': { resource: 'cpu', retries: 0, seconds: 120 },
  'check-installers': { resource: 'cpu', retries: 0, seconds: 600 },
  'verify-home': { resource: 'cpu', retries: 0, seconds: 86_400 },
  browse: { resource: 'cpu', retries: 1, seconds: 120 },
  breakdown: { resource: 'cpu', retries: 0, seconds: 300 },
  compare: { resource: 'cpu', retries: 1, seconds: 600 },
  'read-foreign': { resource: 'cpu', retries: 0, seconds: 600 },
  'token-fit': { resource: 'cpu', retries: 1, seconds: 120 },
  'plan-power': { resource: 'cpu', retries: 1, seconds: 300 },
  'ask-model': { resource: 'cpu', retries: 1, seconds: 600 },
  'shared-indices': { resource: 'cpu', retries: 0, seconds: 120 },
  'search-shared': { resource: 'cpu', retries: 0, seconds: 600 },
  neighbours: { resource: 'cpu', retries: 1, seconds: 600 },
  retrieve: { resource: 'cpu', retries: 1, seconds: 1800 },
  'retrieval-quality': { resource: 'cpu', retries: 0, seconds: 1800 },
  'embedding-map': { resource: 'cpu', retries: 0, seconds: 1800 },
  'measure-speed': { resource: 'accelerator', retries: 0, seconds: 900 },
  'measure-embedding': { resource: 'accelerator', retries: 0, seconds: 600 }
}
