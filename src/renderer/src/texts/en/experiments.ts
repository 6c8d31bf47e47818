import type { ExperimentStatus, PresetName } from '../../../../main/contract/experiments.ts'
import { newExperiment } from './new-experiment.ts'
import { inLanguage } from '../names/in-language.ts'
import { selectorNames } from '../names/selectors.ts'

const statuses: Record<ExperimentStatus, string> = {
  planned: 'Planned',
  running: 'Running',
  paused: 'Paused',
  finished: 'Finished',
  failed: 'Failed',
  cancelled: 'Cancelled'
}

const presets: Record<PresetName, { title: string; text: string }> = {
  quick: {
    title: 'Quick look',
    text: 'Few rounds and test questions. Minutes to an hour; good for seeing whether everything works.'
  },
  paper: {
    title: 'As in the paper',
    text: 'Five rounds, 512 retrieved examples, up to 1,000 test questions. The numbers to report.'
  },
  'paper-code': {
    title: 'As the paper’s code',
    text: 'What the released code does: one epoch, smoothed and summed losses, duplicates kept, reranked too, soft exact match first.'
  },
  thorough: { title: 'Thorough', text: 'Ten rounds. Takes twice as long; finds smaller differences.' }
}

/** What settings are called where their values stand side by side. */
const settings: Readonly<Record<string, string>> = {
  'models.base': 'base model',
  'models.encoder': 'encoder',
  'models.reranker': 'reranker',
  queries: 'queries',
  seed: 'seed',
  'retrieval.budget': 'examples',
  'retrieval.oversampling': 'candidates per example',
  'retrieval.rerank.oversampling': 'candidates per example',
  'retrieval.selector': 'selection',
  'tune.learningRate': 'learning rate',
  'tune.epochs': 'epochs',
  'tune.batchSize': 'batch size',
  'tune.labelSmoothing': 'label smoothing',
  'tune.loraRank': 'rank',
  'tune.method': 'tuning',
  'evaluation.beams': 'beams',
  'tune.base': 'base model in memory',
  'tune.precision': 'products while tuning',
  'evaluation.precision': 'products while answering'
}

