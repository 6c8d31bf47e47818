import { candidateSourceSchema, miningSettingsSchema, type Mining } from '../../../src/main/contract/minings.ts'
import { rerankSettingsSchema } from '../../../src/main/contract/run-settings.ts'
import type { Dataset, QuerySet, Target, TaskSummary } from '../../../src/main/contract/data.ts'
import type { Experiment } from '../../../src/main/contract/experiments.ts'
import type { Run, Score } from '../../../src/main/contract/runs.ts'
import type { AnswerBreakdown } from '../../../src/main/contract/answers.ts'
import type { GivenAnswer } from '../../../src/main/contract/tuned-models.ts'
import type { StrategyName } from '../../../src/main/contract/strategies.ts'
import { jobTitleIn, type JobTitle } from '../../../src/main/contract/job-titles.ts'
import type { Job } from '../../../src/main/contract/jobs.ts'
import type { CatalogEntry, Index, Model } from '../../../src/main/contract/models.ts'
import type { Label } from '../../../src/main/contract/things.ts'
import {
  cleaningRuleNames,
  type HomeUsage,
  type Leftovers,
  type Verification
} from '../../../src/main/contract/housekeeping.ts'
import type { Home, Settings } from '../../../src/main/contract/settings.ts'
import { defaultSettings } from '../../../src/main/store/settings.ts'
import { chance } from './chance.ts'

/** Made-up records that look like a lab in use. */

const day = '2026-11-20T'
const at = (time: string): string => `${day}${time}:00.000Z`

export const groups = [
  'Sentiment',
  'Topic',
  'Summary',
  'Paraphrase',
  'Multiple choice',
  'Closed book',
  'Extraction',
  'Structure to text'
]
export const tasks: TaskSummary[] = [
  ['imdb', 0, 5000],
  ['rotten_tomatoes', 0, 4200],
  ['yelp_review_full', 0, 5000],
  ['app_reviews', 0, 5000],
  ['ag_news', 1, 5000],
  ['dbpedia_14', 1, 5000],
  ['trec', 1, 2900],
  ['xsum', 2, 5000],
  ['samsum', 2, 5000],
  ['gigaword', 2, 5000],
  ['glue-mrpc', 3, 3668],
  ['glue-qqp', 3, 5000],
  ['paws-labeled_final', 3, 5000],
  ['cosmos_qa', 4, 5000],
  ['social_i_qa', 4, 5000],
  ['quail', 4, 5000],
  ['sciq', 4, 4800],
  ['hotpot_qa', 5, 5000],
  ['wiki_qa', 5, 5000],
  ['quoref', 6, 5000],
  ['common_gen', 7, 4100]
].map(([task, group, examples], index) => ({
  task: task as string,
  group: groups[group as number] ?? '',
  examples: examples as number,
  templates: 3 + ((index * 5) % 9),
  inputLength: 180 + ((index * 137) % 900),
  outputLength: 6 + ((index * 31) % 120)
}))

/** A whole repository of models on the hub. */
const modelOnHub = (repo: string): CatalogEntry['source'] => ({
  ...{ type: 'hub', repo, repoType: 'model', revision: 'main', files: [], configs: [], splits: [] }
})
const hash = (seed: number): string => {
  const random = chance(seed)
  return Array.from({ length: 64 }, () => Math.floor(random() * 16).toString(16)).join('')
}

export const datasets: Dataset[] = [
  {
    id: 'ds-upstream',
    name: 'T0 upstream sample',
    kind: 'upstream',
    contentHash: hash(1),
    examples: tasks.reduce((sum, task) => sum + task.examples, 0),
    tasks: tasks.length,
    groups: groups.length,
    duplicates: 214,
    rejected: 3,
    bytes: 142_000_000,
    source: 'file t0_upstream_train.jsonl',
    licence: 'Apache-2.0',
    createdAt: at('08:12')
  },
  ...(
    [
      ['ds-cb', 'CommitmentBank', 280],
      ['ds-wic', 'Word in context', 1000],
      ['ds-arc', 'ARC challenge', 1000]
    ] as const
  ).map(([id, name, examples], index): Dataset => ({
    id,
    name,
    kind: 'target',
    contentHash: hash(index + 2),
    examples,
    tasks: 1,
    groups: 1,
    duplicates: 0,
    rejected: 0,
    bytes: 410_000 + index * 90_000,
    source: `file test-${examples}.json`,
    licence: 'CC BY 4.0',
    createdAt: at(`08:2${index}`)
  }))
]

