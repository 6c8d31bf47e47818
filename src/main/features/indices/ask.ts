import type { Asked } from '../../contract/client.ts'
import { retrievalSettingsSchema } from '../../contract/run-settings.ts'
import type { Contract } from '../../contract/routes.ts'
import { upstreamData } from '../datasets/upstream.ts'
import type { Services } from '../services.ts'
import { referenceOf } from './references.ts'
import { rerankerFor, searchedIndices } from './searched.ts'

type Routes = Contract['indices']

/** Nearest upstream examples of a text that somebody types. */
export function neighbours(services: Services, asked: Asked<Routes['neighbours']>, signal?: AbortSignal) {
  const { home, store, jobs } = services
  const { datasetId, indexId: _indexId, ...rest } = asked
  const indices = searchedIndices(services, store.datasets.get(datasetId), asked)
  const { provider } = store.settings.get()
  return jobs.ask('neighbours', { ...rest, dataset: home.dataset(datasetId), indices, provider }, signal)
}

/** What a strategy retrieves for a query set, as a run would. */
export function retrieve(services: Services, asked: Asked<Routes['retrieve']>, signal?: AbortSignal) {
  const { home, store, jobs } = services
  const { datasetId, strategy, rerankerId, querySetId, settings, seed } = asked
  const { targetId, queries } = store.querySets.get(querySetId)
  // Nothing is learnt here, by merge or otherwise.
  const over = settings.over === 'both' ? 'both' : 'input'
  return jobs.ask(
    'retrieve',
    {
      dataset: home.dataset(datasetId),
      strategy,
      indices: searchedIndices(services, store.datasets.get(datasetId), asked, { ...settings, over }),
      reranker: rerankerFor(services, strategy, rerankerId, settings),
      queries: queries.map((query) => query.input),
      answers: queries.map(({ outputs }) => outputs[0] ?? null),
      settings: { ...settings, over },
      excludedIds: store.leaks.of(targetId, datasetId).map((leak) => leak.exampleId),
      seed,
      provider: store.settings.get().provider
    },
    signal
  )
}

/** How good retrieval is by itself, over upstream queries whose task is known. */
export function quality(services: Services, asked: Asked<Routes['quality']>, signal?: AbortSignal) {
  const { home, store, jobs } = services
  const { datasetId, indexId: _indexId, rerankerId, ...rest } = asked
  const settings = retrievalSettingsSchema.parse({})
  // Upstream examples have answers: each index is asked with what it is over.
  const over = asked.indexId === null ? 'input' : store.indices.get(asked.indexId).over
  const dataset = upstreamData(store, datasetId)
  return jobs.ask(
    'retrieval-quality',
    {
      ...rest,
      dataset: home.dataset(datasetId),
      indices: searchedIndices(services, dataset, asked, { ...settings, over }),
      reranker: rerankerFor(services, rest.strategy, rerankerId, settings),
      provider: store.settings.get().provider
    },
    signal
  )
}

/** A plane in which near things lie near, with queries among them. */
export function embeddingMap(services: Services, asked: Asked<Routes['map']>, signal?: AbortSignal) {
  const { home, store, jobs } = services
  const index = store.indices.get(asked.indexId)
  const queries = asked.querySetId === null ? [] : store.querySets.get(asked.querySetId).queries
  return jobs.ask(
    'embedding-map',
    {
      dataset: home.dataset(index.datasetId),
      index: referenceOf(services, index),
      queries: queries.map((query) => query.input),
      answers: queries.map(({ outputs }) => outputs[0] ?? null),
      sample: asked.sample,
      quick: asked.quick,
      seed: 42,
      provider: store.settings.get().provider
    },
    signal
  )
}
