/** What is said of a job that nobody has begun. */
export const neverRun = {
  status: 'queued',
  progress: null,
  error: null,
  outcome: null,
  attempts: 0,
  startedAt: null,
  finishedAt: null,
  output: null,
  workedSeconds: null,
  recorded: false
} as const