export const targets: Target[] = [
  ['t-cb', 'ds-cb', 'CommitmentBank', 280, 58],
  ['t-wic', 'ds-wic', 'Word in context', 1000, 172],
  ['t-arc', 'ds-arc', 'ARC challenge', 1000, 214]
].map(([id, datasetId, name, testExamples, sourceItems]) => ({
  id: id as string,
  datasetId: datasetId as string,
  name: name as string,
  testExamples: testExamples as number,
  sourceItems: sourceItems as number,
  metrics: ['soft-em', 'em'],
  answerBy: 'generation',
  createdAt: at('08:30')
}))

export const querySets: QuerySet[] = targets.flatMap((target) =>
  Array.from({ length: 5 }, (_, round) => ({
    id: `${target.id}-q${round}`,
    targetId: target.id,
    size: 16,
    round,
    origin: 'imported' as const,
    seed: null,
    inTest: round === 3 ? 2 : 0,
    queries: Array.from({ length: 16 }, (_, n) => ({
      input: `Suppose “the committee had not met since the spring, or so the minutes of round ${round} say”. Can we infer that “the committee met in the summer”? Yes, no, or maybe? (${n + 1})`,
      outputs: [],
      sourceId: `${target.name}|query|${round}|#${n}`
    }))
  }))
)

export const models: Model[] = [
  {
    id: 'm-bart0',
    name: 'BART0',
    role: 'seq2seq',
    architecture: 'BART',
    parameters: 406_290_432,
    hiddenSize: 1024,
    maxInputTokens: 1024,
    fingerprint: hash(21),
    prefix: '<s> ',
    bytes: 1_625_000_000,
    source: 'hub yuchenlin/BART0',
    licence: 'Apache-2.0',
    reranker: null,
    retriever: null,
    foundRate: null,
    createdAt: at('08:40')
  },
  {
    id: 'm-small',
    name: 'Demo model',
    role: 'seq2seq',
    architecture: 'BART',
    parameters: 1_840_000,
    hiddenSize: 128,
    maxInputTokens: 256,
    fingerprint: hash(22),
    prefix: '',
    bytes: 7_400_000,
    source: 'bundled with the lab',
    licence: 'MIT',
    reranker: null,
    retriever: null,
    foundRate: null,
    createdAt: at('08:41')
  },
  {
    id: 'm-distil',
    name: 'all-distilroberta-v1',
    role: 'encoder',
    architecture: 'RoBERTa',
    parameters: 82_118_400,
    hiddenSize: 768,
    maxInputTokens: 512,
    fingerprint: hash(23),
    prefix: '',
    bytes: 328_000_000,
    source: 'hub sentence-transformers/all-distilroberta-v1',
    licence: 'Apache-2.0',
    reranker: null,
    retriever: null,
    foundRate: null,
    createdAt: at('08:52')
  }
]

/** Pairs that are fit to train on, and pairs that are not. */
export const minings: Mining[] = [true, false].map((open, index) => ({
  id: open ? 'mining-open' : 'mining-closed',
  name: open ? 'Mined with an early checkpoint' : 'Mined with BART0',
  datasetId: 'ds-upstream',
  modelId: open ? 'm-small' : 'm-bart0',
  rerankerId: null,
  iteration: 0,
  source: candidateSourceSchema.options[0]!,
  settings: miningSettingsSchema.parse({}),
  report: {
    sets: 300,
    tasks: ['imdb', 'rotten_tomatoes', 'ag_news'].map((task, at) => ({
      task,
      group: at < 2 ? 'sentiment' : 'topic',
      sets: 100,
      baseLoss: 1.2 - at / 10,
      ownRows: open ? -0.31 : 0.02,
      sameGroup: open ? -0.12 : 0.05,
      others: 0.03
    })),
    baseLoss: 1.1,
    headRoom: { mean: open ? -0.31 : 0.02, tasks: 3, sets: 300, p: open ? 0.001 : 0.7 },
    reliability: open ? 0.82 : 0.14,
    bestBeatsBase: open ? 0.84 : 0.3,
    bestAgainstWorst: { mean: open ? -0.2 : 0.01, tasks: 3, sets: 300, p: open ? 0.002 : 0.6 },
    sameGroup: { mean: open ? -0.2 : 0.1, tasks: 3, sets: 300, p: open ? 0.01 : 0.9 },
    fewestBringers: 8,
    learningRate: 1e-4,
    pairs: { positive: 2400, negative: 2400 },
    gate: {
      open,
      checks: (['head-room', 'reliability', 'best-group', 'same-group'] as const).map((name) => ({
        name,
        holds: open,
        text: 'What was measured, in a sentence with its numbers.'
      }))
    },
    hurt: open
      ? {
          ...{ cases: 1200, tasks: 3, helped: 0.6, unknown: null },
          judged: {
            ...{ brier: 0.14, always: 0.4, baseRate: 0.24 },
            ...{ againstAlways: { mean: -0.26, p: 0.004 }, againstBaseRate: { mean: -0.1, p: 0.02 } }
          },
          newKind: {
            ...{ brier: 0.25, always: 0.41, baseRate: 0.23 },
            ...{ againstAlways: { mean: -0.16, p: 0.04 }, againstBaseRate: { mean: 0.02, p: 0.7 } }
          }
        }
      : null,
    cpuSeconds: 900,
    trials: 30_000
  },
  bytes: 1_900_000,
  seconds: 480,
  createdAt: at(`09:${10 + index}`)
}))

