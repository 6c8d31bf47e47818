import type { JobStatus } from '../../../../main/contract/jobs.ts'
import type { JobPhase, JobUnit } from '../../../../main/contract/progress-words.ts'
import { inLanguage } from '../names/in-language.ts'
import { jobNames } from '../names/jobs.ts'

const statuses: Record<JobStatus, string> = {
  queued: 'Waiting',
  running: 'Running',
  paused: 'Paused',
  finished: 'Finished',
  failed: 'Failed',
  crashed: 'Crashed',
  cancelled: 'Cancelled',
  interrupted: 'Interrupted'
}

const meanings: Record<JobStatus, string> = {
  queued: 'It starts by itself when its turn comes.',
  running: 'It is working. You can close this window; it goes on as long as the lab runs.',
  paused: 'It waits where it was. Resume to go on.',
  finished: 'All done.',
  failed: 'It stopped because something was not as it must be. The reason is below.',
  crashed:
    'The process that did the work ended unexpectedly. The lab itself is fine, and nothing half-written stays. Try again: it goes on from what it had saved, where that is possible. If it crashes again, less memory use often helps: a smaller batch size, a smaller model, or fewer jobs at a time.',
  cancelled: 'You stopped it. What it had finished is kept where that is possible.',
  interrupted: 'The lab was closed while it ran. Resume to go on from the last saved point.'
}

