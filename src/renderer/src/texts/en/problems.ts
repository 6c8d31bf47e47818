const titles: Record<string, string> = {
  'dataset-not-found': 'This data set is gone',
  'model-not-found': 'This model is gone',
  'index-not-found': 'This index is gone',
  'experiment-not-found': 'This experiment is gone',
  'job-not-found': 'This job is gone',
  'target-not-found': 'This target task is gone',
  offline: 'The network cannot be reached',
  'offline-mode': 'The lab is set to stay offline',
  'disk-full': 'The disk is full',
  'no-space': 'The disk is full',
  'out-of-memory': 'Not enough memory'
}

export const problems = {
  bug: 'Something went wrong inside the lab',
  bugAdvice: 'This is a fault of the lab, not of yours. Nothing of your data was changed.',
  badInput: 'Something does not fit',
  away: 'The lab is not answering',
  awayMessage: 'It may be restarting. Try again in a moment.',
  stale: 'This screen could not be loaded',
  staleMessage: 'The lab was probably updated while this page was open. Load the page again; running jobs go on.',
  titleOf: (code: string) => titles[code] ?? 'That did not work',
  code: (code: string) => `Code: ${code}`,
  cause: 'What was behind it'
}
