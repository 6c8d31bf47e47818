import type { ExperimentSpec } from './experiments.ts'

/** How many examples a tuning sees in one epoch, for a number of queries. */
export function tunedExamples(
  {
    retrieval,
    tune
  }: { retrieval: Pick<ExperimentSpec['retrieval'], 'budget'>; tune: Pick<ExperimentSpec['tune'], 'merge'> },
  queries: number
): number {
  switch (tune.merge) {
    case 'unsupervised':
      return retrieval.budget
    case 'none':
      return queries
    case 'mix':
    case 'two-stage':
      return retrieval.budget + queries
  }
}
