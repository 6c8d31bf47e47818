import type { ImportFormat } from '../../../../main/contract/data.ts'

const formats: Record<ImportFormat, string> = {
  'line-array': 'ReCross lines (JSON array)',
  'recross-jsonl': 'ReCross JSON lines',
  'natural-instructions': 'Natural Instructions task',
  json: 'JSON',
  jsonl: 'JSON lines',
  csv: 'CSV (commas)',
  tsv: 'TSV (tabs)',
  parquet: 'Parquet table',
  lab: 'Data set of another lab'
}

export const data = {
  lead: 'What models learn from and are tested on.',
  get: 'Get data',
  upstream: 'Upstream data',
  targets: 'Target tasks',
  empty: 'No data yet',
  emptyText: 'Start with a data set to pick examples from, and a task to test on. The demo brings both.',
  noTargets: 'No target task yet',
  noTargetsText: 'Import a file with test questions and choose “target task” as its purpose.',
  noUpstream: 'No upstream data yet',
  noUpstreamText: 'Import solved examples of many tasks, or take a set from the catalog.',
  kinds: {
    upstream: 'Upstream data: solved examples that strategies pick from.',
    target: 'Target task data: test questions. Nothing is ever tuned on them.'
  },
  columns: {
    name: 'Name',
    examples: 'Examples',
    tasks: 'Tasks',
    groups: 'Groups',
    size: 'Size',
    added: 'Added',
    group: 'Group',
    task: 'Task',
    templates: 'Templates',
    inputLength: 'Input, characters',
    outputLength: 'Answer, characters',
    test: 'Test questions',
    items: 'Independent items',
    metric: 'Scored by',
    queries: 'Query sets'
  },
  page: {
    back: 'Data',
    tabs: { tasks: 'Tasks', browse: 'Browse', lengths: 'Lengths', rejected: 'Rejected lines', about: 'About' },
    duplicates: 'Duplicates',
    rejected: 'Rejected lines',
    licence: 'Licence',
    source: 'Source',
    hash: 'Fingerprint',
    filterTasks: 'Search tasks',
    mix: 'Examples by group',
    mean: (characters: string) => `${characters} characters`,
    searchExamples: 'Search in all examples',
    allTasks: 'All tasks',
    found: (n: string) => `${n} examples`,
    noExamples: 'No example matches',
    noExamplesText: 'Try fewer or other words.',
    inputLengths: 'Length of inputs',
    outputLengths: 'Length of answers',
    characters: 'characters',
    input: 'Input',
    output: 'Expected answer',
    alternatives: 'also right',
    choices: 'Answer choices',
    noRejected: 'Every line could be read.',
    rejectedLead: 'These lines were set aside and are not part of the data.',
    line: (file: string, line: string) => `${file}, line ${line}`,
    expected: (field: string, expected: string) => `${field}: expected ${expected}`,
    pickExample: 'Choose an example to read it in full.',
    buildIndex: 'Build an index',
    makeTarget: 'Make it a target task'
  },
  target: {
    back: 'Data',
    lead: (rows: string, items: string) => `${rows} test questions, ${items} of them independent`,
    querySets: 'Query sets',
    querySetsLead: 'Each set stands for one handful of unlabelled inputs. An experiment uses one set per round.',
    round: (n: number) => `Round ${n}`,
    size: (n: number) => `${n} queries`,
    imported: 'imported',
    sampled: (seed: number) => `sampled, seed ${seed}`,
    inTest: (n: number) => `${n} of them are also test questions`,
    noSets: 'No query sets yet',
    noSetsText: 'Sample some from the test questions; they are then left out of the test.',
    sample: 'Sample query sets',
    sampleSize: 'Queries per set',
    sampleRounds: 'Sets',
    sampleSeed: 'Seed',
    leaks: 'Leak check',
    leaksLead: 'Looks for upstream examples that are (nearly) one of the test questions.',
    leakAgainst: 'Upstream data',
    leakCheck: 'Check now',
    leakNone: 'No leaks found.',
    leakUnchecked: 'Not checked yet.',
    leakFound: (n: string) => `${n} leaks found. They are left out of retrieval by default.`,
    leakExact: 'the same text',
    leakNear: (similarity: string) => `${similarity} alike`,
    leakPair: (upstream: string, test: string) => `upstream example ${upstream} – test question ${test}`,
    settings: 'How it is scored',
    metrics: 'Metrics',
    answerBy: 'Answers',
    byGeneration: 'The model writes its answer freely',
    byChoices: 'The model picks the likeliest of the given choices',
    openData: 'Browse its test questions'
  },
  wizard: {
    title: 'Get data',
    lead: 'Bring examples into the lab: from the catalog, from a file, or from Hugging Face.',
    finishImport: 'Import',
    finishDownload: 'Download',
    steps: {
      source: { title: 'Where from', text: 'Where is the data that you want to use?' },
      entry: {
        title: 'Catalog',
        text: 'Ready-made data sets that are known to work. Sizes are what will be downloaded.'
      },
      file: {
        title: 'File',
        text: 'The lab reads the first lines to understand the file. Nothing is changed or copied yet.'
      },
      check: { title: 'Check', text: 'This is how the first rows will be understood. Correct it if it is wrong.' },
      hub: { title: 'Repository', text: 'The name of a data set on Hugging Face, as it stands in its address.' },
      purpose: { title: 'Purpose', text: 'What will the data be used for?' },
      review: { title: 'Start', text: 'A last look before it begins.' }
    },
    sources: {
      catalog: { title: 'The catalog', text: 'Data sets that fit ReCross, with size and licence. Best to start with.' },
      file: {
        title: 'A file on this computer',
        text: 'CSV, TSV, JSON, JSON lines, Parquet, or the files of the original ReCross.'
      },
      hub: { title: 'Hugging Face', text: 'Any public data set, by its name.' }
    },
    dropTitle: 'Drop a file here',
    dropOr: 'or',
    choose: 'Choose a file',
    path: 'or enter its path on this computer',
    pathHint: 'For example /home/ada/data/questions.csv',
    uploading: (share: string) => `Reading the file: ${share}`,
    looking: 'Looking at the file…',
    look: 'Look at it',
    format: 'Format',
    inputColumn: 'Column with the input',
    outputColumn: 'Column with the answer',
    taskColumn: 'Column with the task (optional)',
    groupColumn: 'Column with the group (optional)',
    choicesColumn: 'Column with choices (optional)',
    taskName: 'Name of the task',
    taskNameHint: 'Used for all rows, as no column names the task.',
    notUsed: '(not used)',
    firstRows: 'The first rows',
    estimate: (rows: string, size: string) => `About ${rows} examples in ${size}`,
    size: (size: string) => `${size}`,
    problems: (n: number) => `${n} of the first lines cannot be read`,
    allFine: 'The first lines can all be read.',
    repoHint: 'For example squad, or owner/name',
    name: 'Name in the lab',
    purpose: 'Purpose',
    purposes: {
      upstream: { title: 'Upstream data', text: 'Solved examples of many tasks. The lab picks from them.' },
      target: {
        title: 'A target task',
        text: 'Test questions with expected answers. The lab measures on them and never tunes on them.'
      }
    },
    advanced: 'More options',
    skipLimit: 'Bad lines to tolerate',
    skipLimitHint: 'They are set aside with the reason. With 0 the import stops at the first bad line.',
    groupsFile: 'File with task groups (optional)',
    querySetsFile: 'File with query sets (optional)',
    filePathHint: 'The path of a JSON file on this computer',
    importWhat: (name: string) =>
      `The file is read line by line, checked, and stored in the lab as “${name}”. The original stays untouched.`,
    downloadWhat: (name: string) => `“${name}” is downloaded, checked against its checksum, and then imported.`
  }
}

export const formatLabels = formats