export const indices: Index[] = [
  {
    id: 'i-dense',
    fingerprint: hash(31),
    datasetId: 'ds-upstream',
    modelId: 'm-bart0',
    representation: 'dense',
    over: 'input',
    dimension: 1024,
    vectors: datasets[0]?.examples ?? 0,
    precision: 'fp16',
    search: 'hnsw',
    recall: 0.987,
    bytes: 236_000_000,
    seconds: 5240,
    createdAt: at('10:31')
  },
  {
    id: 'i-semantic',
    fingerprint: hash(32),
    datasetId: 'ds-upstream',
    modelId: 'm-distil',
    representation: 'semantic',
    over: 'input',
    dimension: 768,
    vectors: datasets[0]?.examples ?? 0,
    precision: 'fp32' as const,
    search: 'exact',
    recall: 1,
    bytes: 301_000_000,
    seconds: 1710,
    createdAt: at('09:20')
  }
]

export const strategies: StrategyName[] = ['zero-shot', 'random', 'lexical', 'semantic', 'dense']
export const rounds = 5

const spec = {
  models: { base: 'm-bart0', encoder: 'm-distil', reranker: null, retriever: null },
  datasetId: 'ds-upstream',
  targetIds: targets.map((target) => target.id),
  strategies,
  rounds,
  queries: 16,
  retrieval: {
    selector: 'aggregate-choices' as const,
    budget: 512,
    oversampling: 1,
    deduplicate: true,
    queryShare: 1,
    over: 'input' as const,
    balanced: false,
    withoutGroups: [],
    withoutTasks: [],
    onlyGroups: [],
    withoutLeaks: true,
    rerank: rerankSettingsSchema.parse({})
  },
  tune: {
    method: 'full' as const,
    lastBlocks: 1,
    loraRank: 16,
    loraAlpha: 32,
    optimizer: 'adamw' as const,
    learningRate: 6e-6,
    weightDecay: 0.01,
    epsilon: 1e-8,
    epochs: 2,
    batchSize: 4,
    accumulation: 1,
    warmupSteps: 0,
    clipNorm: 0.1,
    labelSmoothing: 0,
    schedule: 'linear' as const,
    lossReduction: 'mean' as const,
    answers: 'first' as const,
    maxSteps: null,
    dropout: null,
    maxInputTokens: 512,
    maxOutputTokens: 64,
    merge: 'unsupervised' as const,
    earlyStopping: null,
    ...{ repeatQueries: false, queryLearningRate: null, queryEpochs: null },
    recompute: false,
    precision: 'fp32' as const,
    base: 'full' as const
  },
  evaluation: {
    testExamples: 1000,
    maxInputTokens: 512,
    maxOutputTokens: 64,
    beams: 4,
    mendDoubled: false,
    precision: 'fp32' as const,
    firstMetric: null
  },
  ablateGroups: [],
  planned: [],
  seed: 42,
  sweep: [],
  tuneFor: null,
  retrievalSeed: null,
  trainingSeed: null,
  provider: 'auto' as const
}

