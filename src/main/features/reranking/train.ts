import { LabError } from '../../contract/error.ts'
import type { Job } from '../../contract/jobs.ts'
import type { TrainRequest } from '../../contract/reranking.ts'
import type { RetrieverRequest } from '../../contract/retrievers.ts'
import { newId } from '../../store/new-id.ts'
import type { Services } from '../services.ts'
import { coresAt } from './at-place.ts'
import { asReranker, asRerankerBase } from './roles.ts'
import { trainedOn } from './trained-on.ts'

/** @throws LabError `gate-closed`, `different-data`, `wrong-role` */
export function train(services: Services, request: TrainRequest): Job {
  const { store, jobs, home } = services
  const { minings, data, about, overridden, override, dependsOn } = trainedOn(services, request)
  const place = request.place === null ? null : store.places.get(request.place)
  const base = asRerankerBase(store.models.get(request.baseId), request.settings)
  const previousId = request.previousId ?? minings.find(({ rerankerId }) => rerankerId !== null)?.rerankerId ?? null
  const previous = previousId === null ? undefined : store.models.find(previousId)
  const modelId = newId('model')
  return jobs.add(
    'train-reranker',
    {
      ...{ modelId, name: request.name, settings: request.settings, overridden, override, data, minings: about },
      base: { id: base.id, name: base.name, folder: home.model(base.id), fingerprint: base.fingerprint },
      previous: previous === undefined ? null : { id: previous.id, folder: home.model(previous.id) },
      iteration: Math.max(...minings.map(({ iteration }) => iteration)),
      provider: request.provider
    },
    {
      ...{ title: { says: 'train-reranker', of: { name: request.name } }, folder: home.model(modelId), dependsOn },
      ...(place === null ? {} : { place: place.id, cores: coresAt(place) })
    }
  )
}

/** @throws LabError `gate-closed`, `different-data`, `wrong-role`, `index-of-other-data` */
export function trainRetriever(services: Services, request: RetrieverRequest): Job {
  const { store, jobs, home } = services
  const index = store.indices.get(request.indexId)
  if (index.over === 'both') {
    throw new LabError(
      'index-of-other-data',
      'The index is over inputs and answers, and a retriever is trained on vectors of inputs alone: its queries have no answers. Choose an index over inputs.',
      { details: { indexId: index.id } }
    )
  }
  const { data, about, overridden, override, dependsOn } = trainedOn(services, request)
  const place = request.place === null ? null : store.places.get(request.place)
  if (index.datasetId !== data.id) {
    throw new LabError(
      'index-of-other-data',
      `The index holds the vectors of other data than the pairs were mined on ("${data.name}"). Choose an index of the same data.`,
      { details: { indexId: index.id, datasetId: data.id } }
    )
  }
  const base = store.models.get(index.modelId)
  const reranker = request.rerankerId === null ? null : asReranker(store.models.get(request.rerankerId))
  const modelId = newId('model')
  return jobs.add(
    'train-retriever',
    {
      ...{ modelId, name: request.name, settings: request.settings, overridden, override, data, minings: about },
      index: { id: index.id, folder: home.index(index.fingerprint) },
      base: { id: base.id, name: base.name, folder: home.model(base.id) },
      reranker: reranker === null ? null : { id: reranker.id, name: reranker.name, folder: home.model(reranker.id) },
      provider: request.provider
    },
    {
      ...{ title: { says: 'train-retriever', of: { name: request.name } }, folder: home.model(modelId), dependsOn },
      ...(place === null ? {} : { place: place.id, cores: coresAt(place) })
    }
  )
}
