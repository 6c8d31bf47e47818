import type { ExperimentSpec } from '../contract/experiments.ts'
import type { RetrievalSettings } from '../contract/run-settings.ts'
import { pipelineOf, rescorers, type StrategyName } from '../contract/strategies.ts'

/** How many examples a tuning sees in one epoch, for a number of queries. */
export function tunedExamples(
  {
    retrieval,
    tune
  }: {
    retrieval: Pick<ExperimentSpec['retrieval'], 'budget'>
    tune: Pick<ExperimentSpec['tune'], 'merge' | 'repeatQueries'>
  },
  queries: number
): number {
  switch (tune.merge) {
    case 'unsupervised':
      return retrieval.budget
    case 'none':
      return queries
    case 'mix':
      return retrieval.budget + queries * (tune.repeatQueries ? Math.max(1, Math.floor(retrieval.budget / queries)) : 1)
    case 'two-stage':
      return retrieval.budget + queries
  }
}

/** How many pairs of query and candidate a strategy's rerankers read, at most, for a number of queries. */
export function scoredPairs(strategy: StrategyName, retrieval: RetrievalSettings, queries: number): number {
  const { rescore = [] } = pipelineOf(strategy, retrieval) ?? {}
  const { oversampling, pairing, nearest } = retrieval.rerank
  const each = { own: 1, nearest: Math.min(nearest, queries), all: queries }[pairing]
  return rescore.reduce((sum, name, at) => {
    const pool = Math.ceil(retrieval.budget * oversampling ** ((rescore.length - at) / rescore.length))
    return sum + (rescorers[name].role === null ? 0 : pool * each)
  }, 0)
}
