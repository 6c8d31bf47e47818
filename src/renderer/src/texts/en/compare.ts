export const compare = {
  lead: 'Strategies side by side, with an honest verdict.',
  empty: 'Nothing to compare yet',
  emptyText: 'When an experiment has finished its first runs, its results show up here.',
  others: 'All experiments…',
  choose: 'Experiment',
  seeAnswers: 'See the answers side by side',
  picked: 'Picked runs',
  nothingPicked: 'No runs are picked',
  nothingPickedText: 'Pick runs of one or more experiments, and they are shown here side by side.',
  pick: {
    open: 'Pick runs…',
    change: 'Change the pick…',
    title: 'Pick runs to compare',
    lead: 'Tick what you want to see side by side, from one experiment or several. A round stands for its runs on all target tasks.',
    search: 'Search experiments and strategies',
    runs: (n: number) => `${n} finished ${n === 1 ? 'run' : 'runs'}`,
    round: (n: number) => `round ${n}`,
    everyRound: 'the same in every round',
    picked: (runs: number, experiments: number) =>
      runs === 0
        ? 'Nothing is picked yet.'
        : `${runs} ${runs === 1 ? 'run' : 'runs'} of ${experiments} ${experiments === 1 ? 'experiment' : 'experiments'} picked.`,
    clear: 'Clear',
    go: 'Compare',
    none: 'No finished runs',
    noneText: 'Runs show up here when they have finished. Perhaps the search leaves them out.'
  },
  metric: 'Score',
  tabs: {
    results: 'Results',
    examples: 'Examples',
    retrieved: 'What was retrieved',
    correlation: 'Shares by group',
    time: 'Score and time',
    score: 'Score again',
    settings: 'Settings'
  },
  show: 'Shown strategies',
  partial: (done: number, all: number) => `${done} of ${all} runs are finished. Figures may still change.`,
  quality: {
    title: 'How well each strategy retrieves by itself',
    lead: 'Upstream examples of every task ask for their nearest, without themselves and their other wordings; what comes from the same task, or group, is right. It needs no tuning, and says whether the indices find what is alike. The test questions are not asked: which upstream tasks are right for them is not known.',
    none: 'None of the shown strategies looks at what is asked, so there is nothing to measure.',
    report: 'Report with these figures',
    each: (label: string) => `Tasks or groups found by ${label}`,
    queries: (n: string) => `${n} examples asked.`
  },
  table: {
    caption: 'Mean score ± standard deviation over the rounds, and the difference to zero-shot',
    target: 'Target task',
    overall: 'All tasks',
    rows: (rows: string, items: string) => `${rows} questions, ${items} independent`,
    rounds: (n: number) => `${n} ${n === 1 ? 'round' : 'rounds'}`,
    best: 'better than every other, beyond chance',
    unit: 'scores from 0 to 100',
    noScore: 'not yet',
    better: 'better than zero-shot, beyond chance',
    worse: 'worse than zero-shot, beyond chance',
    legendBetter: '▲ better, beyond chance',
    legendWorse: '▼ worse, beyond chance',
    legendNone: 'no mark: may be chance',
    median: 'Median',
    range: 'Range'
  },
  curves: {
    title: (setting: string) => `What changes with: ${setting}`,
    values: (setting: string) => `Values by: ${setting}`,
    lead: 'Gain over zero-shot at each value, in points, with its 95 % interval; the intervals hold for all comparisons at once. What does not hang on the setting is level.',
    strategy: 'Strategy',
    gain: (points: string, low: string, high: string) => `${points} (${low} to ${high})`
  },
  reported: {
    title: 'as reported',
    lead: (cited: string) =>
      `Grey: what the authors report, SoftEM, 406 million weights (T0-3B: 3 billion), ± over five query sets. Not part of any test here. ${cited}.`
  },
  chart: {
    title: 'Scores with their spread',
    lead: 'A dot is the mean over the rounds, the bar its standard deviation. The dotted line is zero-shot.',
    label: 'Score',
    points: 'points'
  },
  differences: {
    title: 'Differences to zero-shot',
    lead: 'How many points each strategy scores above or below zero-shot, with its 95 % interval for all at once. Filled marks and whole lines are beyond chance; hollow marks and broken lines may be chance.',
    figures: (points: string, low: string, high: string) => `${points} (${low} to ${high})`
  },
  verdict: {
    title: 'In words',
    lead: 'Paired tests. Questions and query sets both count as samples, and all comparisons of the table are corrected together.',
    planned: 'Planned before the start',
    unplanned: 'All others, corrected among themselves',
    all: 'All comparisons',
    difference: 'Difference',
    interval: '95 % interval, for all at once',
    p: 'p, corrected',
    method: {
      title: 'How this is worked out',
      page: 'The whole page: model, assumptions, formulae, references, simulations, limits',
      paragraphs: [
        'A verdict is about the strategy, not about these test questions and these query sets. Both are taken as samples (crossed random effects): a difference must stand out from what other questions and other query sets would have brought. With fewer than three rounds nothing can be said about other query sets, and the sentence says so.',
        'Prompt variants of one question count as one question. Figures of a whole set (macro-F1, Matthews, BLEU, Pearson) are tested by leaving one question out at a time.',
        'All comparisons of the table are one family, those that were planned before the start another: of tables without any true difference about one in twenty shows a false one. The intervals hold for all comparisons at once, so interval and verdict never contradict each other.',
        'Few rounds say little about how much query sets matter. All comparisons of the table are therefore taken together, starting from every order of size as likely. With three rounds the lab is careful rather than quick to find something.',
        'No evidence does not mean equal: each sentence says what difference would probably have been found. Within ±2 points does mean practically equal.'
      ]
    },
    none: 'No tests yet; they need at least one finished round of two strategies.'
  },
  diagnoses: {
    title: 'Why it may be so, and what to do next',
    actions: {
      examples: 'Look at the answers',
      retrieved: 'See what was retrieved',
      'query-sets': 'Open the target',
      'new-experiment': 'Change it and run again'
    }
  },
  hurt: {
    title: 'Tuning hurt here, beyond chance',
    text: (strategy: string, target: string, points: string) => `${strategy} on ${target}: ${points} points`,
    advice:
      'For these, the untuned model answers better. Consider other examples, a smaller learning rate, or no tuning.'
  },
  warnings: 'Keep in mind',
  examples: {
    target: 'Target task',
    round: 'Round',
    column: 'Strategy',
    against: 'Compared with',
    search: 'Search in inputs and answers',
    filters: {
      all: 'All',
      fixed: 'Fixed',
      broken: 'Broken',
      'all-wrong': 'All wrong',
      'all-right': 'All right',
      differ: 'Differ'
    },
    filterHelp: {
      all: 'All test questions.',
      fixed: 'Wrong before, right with the chosen strategy.',
      broken: 'Right before, wrong with the chosen strategy.',
      'all-wrong': 'No strategy answers these.',
      'all-right': 'Every strategy answers these.',
      differ: 'One of the two is right, the other is not; without right answers: the two answers differ.'
    },
    filter: 'Show',
    list: 'Test questions',
    none: 'No question matches',
    noneText: 'Try another filter, round or word.',
    input: 'Question',
    expected: 'Expected',
    answers: 'Answers',
    right: 'right',
    wrong: 'wrong',
    partly: (score: string) => `${score} of 100`,
    empty: '(empty)',
    pick: 'Choose a question to see all answers side by side.',
    lineage: 'Where did this answer come from?',
    lineageOf: (strategy: string) => `What ${strategy} was tuned on`,
    lineageNone: 'Zero-shot was tuned on nothing.',
    lineageLead: (n: string) => `${n} upstream examples, the nearest first`,
    broughtBy: 'Brought by the query',
    place: (rank: number, stage: string) => `place ${rank} by ${stage}`,
    score: (value: string) => `likeness ${value}`
  },
  wins: {
    title: 'Fixed and broken',
    lead: 'How many questions each strategy newly gets right, and how many it newly gets wrong, against zero-shot.',
    fixed: 'fixed',
    broken: 'broken',
    net: 'net',
    strategy: 'Strategy'
  },
  retrieved: {
    total: (n: string) => `${n} examples`,
    mix: 'From which tasks',
    top: 'The nearest examples',
    topOf: 'Strategy',
    overlap: 'Overlap between strategies',
    shared: (n: string, share: string) => `${n} shared, ${share}`,
    none: 'Nothing was retrieved yet.',
    noneText: 'This round has no finished run of a retrieving strategy.',
    by: 'by query',
    a: 'Strategy',
    b: 'and',
    sharedColumn: 'Shared'
  },
  heat: {
    strategy: 'Strategy',
    lead: 'The stronger the colour, the larger the share of a target’s retrieved examples that came from there.',
    rows: 'A row for each',
    group: 'Group',
    task: 'Task',
    few: 'few',
    many: 'many'
  },
  time: {
    title: 'Score against time',
    lead: 'Each mark is one run on one target task. Up is better, left is quicker. What one tuning serves several targets for, as that of Random does, is counted in equal shares: a mark shows what its target would be charged, not how long the whole run took.',
    x: 'Time of the run, shared work in equal shares',
    y: 'Score (0 to 100)',
    label: (n: string) => `Score against time of ${n} runs`
  },
  settings: {
    lead: 'Every setting that went into the results. Add another experiment to see what differs.',
    only: 'Only differences',
    setting: 'Setting',
    with: 'Compare with',
    nobody: '(no other experiment)',
    same: 'All settings are the same.',
    one: 'All settings of this experiment.'
  },
  rescore: {
    lead: 'Judges the answers that are kept by another rule. Nothing runs again, and nothing that is stored changes.',
    how: 'An answer is right where',
    kinds: {
      contains: 'a right answer occurs in it',
      pattern: 'a pattern fits it',
      number: 'its number is near enough',
      labels: 'it means the right label'
    },
    kindsText: {
      contains: 'Upper and lower case are one. “It is Paris, of course” counts for “Paris”.',
      pattern:
        'A regular expression. With a group in brackets, what the first one finds is the answer; {answer} stands for a right answer.',
      number: 'The last number of the answer is compared with the last one of the right answer.',
      labels: 'The label of which a word comes first counts. One label a line: yes = yes, true, correct'
    },
    wholeWords: 'As whole words only',
    pattern: 'Pattern',
    patternExample: 'answer is (\\w+)',
    tolerance: 'How far off it may be',
    relative: 'As a share of the right number (0.05 is 5 %)',
    labels: 'Labels and their words',
    labelsExample: 'yes = yes, true, correct\nno = no, false, wrong',
    labelProblem: (line: number) => `Line ${line} is no label with words. Write: yes = true, correct`,
    missing: 'Say what is to be looked for.',
    apply: 'Score again',
    asBefore: 'Without a rule: as the answers were scored',
    result: 'Share of right answers, 0 to 100',
    apart: 'Taken apart',
    apartLead: 'The answers to one target task by label, length and prompt, over all rounds.',
    apartTarget: 'Target task',
    apartColumn: 'Strategy',
    confusion: 'Right answer (rows) and given answer (columns)',
    perLabel: 'By label',
    label: 'Label',
    rows: 'Answers',
    precision: 'Precision',
    recall: 'Recall',
    f1: 'F1',
    otherAnswer: '(something else)',
    noLabels: 'Its right answers hardly come twice, so there are no labels to tell apart.',
    lengths: 'By length of the question',
    characters: 'Characters',
    right: 'Right',
    templates: 'By prompt',
    template: 'Prompt'
  },
  export: {
    title: 'Export',
    xlsx: 'Scores, tests and answers (Excel)',
    csv: 'Table (CSV)',
    json: 'Everything (JSON)',
    latex: 'Table for a paper (LaTeX)',
    tests: 'Tests with intervals (CSV)',
    'tests-jsonl': 'Tests with intervals (JSON lines)',
    answers: 'Every answer (CSV)',
    'answers-jsonl': 'Every answer (JSON lines)',
    'answers-xlsx': 'Every answer (Excel)',
    curves: 'Loss curves (CSV)',
    tensorboard: 'Loss curves for TensorBoard (zip)',
    mlflow: 'Runs for MLflow (zip with mlruns)',
    study: 'Settings as a study file (YAML)',
    html: 'Report (HTML)',
    done: (name: string) => `Saved ${name}`
  }
}
