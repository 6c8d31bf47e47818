import type { WorkKind } from '../contract/work.ts'
import type { JobDefinition } from './job.ts'

/** A kind without its line does not compile. */
type Registry = { readonly [K in WorkKind]: () => Promise<{ job: JobDefinition<K> }> }

/** Every kind of job, part and question, loaded when it is first wanted: a worker holds only what its jobs need. */
export const registry: Registry = {
  'self-test': () => import('./self-test.ts'),
  'self-question': () => import('./self-question.ts'),
  'import-dataset': () => import('./import-dataset.ts'),
  'preview-import': () => import('./preview-import.ts'),
  'verify-home': () => import('./verify-home.ts'),
  browse: () => import('./browse.ts'),
  breakdown: () => import('./breakdown.ts'),
  compare: () => import('./compare.ts'),
  'read-foreign': () => import('./read-foreign.ts'),
  'look-at-model': () => import('./look-at-model.ts'),
  'look-at-hub-model': () => import('./look-at-hub-model.ts'),
  'look-at-hub': () => import('./look-at-hub.ts'),
  'look-for-update': () => import('./look-for-update.ts'),
  'check-installers': () => import('./check-installers.ts'),
  'token-fit': () => import('./token-fit.ts'),
  'plan-power': () => import('./plan-power.ts'),
  download: () => import('./download.ts'),
  'install-model': () => import('./install-model.ts'),
  'ask-model': () => import('./ask-model.ts'),
  'answer-file': () => import('./answer-file.ts'),
  'find-rate': () => import('./find-rate.ts'),
  'export-model': () => import('./export-model.ts'),
  'export-study': () => import('./export-study.ts'),
  'import-study': () => import('./import-study.ts'),
  'mine-pairs': () => import('./mine-pairs.ts'),
  'train-reranker': () => import('./train-reranker.ts'),
  'train-retriever': () => import('./train-retriever.ts'),
  'leak-check': () => import('./leak-check.ts'),
  examine: () => import('./examine.ts'),
  'provider-test': () => import('./provider-test.ts'),
  'measure-speed': () => import('./measure-speed.ts'),
  'run-strategy': () => import('./run-strategy.ts'),
  'build-index': () => import('./build-index.ts'),
  'publish-index': () => import('./publish-index.ts'),
  'fetch-index': () => import('./fetch-index.ts'),
  'shared-indices': () => import('./shared-indices.ts'),
  'search-shared': () => import('./search-shared.ts'),
  'embed-shard': () => import('./embed-shard.ts'),
  'embed-part': () => import('./embed-part.ts'),
  retrieve: () => import('./retrieve.ts'),
  neighbours: () => import('./neighbours.ts'),
  'retrieval-quality': () => import('./retrieval-quality.ts'),
  'embedding-map': () => import('./embedding-map.ts'),
  'measure-embedding': () => import('./measure-embedding.ts')
}

/** The definition of a kind. */
export async function loadJob<K extends WorkKind>(kind: K): Promise<JobDefinition<K>> {
  const { job } = await registry[kind]()
  if (job.kind !== kind) throw new Error(`worker/registry.ts lists job "${job.kind}" under kind "${kind}".`)
  return job
}
