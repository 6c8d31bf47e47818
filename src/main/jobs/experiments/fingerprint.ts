import { createHash } from 'node:crypto'
import type { JobInput } from '../../contract/jobs.ts'
import { isReranked, isTuned, usesQueries, type StrategyName } from '../../contract/strategies.ts'

/** Raised when the same settings would give other numbers than before. */
const runFormat = 3
/** The same for what is tuned alone. 4: dropout is drawn for the tokens that there are, not for padding. */
const tunedFormat = 4

/** What a run's numbers depend on, by content: ids and paths may differ between two labs. */
export interface RunIdentity {
  strategy: StrategyName
  seed: number
  /** Fingerprint of the base model and what is put before its inputs. */
  model: { fingerprint: string; prefix: string }
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
  retrieval: JobInput<'run-strategy'>['retrieval']
  tune: JobInput<'run-strategy'>['tune']
  evaluation: JobInput<'run-strategy'>['evaluation']
  provider: string
  /** Runtime, processor and threads: `machine/computed-on.ts`. */
  computedOn: readonly string[]
}

/** 32 hexadecimal digits: runs with the same fingerprint compute the same numbers. What a run does not use is left out. */
export function runFingerprint(identity: RunIdentity): string {
  return createHash('sha256')
    .update(canonical({ format: isTuned(identity.strategy) ? tunedFormat : runFormat, ...whatCounts(identity) }))
    .digest('hex')
    .slice(0, 32)
}

function whatCounts(identity: RunIdentity): object {
  const { strategy, model, evaluation, provider, computedOn } = identity
  const tested = identity.targets.map(({ datasetHash, metrics, answerBy }) => ({ datasetHash, metrics, answerBy }))
  if (!isTuned(strategy)) return { strategy, model, evaluation, provider, computedOn, targets: tested }
  const labels = identity.tune.merge !== 'unsupervised'
  const asksQueries = usesQueries(strategy, identity.retrieval) || labels
  const { indices, reranker, ...rest } = identity
  return {
    ...rest,
    retrieval: whatCountsOf(identity),
    ...(reranker === null ? {} : { reranker }),
    // What searches one index or none has the name that it had when more were not possible.
    ...(indices.length < 2 ? { index: indices[0] ?? null } : { indices }),
    targets: identity.targets.map((target, at) => ({
      ...tested[at],
      excludedIds: [...target.excludedIds].sort((a, b) => a - b),
      ...(asksQueries
        ? { queries: target.queries.map(({ input, outputs }) => ({ input, outputs: labels ? outputs : [] })) }
        : {})
    }))
  }
}

/** Settings of stages that a strategy has not are left out: they came later than the first fingerprints, too. */
function whatCountsOf({ strategy, retrieval }: RunIdentity): object {
  const { rerank, ...rest } = retrieval
  return isReranked(strategy) ? { ...rest, rerank } : rest
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
