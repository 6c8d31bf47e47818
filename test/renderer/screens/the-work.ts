import type { Job } from '../../../src/main/contract/jobs.ts'

/** A job whose title is its own, in every language, and that has come to nothing yet. */
export const theWork = { title: 'The work', called: null, error: null, outcome: null } satisfies Partial<Job>
