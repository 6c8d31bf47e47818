import { defineJob } from './job.ts'
import { steps } from './self-test.ts'

/** The self-test's work, asked beside the queue. */
export const job = defineJob({ kind: 'self-question', run: (context) => steps(context) })
