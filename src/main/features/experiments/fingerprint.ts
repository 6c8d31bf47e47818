import { createHash } from 'node:crypto'
import type { RoundedWeights } from '../../contract/base-weights.ts'
import type { QueryExample } from '../../contract/data.ts'
import type { JobInput } from '../../contract/jobs.ts'
import { indicesOf, isReranked, isTuned, usesQueries, type StrategyName } from '../../contract/strategies.ts'

/** Raised when the same settings would give other numbers than before. */
const runFormat = 3
/**
 * The same for what is tuned alone. 4: dropout is drawn for the tokens that there are, not for padding, and random orders do not
 * hang on what is left out of them.
 */
const tunedFormat = 4

/** What a run's numbers depend on, by content: ids and paths may differ between two labs. */
export interface RunIdentity {
  strategy: StrategyName
  seed: number
  /** Of random samples and training, where they have their own. */
  seeds?: { retrieval: number; training: number }
  /** Fingerprint of the base model, what is put before its inputs, and in how many bits it lies where that is not in full. */
  model: { fingerprint: string; prefix: string; base?: RoundedWeights }
  datasetHash: string
  /** Fingerprints of the indices that are searched, each with how: exactly, or by a graph of which settings. */
  indices: readonly string[]
  /** Fingerprint of the model that scores candidates anew; null where none does. */
  reranker: string | null
  targets: readonly {
    datasetHash: string
    metrics: readonly string[]
    answerBy: string
    queries: readonly { input: string; outputs: readonly string[] }[]
    excludedIds: readonly number[]
  }[]
  /** What it is tuned for, where that is not what is tested; null: it is. */
  tuning: { queries: readonly QueryExample[]; excludedIds: readonly number[] } | null
  retrieval: JobInput<'run-strategy'>['retrieval']
  tune: JobInput<'run-strategy'>['tune']
  evaluation: JobInput<'run-strategy'>['evaluation']
  provider: string
  /** Runtime, processor and threads: `machine/computed-on.ts`. */
  computedOn: readonly string[]
}

/** 32 hexadecimal digits: runs with the same fingerprint compute the same numbers. What a run does not use is left out. */
export function runFingerprint(identity: RunIdentity): string {
  return hashOf({ format: isTuned(identity.strategy) ? tunedFormat : runFormat, ...whatCounts(identity) })
}

/**
 * 32 hexadecimal digits: runs with the same tuning fingerprint answer with the same weights. They hang on the base model, the
 * retrieved rows in their order and the settings; not on what is tested, nor how. Of random samples one more thing must be the
 * same: that they hold none of the rows that are left out (`cover.ts`).
 */
export function tuningFingerprint(identity: RunIdentity): string {
  const { strategy, model, provider, computedOn, targets, tuning } = identity
  if (!isTuned(strategy)) return hashOf({ format: runFormat, weights: 'untuned', model })
  const { datasetHash, indices, reranker } = identity
  const tune = withoutUsual(identity.tune, laterSettings.tune)
  // Two seeds say all that one does.
  const seed = identity.seeds ?? { retrieval: identity.seed, training: identity.seed }
  const queries = tuning?.queries ?? targets.flatMap((target) => target.queries)
  const excluded = tuning?.excludedIds ?? targets.flatMap((target) => target.excludedIds)
  return hashOf({
    ...{
      format: tunedFormat,
      weights: 'tuned',
      strategy,
      model,
      datasetHash,
      indices,
      tune,
      seed,
      provider,
      computedOn
    },
    ...(reranker === null ? {} : { reranker }),
    retrieval: whatCountsOf(identity),
    // What a random sample leaves out may change nothing about it: `cover.ts` looks at the sample itself.
    ...(asksQueries(identity) ? { excludedIds: inOrder(excluded), queries: asked(queries, identity) } : {})
  })
}