/** One run of zero-shot; random per round; the others per round and target: as the planner makes them. */
export const runs: Run[] = (['e-paper', 'e-live'] as const).flatMap((experimentId) =>
  strategies.flatMap((strategy, s) => {
    const count = strategy === 'zero-shot' ? 1 : strategy === 'random' ? rounds : rounds * targets.length
    return Array.from({ length: count }, (_, n): Run => {
      const over = experimentId === 'e-paper' || s < 2 || (s === 2 && n < 6)
      return {
        id: `${experimentId}-${strategy}-${n}`,
        experimentId,
        fingerprint: hash(100 + s * 50 + n),
        strategy,
        round: strategy === 'random' ? n : n % rounds,
        ...{ ablatedGroup: null, variant: [], tuning: null, asked: {} },
        targetIds: count > rounds ? [targets[Math.floor(n / rounds)]!.id] : targets.map((target) => target.id),
        seed: 42 + n,
        status: over ? 'finished' : s === 2 && n === 6 ? 'running' : 'planned',
        jobId: `j-${experimentId}-${strategy}-${n}`,
        provider: over ? 'cpu' : null,
        seconds: over ? { retrieve: 2 + s, tune: s === 0 ? 0 : 410 + n * 9, evaluate: 260, total: 680 + n * 9 } : null,
        peakBytes: over ? 3_100_000_000 : null,
        versions: { lab: '0.1.0', onnxruntime: '1.30.0' },
        createdAt: at('11:00'),
        finishedAt: over ? at('12:00') : null
      }
    })
  })
)

/** One score for each finished run and target. */
export function scoresOf(experimentId: string): Score[] {
  const finished = runs.filter((run) => run.experimentId === experimentId && run.status === 'finished')
  return finished.flatMap(({ id, strategy, round, targetIds }) =>
    targetIds.map((targetId) => ({
      ...{ runId: id, targetId, metric: 'soft-em' as const, examples: 280 },
      value: 38 + 6.3 * strategies.indexOf(strategy) - Math.abs(round - 2)
    }))
  )
}

/** Three labels, the last column for what is none of them. */
export const breakdowns: AnswerBreakdown[] = strategies.map((strategy, at) => ({
  column: strategy,
  label: strategy,
  labels: ['no', 'yes', 'maybe', '(something else)'],
  confusion: [
    [90 + 8 * at, 22 - 3 * at, 4, 9],
    [18 - 2 * at, 84 + 6 * at, 7, 3],
    [12, 14, 5 + 3 * at, 12]
  ],
  perLabel: [
    { label: 'no', rows: 125, precision: 75 + at, recall: 72 + 4 * at, f1: 73 + 3 * at },
    { label: 'yes', rows: 112, precision: 70 + at, recall: 75 + 2 * at, f1: 72 + 2 * at },
    { label: 'maybe', rows: 43, precision: at === 0 ? null : 31, recall: 12 + at, f1: 17 + at }
  ],
  lengths: [0, 1, 2, 3].map((quarter) => ({
    from: 40 + 210 * quarter,
    to: 249 + 210 * quarter,
    rows: 70,
    score: 71 - 6 * quarter + at
  })),
  templates: ['can we infer', 'guaranteed/possible/impossible', 'MNLI crowdsource'].map((template, place) => ({
    template,
    rows: 93,
    score: 68 - 7 * place + at
  }))
}))

export const givenAnswers: GivenAnswer[] = Array.from({ length: 40 }, (_, n) => ({
  id: `q${n + 1}`,
  question: `The river festival was moved to Sunday because the bridge is being painted (${n + 1}). When is the festival?`,
  answer: n % 7 === 0 ? '' : 'on Sunday',
  certainty: n % 7 === 0 ? null : 0.97 - n / 60
}))

const runsOf = (id: string): Run[] => runs.filter((run) => run.experimentId === id)
export const experiments: Experiment[] = [
  {
    id: 'e-live',
    spec: { ...spec, name: 'Does word overlap suffice?', tune: { ...spec.tune, learningRate: 1e-5 } },
    status: 'running',
    runs: runsOf('e-live').length,
    finishedRuns: runsOf('e-live').filter((run) => run.status === 'finished').length,
    best: null,
    createdAt: at('14:02'),
    finishedAt: null
  },
  {
    id: 'e-paper',
    spec: { ...spec, name: 'The paper’s table, three tasks' },
    status: 'finished',
    runs: runsOf('e-paper').length,
    finishedRuns: runsOf('e-paper').length,
    best: { strategy: 'semantic', metric: 'accuracy', mean: 58.4 },
    createdAt: at('11:00'),
    finishedAt: '2026-11-20T21:40:00.000Z'
  }
]