export const experiments = {
  settings,
  /** Answers of another program. */
  foreign: {
    lead: 'Puts what another program answered beside the lab’s own runs, such as the predictions of the original ReCross code. They are scored, compared and tested like all others; nothing is computed again.',
    open: 'Bring in answers of another program',
    what: 'What was answered, and by what',
    model: 'What answered',
    modelHint: 'In your own words, for example “BART0, original code”.',
    name: 'Name of the experiment',
    target: 'Target task',
    choose: 'Choose',
    noTarget: 'There is no target task yet. Import its test questions first.',
    testExamples: 'Test questions that count',
    testExamplesHint: 'Empty: all. To compare with an experiment of the lab, as many as that tests.',
    data: 'Upstream data',
    noData: 'Not needed',
    dataHint: 'Only where you also bring in what was retrieved.',
    files: 'Files of answers',
    filesLead:
      'One file for every strategy and round: a JSON list of “input”, “prediction” and “truth”, or one of them a line. Questions are found by their text, and every test question must have an answer.',
    leaveOut: (file: string) => `Leave out ${file}`,
    strategy: 'Strategy',
    round: 'Round',
    retrieved: 'Retrieved rows',
    retrievedHint: 'A JSON list of upstream rows, as the original keeps them.',
    add: 'Path of a file',
    addHint: 'On the computer where the lab runs.',
    addButton: 'Add',
    take: 'Bring them in',
    by: (model: string) =>
      `Computed by another program: ${model}. Its answers can be compared, judged by other rules and exported; nothing of it can be computed or used here.`,
    fromFiles: 'Files'
  },
  /** A setting with its value in a sweep, such as "examples 256". */
  varied: ({ path, value, label }: { path: string; value: unknown; label?: string | undefined }) =>
    `${settings[path] ?? path.split('.').at(-1)!} ${label ?? (typeof value === 'string' ? value : JSON.stringify(value))}`,
  statuses,
  presets,
  /** Values of settings that no form offers as a choice. */
  judges: { reranker: 'The reranker' },
  judgements: { logit: 'As the reranker gives it', probability: 'As a probability' },
  plainValues: { yes: 'yes', no: 'no', none: 'none', 'not set': 'not set' },
  selectors: inLanguage('en', selectorNames),
  lead: 'Each tries several strategies on your target tasks, and repeats them with other queries.',
  empty: 'No experiments yet',
  emptyText: 'An experiment tries several strategies on your target tasks and compares them fairly.',
  columns: {
    name: 'Name',
    status: 'State',
    runs: 'Runs',
    strategies: 'Strategies',
    targets: 'Targets',
    best: 'Best score',
    created: 'Started'
  },
  page: {
    back: 'Experiments',
    compare: 'Compare the results',
    compareSoFar: 'Compare what is there so far',
    progress: (done: number, all: number) => (all === 0 ? 'Getting ready' : `${done} of ${all} runs finished`),
    left: (time: string) => `about ${time} left`,
    pause: 'Pause',
    resume: 'Resume',
    cancel: 'Cancel',
    cancelFirst: 'It is not over. Cancel it first.',
    cancelled:
      'It was cancelled. The runs that had finished are kept: Resume goes on with the others, and a new experiment uses them again.',
    again: 'Run again with another seed',
    change: 'Change something and run',
    addStrategies: 'Add strategies',
    addTargets: 'Add target tasks',
    addRounds: 'Add rounds',
    addValues: 'Vary a setting',
    testElsewhere: 'Test its tunings on another target',
    model: 'Base model',
    data: 'Upstream data',
    targets: 'Target tasks',
    runs: 'Runs',
    runsLead:
      'Zero-shot runs once. Random is tuned once per round and tested on every task. The others are tuned for each task and round.',
    round: (n: number) => `Round ${n}`,
    allTargets: 'all tasks',
    without: (group: string) => `without ${group}`,
    now: 'Now',
    nothingNow: 'No run is active at the moment.',
    onlyWaiting: 'Nothing is computed at the moment: what was handed over waits for its turn there.',
    waitingThere: (n: number) =>
      n === 1 ? 'One job waits at its place.' : `${n} jobs wait at their place; the next one:`,
    trouble: (n: number) => `${n} ${n === 1 ? 'run' : 'runs'} failed. The others go on; failed ones can be repeated.`,
    repeat: 'Repeat',
    seeJob: 'See the job',
    took: (time: string) => `took ${time}`,
    settings: 'Settings',
    runTimes: { retrieve: 'retrieve', tune: 'tune', evaluate: 'test' },
    gone: '(deleted)'
  },
  /** A learning rate by trying. */
  rates: {
    title: 'Find a learning rate by trying',
    lead: 'Tunes the base model for a few steps with growing learning rates, always from the same beginning, and shows where it learns. It takes about as long as one run, and can be cancelled. Nothing of the model changes.',
    start: 'Find a learning rate',
    judged: {
      queries: (steps: string, rows: string, held: string, of: string) =>
        `${steps} steps with each rate on ${rows} rows that the words of queries find, judged by ${held} labelled queries of ${of}. Test questions are not touched.`,
      tasks: (steps: string, rows: string, held: string, of: string) =>
        `${steps} steps with each rate on ${rows} rows of ${of}, judged by ${held} other rows of the same. A model that was trained on this data learns little from it; targets with labelled queries tell more.`
    },
    suggested: (rate: string, lowest: string) =>
      rate === lowest
        ? `${rate} brought the loss lowest.`
        : `${rate} did as well as ${lowest}, which brought the loss lowest; what a short test cannot tell apart is better settled for the smaller one.`,
    harmless: (rate: string) =>
      `No rate brought the loss down by more than chance does. Up to ${rate} it did no harm: more steps may still help.`,
    none: 'No rate brought the loss down by more than chance does, and every one did harm. Try another base model or other data.',
    take: (rate: string) => `Use ${rate}`,
    taken: (rate: string) => `This experiment tunes with ${rate}.`,
    keep: 'Begin with it from now on',
    kept: 'Presets begin with this rate whenever this model is tuned so.',
    again: 'Try again',
    failed: 'The test failed',
    cancelled: 'The test was cancelled',
    gone: 'The test is no longer on the list of jobs.',
    axes: 'Learning rate; up: loss afterwards, dashed: before',
    outOfBounds: 'out of bounds',
    label: (before: string, points: string) =>
      `Loss after a few steps by learning rate; before it was ${before}. ${points}`
  },
  /** A study as a file. */
  study: {
    open: 'Open a study file…',
    openText:
      'A study is a small file (YAML or JSON) that says what an experiment is made of. Opening it fills in everything.',
    save: 'Save as a study file',
    text: 'The file, to be mended here',
    faults: (n: number) => (n === 1 ? 'One thing is wrong' : `${n} things are wrong`),
    again: 'Check again',
    several: (n: number) => `The file holds ${n} experiments. Which one?`,
    take: 'Take this one'
  },
  wizard: newExperiment
}