/** What a run was asked on one of its targets: the same answers come to the same question with the same weights. */
export function askedFingerprint(identity: RunIdentity, target: RunIdentity['targets'][number]): string {
  const { provider, computedOn } = identity
  const evaluation = withoutUsual(identity.evaluation, laterSettings.evaluation)
  const { datasetHash, metrics, answerBy } = target
  const tested = { datasetHash, metrics, answerBy, evaluation, provider, computedOn }
  return hashOf({ format: runFormat, weights: tuningFingerprint(identity), ...tested })
}

function hashOf(value: object): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 32)
}

function inOrder(ids: readonly number[]): number[] {
  return [...new Set(ids)].sort((a, b) => a - b)
}

/** Whether anything about the queries, labels or leaks of a target changes what is tuned. */
export function asksQueries({
  strategy,
  retrieval,
  tune
}: Pick<RunIdentity, 'strategy' | 'retrieval' | 'tune'>): boolean {
  return usesQueries(strategy, retrieval) || tune.merge !== 'unsupervised'
}

/** The labels of queries count only where they are learnt from; what is embedded over them is learnt from them too. */
function asked(queries: RunIdentity['targets'][number]['queries'], { tune }: RunIdentity): object[] {
  return queries.map(({ input, outputs }) => ({ input, outputs: tune.merge === 'unsupervised' ? [] : outputs }))
}

function whatCounts(identity: RunIdentity): object {
  const { strategy, model, provider, computedOn } = identity
  const evaluation = withoutUsual(identity.evaluation, laterSettings.evaluation)
  const tested = identity.targets.map(({ datasetHash, metrics, answerBy }) => ({ datasetHash, metrics, answerBy }))
  if (!isTuned(strategy)) return { strategy, model, evaluation, provider, computedOn, targets: tested }
  const { indices, reranker, tuning, seeds, ...rest } = identity
  return {
    ...rest,
    tune: withoutUsual(identity.tune, laterSettings.tune),
    evaluation,
    ...(seeds ? { seeds } : {}),
    retrieval: whatCountsOf(identity),
    ...(reranker === null ? {} : { reranker }),
    // What searches one index or none has the name that it had when more were not possible.
    ...(indices.length < 2 ? { index: indices[0] ?? null } : { indices }),
    targets: identity.targets.map((target, at) => ({
      ...tested[at],
      excludedIds: [...target.excludedIds].sort((a, b) => a - b),
      ...(asksQueries(identity) ? { queries: asked(target.queries, identity) } : {})
    })),
    // Runs that are tuned for what they test have the name that they had when others were not possible.
    ...(tuning === null ? {} : { tuning: tuningFingerprint(identity) })
  }
}

/** Settings of stages that a strategy has not are left out: they came later than the first fingerprints, too. */
function whatCountsOf({ strategy, retrieval }: RunIdentity): object {
  const { rerank, over, ...rest } = retrieval
  // What is embedded over matters to those alone that look at vectors.
  const looked = indicesOf(strategy, retrieval).length === 0 ? rest : { ...rest, over }
  const counts = withoutUsual(looked, laterSettings.retrieval)
  return isReranked(strategy) ? { ...counts, rerank } : counts
}

/** Settings that came later than the first fingerprints, as they always were before: so they are left out. */
const laterSettings = {
  retrieval: { queryShare: 1, over: 'input' },
  tune: {
    schedule: 'linear',
    lossReduction: 'mean',
    answers: 'first',
    maxSteps: null,
    repeatQueries: false,
    queryLearningRate: null,
    queryEpochs: null,
    precision: 'fp32',
    base: 'full'
  },
  evaluation: { mendDoubled: false, precision: 'fp32' }
} as const

/** Without what is as usual; and without what says how results are shown, as no number hangs on it. */
function withoutUsual(settings: object, usual: object): object {
  const shown = ['firstMetric']
  return Object.fromEntries(
    Object.entries(settings).filter(
      ([name, value]) => !shown.includes(name) && !(name in usual && value === usual[name as keyof typeof usual])
    )
  )
}

/** JSON with the keys of every object in order, so that equal values give equal text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`
  }
  return JSON.stringify(value)
}
