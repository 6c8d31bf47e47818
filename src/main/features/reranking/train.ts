import { LabError } from '../../contract/error.ts'
import type { Job } from '../../contract/jobs.ts'
import type { RetrieverRequest, TrainRequest } from '../../contract/reranking.ts'
import { newId } from '../../store/new-id.ts'
import { upstreamData } from '../datasets/upstream.ts'
import type { Services } from '../services.ts'
import { coresAt } from './at-place.ts'
import { asReranker, asRerankerBase } from './roles.ts'

/** @throws LabError `gate-closed`, `different-data`, `wrong-role` */
export function train(services: Services, request: TrainRequest): Job {
  const { store, jobs, home } = services
  const { minings, data, about, overridden } = trainedOn(services, request)
  const place = request.place === null ? null : store.places.get(request.place)
  const base = asRerankerBase(store.models.get(request.baseId))
  const previousId = request.previousId ?? minings.find(({ rerankerId }) => rerankerId !== null)?.rerankerId ?? null
  const previous = previousId === null ? undefined : store.models.find(previousId)
  const modelId = newId('model')
  return jobs.add(
    'train-reranker',
    {
      ...{ modelId, name: request.name, settings: request.settings, overridden, data, minings: about },
      base: { id: base.id, name: base.name, folder: home.model(base.id), fingerprint: base.fingerprint },
      previous: previous === undefined ? null : { id: previous.id, folder: home.model(previous.id) },
      iteration: Math.max(...minings.map(({ iteration }) => iteration)),
      provider: request.provider
    },
    {
      ...{ title: `Train the reranker ${request.name}`, folder: home.model(modelId) },
      ...(place === null ? {} : { place: place.id, cores: coresAt(place) })
    }
  )
}

/** @throws LabError `gate-closed`, `different-data`, `wrong-role`, `index-of-other-data` */
export function trainRetriever(services: Services, request: RetrieverRequest): Job {
  const { store, jobs, home } = services
  const { data, about, overridden } = trainedOn(services, request)
  const index = store.indices.get(request.indexId)
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
      ...{ modelId, name: request.name, settings: request.settings, overridden, data, minings: about },
      index: { id: index.id, folder: home.index(index.fingerprint) },
      base: { id: base.id, name: base.name, folder: home.model(base.id) },
      reranker: reranker === null ? null : { id: reranker.id, name: reranker.name, folder: home.model(reranker.id) },
      provider: request.provider
    },
    { title: `Train the retriever ${request.name}`, folder: home.model(modelId) }
  )
}

/**
 * The minings that a training asks for, all of one data set and with their gates open, or not and known not to be.
 * @throws LabError `gate-closed`, `different-data`
 */
function trainedOn(services: Services, { miningIds, override }: Pick<TrainRequest, 'miningIds' | 'override'>) {
  const { store, home } = services
  const minings = miningIds.map((id) => store.minings.get(id))
  const closed = minings.filter(({ report }) => !report.gate.open)
  if (closed.length > 0 && !override) {
    const reasons = closed.flatMap(({ report }) => report.gate.checks.filter(({ holds }) => holds === false))
    throw new LabError(
      'gate-closed',
      `What was mined in "${closed[0]!.name}" is not fit to train on, so nothing is trained. ${reasons.map(({ text }) => text).join(' ')} ` +
        'Mine differently, or train all the same knowingly; that is then kept with the model.',
      { details: { minings: closed.map(({ id }) => id), reasons: reasons.map(({ name }) => name) } }
    )
  }
  const dataset = store.datasets.get(minings[0]!.datasetId)
  const other = minings.find(({ datasetId }) => datasetId !== dataset.id)
  if (other) {
    throw new LabError(
      'different-data',
      `"${other.name}" was mined on other data than "${minings[0]!.name}". Choose minings of one.`
    )
  }
  return {
    ...{ minings, overridden: closed.length > 0 },
    data: { id: dataset.id, name: dataset.name, path: home.dataset(upstreamData(store, dataset.id).id) },
    about: minings.map(({ id, name, settings, report, modelId: miner }) => ({
      ...{ id, name, folder: home.mining(id), usefulness: settings.usefulness, sets: report.sets },
      ...{ model: store.models.find(miner)?.name ?? miner, gateOpen: report.gate.open }
    }))
  }
}