const base = {
  priority: 0,
  dependsOn: [],
  experimentId: null,
  progress: null,
  error: null,
  outcome: null,
  attempts: 1,
  startedAt: at('14:03'),
  finishedAt: null
}

/** A title as the lab gives it. */
export function titled(title: JobTitle): Pick<Job, 'title' | 'called'> {
  return { title: jobTitleIn('en', title), called: { says: title.says, of: { ...title.of } } }
}

function run(strategy: StrategyName, round: number, target: string): Pick<Job, 'title' | 'called'> {
  const of = { strategy, without: null, variant: [], round, targets: [target], repeat: false }
  return titled({ says: 'run', of })
}

export const jobs: Job[] = [
  {
    ...base,
    id: 'j-live',
    kind: 'run-strategy',
    ...run('lexical', 2, 'Word in context'),
    status: 'running',
    experimentId: 'e-live',
    createdAt: at('14:02'),
    startedAt: new Date(Date.now() - 330_000).toISOString(),
    progress: {
      fraction: 0.42,
      phase: 'Tuning on 512 retrieved examples',
      done: 108,
      total: 256,
      unit: 'steps',
      rate: 0.34,
      secondsLeft: 435,
      figures: { loss: 1.284, learningRate: 3.5e-6 }
    }
  },
  {
    ...base,
    id: 'j-index',
    kind: 'build-index',
    ...titled({
      says: 'build-index',
      of: { representation: 'semantic', over: 'input', data: 'T0 upstream sample', model: 'MiniLM L6', part: null }
    }),
    status: 'paused',
    createdAt: at('13:40'),
    progress: {
      fraction: 0.61,
      phase: 'Embedding examples',
      done: 61_440,
      total: 100_668,
      unit: 'examples',
      rate: null,
      secondsLeft: null,
      figures: {}
    }
  },
  ...Array.from({ length: 14 }, (_, n): Job => ({
    ...base,
    id: `j-wait-${n}`,
    kind: 'run-strategy',
    ...run(n < 7 ? 'semantic' : 'dense', (n % 5) + 1, targets[n % 3]?.name ?? ''),
    status: 'queued',
    experimentId: 'e-live',
    dependsOn: ['j-live'],
    createdAt: at('14:02'),
    startedAt: null,
    outcome: null,
    attempts: 0
  })),
  {
    ...base,
    id: 'j-crash',
    kind: 'run-strategy',
    ...run('dense', 1, 'ARC challenge'),
    status: 'crashed',
    createdAt: at('12:40'),
    startedAt: at('12:41'),
    finishedAt: at('12:58'),
    error: {
      code: 'worker-crashed',
      message:
        'The worker was ended by signal SIGKILL while tuning (step 31 of 256). The system may have run out of memory.',
      details: {},
      cause: 'onnxruntime: Failed to allocate memory for requested buffer of size 205889536'
    }
  },
  {
    ...base,
    id: 'j-failed',
    kind: 'import-dataset',
    ...titled({ says: 'import', of: { name: 'reviews.csv' } }),
    status: 'failed',
    createdAt: at('09:10'),
    startedAt: at('09:10'),
    finishedAt: at('09:11'),
    error: {
      code: 'too-many-bad-lines',
      message:
        'reviews.csv: 14 lines could not be read (limit 10), the first at line 88: column "label" is empty. Fix the file, or raise the limit.',
      details: {},
      cause: null
    }
  },
  {
    ...base,
    id: 'j-done',
    kind: 'import-dataset',
    ...titled({ says: 'import', of: { name: 't0_upstream_train.jsonl' } }),
    status: 'finished',
    createdAt: at('08:10'),
    startedAt: at('08:10'),
    finishedAt: at('08:12')
  }
]