export const jobs = {
  kinds: inLanguage('en', jobNames),
  statuses,
  meanings,
  news: {
    finished: (title: string) => `“${title}” has finished.`,
    failed: (title: string) => `“${title}” did not work out.`,
    waits: (title: string) => `“${title}” was interrupted and waits for you.`,
    ask: 'Tell me when it is done',
    denied: 'Your browser does not let the lab tell you. You can allow it in its settings.'
  },
  where: {
    at: (place: string) => `At ${place}`,
    gone: 'a place that was removed',
    sending: (place: string) => `What it needs is being sent to ${place}`,
    /** Slurm's own words for why a job waits, as far as they are met often; others are shown as they come. */
    reasons: {
      Priority: 'others are before it',
      Resources: 'until enough of the cluster is free',
      AtOnce: 'as many run already as you let run at once',
      JobArrayTaskLimit: 'as many run already as you let run at once',
      Dependency: 'until what it needs has finished',
      BeginTime: 'put back, for two minutes',
      None: 'just handed in',
      AssocGrpCpuLimit: 'your account uses all the cores that it may',
      QOSMaxJobsPerUserLimit: 'as many run already as you may',
      PartitionDown: 'the partition is switched off',
      ReqNodeNotAvail: 'nodes that it needs are switched off or reserved'
    } as Record<string, string>,
    waiting: (place: string, why: string | null, turn: number | null, start: string | null) =>
      [
        `Waits at ${place}`,
        ...(turn === null ? [] : [`number ${turn} of yours`]),
        ...(why === null ? [] : [why]),
        ...(start === null ? [] : [`expected to start at ${start}`])
      ].join(', '),
    running: (place: string, node: string | null) => `Runs at ${place}${node === null ? '' : `, on ${node}`}`,
    title: 'Place',
    meaning:
      'It was handed to its place and waits there. It starts by itself when its turn comes, also while this lab is closed.',
    waitedFor: 'Waiting for'
  },
  lead: 'Everything that runs in the background: downloads, imports, index building, experiments.',
  empty: 'No jobs yet',
  emptyText: 'When you import data, build an index or run an experiment, it shows up here with its progress.',
  emptyFilter: 'No job matches',
  emptyFilterText: 'Try another status or another word.',
  filter: 'Search jobs',
  clear: 'Clear finished',
  cleared: (n: number) =>
    `${n} finished ${n === 1 ? 'job' : 'jobs'} taken off the list. Those of experiments stay with them.`,
  status: 'Status',
  view: 'View',
  each: 'Each job',
  byExperiment: 'By experiment',
  notOnly: (name: string) => `Only ${name} · show all`,
  groups: {
    none: 'No experiment has jobs.',
    finished: (done: string, all: string) => `${done} of ${all} finished`,
    open: (n: string) => `${n} to come`,
    troubled: (n: string) => `${n} need attention`
  },
  allStatuses: 'All',
  open: 'Not finished',
  troubled: 'Need attention',
  over: 'Finished',
  total: (n: string) => `${n} ${n === '1' ? 'job' : 'jobs'}`,
  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel',
  retry: 'Try again',
  first: 'Run next',
  remove: 'Remove from list',
  pick: 'Choose a job to see its progress and log.',
  progress: 'Progress',
  phase: 'Now',
  notAnswering: 'not answering',
  notAnsweringAdvice:
    'Nothing has been heard of this job for half a minute: its process was stopped, waits for a disk or a network drive, or the computer is short of memory. It goes on by itself when that is over. Cancel ends it and keeps what it has saved.',
  rate: 'Speed',
  eta: 'Time left',
  done: 'Done',
  unknownEta: 'not known yet',
  elapsed: 'Running for',
  took: 'Took',
  waited: 'Waiting since',
  attempts: (n: number) => `Attempt ${n}`,
  figures: {
    loss: 'loss',
    learningRate: 'learning rate',
    examples: 'examples',
    tokens: 'tokens',
    heldOutLoss: 'held-out loss'
  } as Record<string, string>,
  /** What is counted while a job is at work; what is not here is shown as the job names it. */
  /** What a job is doing just now. */
  phases: {
    answering: 'answering',
    'building the graph': 'building the graph',
    cancelling: 'cancelling',
    checking: 'checking',
    'choosing the learning rate': 'choosing the learning rate',
    comparing: 'comparing',
    copying: 'copying',
    done: 'done',
    'drawing the map': 'drawing the map',
    embedding: 'embedding',
    evaluating: 'answering the test',
    fetching: 'fetching',
    'finding neighbours': 'finding neighbours',
    fingerprint: 'working out the fingerprint',
    'full text': 'making texts searchable',
    hashes: 'checking the files',
    judging: 'judging',
    'learning rate': 'learning rate',
    'looking at the model': 'looking at the model',
    'measuring recall': 'measuring recall',
    merging: 'merging',
    'merging full text': 'making texts searchable',
    mining: 'mining',
    'model card': 'writing the model card',
    moving: 'moving',
    nearness: 'learning nearness',
    'not answering': 'not answering',
    packing: 'packing',
    pausing: 'pausing',
    preparing: 'preparing the results',
    publishing: 'publishing',
    reading: 'reading',
    report: 'working out the report',
    reranking: 'reranking',
    retrieving: 'retrieving',
    saving: 'saving',
    scoring: 'scoring',
    'source items': 'finding source items',
    stepping: 'stepping',
    training: 'training',
    tuning: 'tuning',
    verifying: 'verifying'
  } satisfies Record<JobPhase, string>,
  units: {
    chunks: 'chunks',
    examples: 'examples',
    experiments: 'experiments',
    pairs: 'pairs',
    points: 'points',
    queries: 'queries',
    'query sets': 'query sets',
    questions: 'questions',
    rounds: 'rounds',
    rows: 'rows',
    samples: 'samples',
    steps: 'steps',
    'test rows': 'test rows',
    things: 'things',
    trials: 'trials',
    vectors: 'vectors'
  } satisfies Record<JobUnit, string>,
  curve: 'Loss while tuning',
  curveSteps: 'tuning steps',
  curveLabel: (first: string, last: string) => `Loss curve: from ${first} at the start to ${last} now`,
  log: 'Log',
  logEmpty: 'Nothing was logged yet.',
  lastWords: 'Its last words',
  dependsOn: (n: number) => `Starts after ${n} other ${n === 1 ? 'job' : 'jobs'}`,
  experiment: 'Part of an experiment',
  openExperiment: 'Open the experiment',
  tray: {
    label: 'Jobs in progress',
    idle: 'No jobs running',
    running: (n: number) => `${n} running`,
    waiting: (n: string) => `${n} waiting`,
    paused: (n: string) => `${n} paused`,
    all: 'All jobs',
    left: (time: string) => `${time} left`
  },
  live: (title: string, share: string) => `${title}: ${share}`
}
