import type { JobInput } from '../contract/jobs.ts'
import type { WorkInput, WorkKind } from '../contract/work.ts'

/** What of the lab a piece of work reads, as its input names it. */
export interface Uses {
  /** Ids of models. */
  models: readonly string[]
  /** Folders of data sets. */
  data?: readonly string[]
  /** Ids of minings. */
  minings?: readonly string[]
  /** Rows that a model takes together; 1 where nothing says more. */
  batchSize?: number
}

const nothing = (): Uses => ({ models: [] })

/** One row per kind: a forgotten kind does not compile. */
const usesByKind: { [K in WorkKind]: (input: WorkInput<K>) => Uses } = {
  'self-test': nothing,
  'self-question': nothing,
  'import-dataset': nothing,
  download: nothing,
  'install-model': nothing,
  'answer-file': ({ by }) => ({ models: [by.model.id] }),
  'ask-model': ({ by }) => ({ models: [by.model.id] }),
  'find-rate': ({ model, dataset, tune }) => ({
    models: [model.modelId],
    data: [dataset],
    batchSize: tune.batchSize
  }),
  'export-model': ({ run }) => ({ models: [run.base.id] }),
  'export-study': nothing,
  'import-study': nothing,
  'build-index': ({ encoder, dataset }) => ({ models: [encoder.modelId], data: [dataset] }),
  'embed-shard': ({ encoder, dataset }) => ({ models: [encoder.modelId], data: [dataset] }),
  'publish-index': ({ dataset }) => ({ models: [], data: [dataset] }),
  'fetch-index': nothing,
  'shared-indices': nothing,
  'search-shared': ({ encoder }) => ({ models: [encoder.modelId] }),
  'mine-pairs': ({ model, reranker, indices, dataset, settings }) => ({
    models: [model.id, ...given(reranker?.id), ...encodersOf(indices)],
    data: [dataset],
    batchSize: settings.batchSize
  }),
  'train-reranker': ({ base, previous, minings, data, settings }) => ({
    models: [base.id, ...given(previous?.id), ...minings.map(({ model }) => model)],
    data: [data.path],
    minings: minings.map(({ id }) => id),
    batchSize: settings.batchSize
  }),
  'train-retriever': ({ base, reranker, minings, data }) => ({
    models: [base.id, ...given(reranker?.id), ...minings.map(({ model }) => model)],
    data: [data.path],
    minings: minings.map(({ id }) => id)
  }),
  'embed-part': ({ encoder }) => ({ models: [encoder.modelId] }),
  'check-installers': nothing,
  'look-at-model': nothing,
  'look-at-hub-model': nothing,
  // Reads a tokenizer alone, without the model's weights.
  'token-fit': nothing,
  'look-for-update': nothing,
  'leak-check': ({ dataset, target }) => ({ models: [], data: [dataset, target] }),
  'run-strategy': ({ model, reranker, indices, dataset, targets, tune }) => ({
    models: [model.id, ...given(reranker?.modelId), ...encodersOf(indices)],
    data: [dataset, ...targets.map((target) => target.dataset)],
    batchSize: tune.batchSize
  }),
  examine: nothing,
  'provider-test': nothing,
  'preview-import': nothing,
  'look-at-hub': nothing,
  'verify-home': nothing,
  browse: nothing,
  breakdown: nothing,
  compare: nothing,
  'read-foreign': nothing,
  'plan-power': nothing,
  neighbours: ({ indices }) => ({ models: encodersOf(indices) }),
  retrieve: ({ indices, reranker }) => ({ models: [...encodersOf(indices), ...given(reranker?.modelId)] }),
  'retrieval-quality': ({ indices, reranker }) => ({ models: [...encodersOf(indices), ...given(reranker?.modelId)] }),
  'embedding-map': ({ index }) => ({ models: [index.encoder.modelId] }),
  'measure-speed': ({ base, encoder, reranker, tune }) => ({
    models: [base.modelId, ...given(encoder?.modelId), ...given(reranker?.modelId)],
    batchSize: tune.batchSize
  }),
  'measure-embedding': ({ encoder }) => ({ models: [encoder.modelId] })
}

/** `input` is that of a job or question of this kind, as its schema gives it. */
export function usesOf(kind: WorkKind, input: unknown): Uses {
  return (usesByKind[kind] as (input: unknown) => Uses)(input)
}

function encodersOf(indices: JobInput<'run-strategy'>['indices']): string[] {
  return indices.map(({ encoder }) => encoder.modelId)
}

function given(id: string | undefined): string[] {
  return id === undefined ? [] : [id]
}