export const catalog: CatalogEntry[] = [
  {
    id: 'demo',
    kind: 'dataset',
    name: 'Demo upstream tasks',
    summary: '24 small invented tasks in 6 groups, 6,000 examples.',
    goodFor: 'A first look; works offline.',
    hardware: 'any',
    licence: 'MIT',
    bytes: 3_200_000,
    source: { type: 'bundled', path: 'demo/upstream.jsonl' },
    role: null,
    prefix: '',
    as: 'upstream',
    installed: true
  },
  {
    id: 'p3-small',
    kind: 'dataset',
    name: 'P3 upstream, 5,000 a task',
    summary: 'The upstream tasks of T0 with at most 5,000 examples each.',
    goodFor: 'Repeating the paper.',
    hardware: '2 GB of disk',
    licence: 'Apache-2.0',
    bytes: 720_000_000,
    source: {
      type: 'hub',
      repo: 'bigscience/P3',
      repoType: 'dataset',
      revision: 'main',
      files: [],
      configs: [],
      splits: []
    },
    role: null,
    prefix: '',
    as: 'upstream',
    installed: false
  },
  {
    id: 'bart0',
    kind: 'model',
    name: 'BART0',
    summary: 'BART-large trained on the T0 tasks: the base model of the paper.',
    goodFor: 'Repeating the paper on one computer.',
    hardware: '8 GB of memory; a graphics card helps',
    licence: 'Apache-2.0',
    bytes: 1_625_000_000,
    source: modelOnHub('yuchenlin/BART0'),
    role: 'seq2seq',
    prefix: '<s> ',
    as: 'upstream',
    installed: true
  },
  {
    id: 't0-3b',
    kind: 'model',
    name: 'T0 3B',
    summary: 'A large model trained on the same tasks.',
    goodFor: 'Stronger zero-shot answers.',
    hardware: '32 GB of memory or a 24 GB graphics card',
    licence: 'Apache-2.0',
    bytes: 11_400_000_000,
    source: modelOnHub('bigscience/T0_3B'),
    role: 'seq2seq',
    prefix: '',
    as: 'upstream',
    installed: false
  },
  {
    id: 'minilm',
    kind: 'model',
    name: 'MiniLM sentence encoder',
    summary: 'A small, quick sentence encoder.',
    goodFor: 'The semantic strategy on a laptop.',
    hardware: 'any',
    licence: 'Apache-2.0',
    bytes: 91_000_000,
    source: modelOnHub('sentence-transformers/all-MiniLM-L6-v2'),
    role: 'encoder',
    prefix: '',
    as: 'upstream',
    installed: false
  }
]

export const settings: Settings = { ...defaultSettings, hasToken: false, tokenStore: 'plain', welcomed: true }

export const home: Home = {
  path: '/home/ada/.local/share/recross-lab',
  version: '0.1.0',
  host: 'server',
  freeBytes: 212e9,
  usedBytes: 3.4e9,
  cores: 8,
  memoryBytes: 32e9,
  platform: 'linux x64',
  notice: null,
  command: 'npm run lab --'
}

export const labels: Label[] = [
  {
    ...{ what: 'experiment', id: 'e-paper', name: '', archived: false },
    note: 'The table that stands in the thesis.\nDo not change.',
    tags: ['thesis', 'table 2']
  }
]

const left = [
  ['scratch', 'scratch/job-0mwx3k9a2f41c0de', 412e6, 'left by a job that is over'],
  ['parts', 'models/m-bart0/model.safetensors.part', 1.2e9, 'was begun and never finished'],
  ['backups', 'lab.db.before-12', 38e6, 'a copy of the database from before an update']
] as const

export const leftovers: Leftovers['items'] = left.map(([rule, path, bytes, why]) => ({ rule, path, bytes, why }))

export const usage: HomeUsage = {
  path: home.path,
  places: [
    { name: 'datasets', items: 4, bytes: 1.1e9 },
    { name: 'models', items: 3, bytes: 1.9e9 },
    { name: 'indices', items: 2, bytes: 310e6 },
    { name: 'runs', items: 48, bytes: 92e6 },
    { name: 'minings', items: 1, bytes: 3e6 },
    { name: 'downloads', items: 0, bytes: 0 },
    { name: 'scratch', items: 1, bytes: 412e6 },
    { name: 'bin', items: 1, bytes: 7e6 },
    { name: 'lab.db', items: 1, bytes: 44e6 }
  ],
  bytes: 3.9e9,
  freeableBytes: 1.65e9,
  rules: cleaningRuleNames.map((rule) => ({ rule, days: rule === 'bin' ? 7 : rule === 'backups' ? 90 : 30 })),
  cleanedAt: at('06:12')
}

export const verification: Verification = {
  items: [
    { kind: 'dataset', id: 'ds-upstream', name: 'P3 sample', state: 'whole', problem: null, advice: null },
    {
      ...{ kind: 'index', id: 'i-dense', name: 'dense of P3 sample', state: 'damaged' },
      problem: '1 of 40 chunks of vectors.f32 is not what was written',
      advice: 'Build the index again: only what is damaged is computed.'
    }
  ],
  whole: 1
}
