import type { ExperimentStatus, PresetName } from '../../../../main/contract/experiments.ts'
import type { SelectorName } from '../../../../main/contract/strategies.ts'

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

const selectors: Record<SelectorName, string> = {
  'aggregate-choices': 'Each query brings its own nearest',
  'aggregate-scores': 'All queries vote, by mean likeness',
  'max-score': 'All queries vote, by best likeness',
  'round-robin': 'Queries take turns'
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
    title: 'Answers of another program',
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
  selectors,
  lead: 'Each tries several strategies on your target tasks, and repeats them with other queries.',
  create: 'New experiment',
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
  wizard: {
    title: 'New experiment',
    lead: 'Choose what to compare. You see what it costs before anything starts.',
    finish: 'Start the experiment',
    steps: {
      preset: { title: 'Size', text: 'How thorough shall it be? Everything can be changed later on.' },
      materials: { title: 'Model and data', text: 'What is tuned, and where its examples come from.' },
      targets: { title: 'Target tasks', text: 'On which new tasks shall the strategies compete?' },
      strategies: {
        title: 'Strategies',
        text: 'Which ways of choosing examples shall be compared? Zero-shot is always included: it shows whether tuning helps at all.'
      },
      settings: { title: 'Settings', text: 'The size that you chose and the size of the base model filled these in.' },
      plan: { title: 'Plan', text: 'This is what will run, how long it takes, and what it can find out.' }
    },
    planned: {
      title: 'Which comparisons is it made for?',
      text: 'Optional. Those that you name now, before anything has run, are corrected among themselves only, so that smaller differences can be found in them. All others are still shown, as a family of their own. Afterwards nothing can be named.',
      pair: (strategy: string, against: string) => `${strategy} against ${against}`,
      chosen: (n: number, all: number) =>
        n === 0
          ? `None is named: all ${all} are one family.`
          : `${n} of ${all} ${n === 1 ? 'is' : 'are'} planned; the plan reckons with that.`
    },
    name: 'Name of the experiment',
    defaultName: (date: string) => `Experiment of ${date}`,
    copyName: (name: string) => `${name}, changed`,
    againName: (name: string, seed: number) => `${name}, seed ${seed}`,
    noModels: 'There is no base model in the lab yet.',
    noData: 'There is no upstream data in the lab yet.',
    noTargets: 'There are no target tasks in the lab yet.',
    always: 'always included',
    where: {
      title: 'Where it computes',
      text: 'The plan says what has to be sent there and how long it will wait. Places are added under Settings.',
      runs: 'Runs',
      indices: 'Indices that are not built yet',
      here: 'This computer',
      unchecked: (name: string) => `${name} (not checked yet)`,
      broken: (name: string) => `${name} (its last check failed)`
    },
    fields: {
      rounds: 'Rounds',
      queries: 'Queries per round',
      budget: 'Examples to retrieve',
      selector: 'How queries share',
      deduplicate: 'Skip duplicates',
      withoutLeaks: 'Leave out leaks',
      rerank: {
        candidates: 'Scored anew are the candidates of',
        oversampling: 'Candidates for each example',
        pairing: 'Scored for',
        pairings: {
          all: 'All queries (as in the paper)',
          nearest: 'The nearest queries',
          own: 'The query that brought it (quickest)'
        },
        nearest: 'How many nearest',
        aggregate: 'Scores for several queries',
        aggregates: { mean: 'Their mean (as in the paper)', max: 'The best of them' }
      },
      merge: 'Tuned on',
      merges: {
        unsupervised: 'What was retrieved (as in the paper)',
        mix: 'What was retrieved and the labelled queries, mixed',
        'two-stage': 'What was retrieved, then the labelled queries',
        none: 'The labelled queries only'
      },
      method: 'What is tuned',
      methods: { full: 'The whole model', 'last-blocks': 'The last layers only', lora: 'A small add-on (LoRA)' },
      loraRank: 'Rank of the add-on',
      lastBlocks: 'Layers to tune, from the end',
      learningRate: 'Learning rate',
      epochs: 'Epochs',
      batchSize: 'Batch size',
      earlyStopping: 'Stop when it no longer helps',
      heldOutShare: 'Share held out (0.1 is a tenth)',
      everySteps: 'Steps between looks',
      patience: 'Looks without gain before it stops',
      testExamples: 'Test questions per task (at most)',
      beams: 'Beams',
      seed: 'Seed',
      provider: 'Compute provider',
      ablate: 'Leave one group out'
    },
    sweep: {
      title: 'Vary settings',
      lead: 'A setting may take several values in this one experiment. Each is computed and compared; what does not hang on it is computed once.',
      setting: 'Setting',
      values: 'Values',
      hint: 'separated by commas; models by their names',
      add: 'Vary a setting',
      remove: 'Remove'
    },
    further: {
      title: 'Further settings',
      labelSmoothing: 'Label smoothing',
      schedule: 'The learning rate',
      schedules: { linear: 'Falls evenly to zero', constant: 'Stays (as in the paper’s code)' },
      lossReduction: 'Losses of tokens become',
      lossReductions: { mean: 'Their mean', sum: 'Their sum (as in the paper’s code)' },
      answers: 'Of several right answers is learnt',
      answersOf: { first: 'The first', drawn: 'Another in each epoch (as in the paper’s code)' },
      queryShare: 'Share of the queries that retrieves',
      maxSteps: 'End after so many steps',
      queryLearningRate: 'Own learning rate on labelled queries',
      queryEpochs: 'Own number of epochs on labelled queries',
      repeatQueries: 'Repeat labelled queries until they balance what was retrieved',
      retrievalSeed: 'Own seed for random samples',
      trainingSeed: 'Own seed for training',
      mendDoubled: 'An answer of one word said twice counts as that word',
      base: 'Base model in memory',
      bases: {
        full: 'In full (32 bits)',
        '8-bit': '8 bits: about a quarter of the memory',
        '4-bit': '4 bits: about a seventh of the memory'
      },
      baseHint:
        'For models that do not fit otherwise. Weights are rounded once, and a small add-on (LoRA) is tuned beside them. The plan says what it takes and what it has cost where it was measured.',
      baseForLora: 'A rounded base is for LoRA. Choose LoRA as tuning to have it, or keep the model in full.',
      tunePrecision: 'Products while tuning',
      answerPrecision: 'Products while answering',
      precisions: {
        fp32: 'Exact (32 bits)',
        fast: 'Fast (8 bits, on the processor)'
      },
      precisionHint:
        'Single answers may differ from exact ones. Tuned fast with LoRA, the demo’s scores were equal within one point on average over its tasks, by the lab’s own test; for fast answers, other models and other data that is not shown.'
    },
    tuneFor: 'Tuned for',
    tuneForEach: 'Each target by itself',
    tuneForHint: 'One target’s queries steer the retrieval, and what is tuned is tested on all that are ticked.',
    groupsOf: {
      retrieve: 'Retrieving',
      rerank: 'Reranking',
      tune: 'Tuning',
      evaluate: 'Testing',
      other: 'Repeatability'
    },
    keepUsual: 'As much as fits in 5 GB',
    ablateText: 'Repeats every retrieving strategy once without each chosen group. Each group adds runs.',
    plan: {
      planning: 'Planning…',
      runs: 'Runs',
      reused: (done: number, tuned: number) =>
        [
          ...(done > 0 ? [`${done} of them already done, reused`] : []),
          ...(tuned > 0 ? [`${tuned} tuned already, only tested`] : [])
        ].join('; '),
      time: 'Time',
      memory: 'Memory',
      disk: 'Disk',
      reranking: 'Reranking',
      pairs: (n: string, time: string) => `${n} pairs of query and candidate in each of its runs, ${time}`,
      indices: 'Indices',
      kept: 'Tuned weights that are kept',
      keptNow: (what: string, size: string) => `${what}: ${size}`,
      keptAll: (best: string, all: string) =>
        `The best of each strategy and target take ${best}, all ${all}. To be changed in Settings, and later on.`,
      indexReady: (name: string) => `${name}: ready`,
      indexBuild: (name: string, time: string) => `${name}: will be built first, ${time}`,
      shared: 'Work that is shared',
      detectable: 'What it can find out',
      detectableLead:
        'A difference of this size is found in 4 of 5 such experiments, also for other query sets; smaller ones mostly go unseen.',
      points: (n: string) => `${n} points`,
      more: (round: string, items: string) => `one more round: ${round}, ten more questions: ${items}`,
      measured: 'judged by an earlier experiment',
      usual: 'judged by what is usual',
      basis: (rows: string, items: string) => `${rows} questions, ${items} independent`,
      differs: 'What differs from the paper and from its code',
      setting: 'Setting',
      list: 'All runs',
      target: 'Target',
      run: 'Run',
      estimate: 'Time',
      reusedRun: 'reused',
      tunedBefore: 'tuned already'
    }
  }
}
