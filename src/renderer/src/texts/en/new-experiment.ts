/** Texts of the wizard for a new experiment. */
export const newExperiment = {
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
  leftOut: (strategies: string) => `Not chosen, as no model here can play its part: ${strategies}.`,
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
    over: 'Indices are made of',
    overHint: 'Answers take labelled queries, and so a merge that learns from them.',
    overs: {
      input: 'Inputs alone',
      both: 'Inputs and answers',
      'by-merge': 'With answers where those are learnt from (as in the paper’s code)'
    },
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
      fast: 'Fast (8 bits, on the processor)',
      half: 'Half (16 bits, on a graphics card)'
    },
    halfHint:
      'Products in 16 bits on a graphics card through WebGPU; the weights stay in 32 bits, and the model must lie there in full. The lab tries the card when it plans, and says where it cannot. Whether scores stay the same has not been tested.',
    precisionHint:
      'Single answers may differ from exact ones. The plan says for which ways of tuning scores were equal by the lab’s own test, on which data.'
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
    detectableHere:
      'A difference of this size is found in 4 of 5 such experiments, for these query sets alone; smaller ones mostly go unseen. With three rounds or more it is one for other query sets too, which is harder to find: the number can grow then.',
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
