import { LabError } from '../../contract/error.ts'
import type { Job, JobInput } from '../../contract/jobs.ts'
import type { Mining, MiningRequest } from '../../contract/minings.ts'
import { computingCores } from '../../jobs/cores.ts'
import { newId } from '../../store/new-id.ts'
import { upstreamData } from '../datasets/upstream.ts'
import { computingOf } from '../experiments/computing.ts'
import { candidateIndices } from '../indices/searched.ts'
import type { Services } from '../services.ts'
import { computingAt, coresAt } from './at-place.ts'
import { asReranker, withRole } from './roles.ts'

/**
 * Queues the mining: for small models a part for every core, and the job that makes the report when they are done. Gives the
 * first of them; each says in its outcome what comes next.
 * @throws LabError `already-mined`, `no-index`, `wrong-role`, `not-upstream-data`
 */
export function mine(services: Services, request: MiningRequest): Job {
  if (request.tuples !== null) return bringIn(services, request, request.tuples)
  const { store, jobs, home } = services
  const { name, datasetId, modelId, source, rerankerId, settings } = request
  const place = request.place === null ? null : store.places.get(request.place)
  const model = withRole(store.models.get(modelId), 'seq2seq')
  const reranker = rerankerId === null ? null : asReranker(store.models.get(rerankerId))
  const computing = computingAt(place, computingOf(request, model, { cores: coresAt(place) ?? computingCores(store) }))
  const same = sameMining(services, request)
  if (same) {
    throw new LabError(
      'already-mined',
      `The same was mined already: "${same.name}". Train a reranker on it, or choose another seed or other settings.`,
      { details: { miningId: same.id } }
    )
  }
  const miningId = newId('mining')
  const folder = home.mining(miningId)
  const input: JobInput<'mine-pairs'> = {
    ...{ miningId, name, datasetId, dataset: home.dataset(upstreamData(store, datasetId).id), source, settings },
    model: {
      ...{ id: model.id, name: model.name, folder: home.model(model.id) },
      ...{ prefix: model.prefix, fingerprint: model.fingerprint }
    },
    indices: candidateIndices(services, { datasetId, source, indexId: request.indexId }),
    reranker:
      reranker === null
        ? null
        : { id: reranker.id, folder: home.model(reranker.id), fingerprint: reranker.fingerprint },
    iteration: reranker === null ? 0 : (reranker.reranker?.iteration ?? 0) + 1,
    tuples: null,
    part: null,
    provider: computing.provider
  }
  const parts = Math.min(computing.atOnce, settings.sets)
  const before =
    parts < 2
      ? []
      : Array.from({ length: parts }, (_, number) =>
          jobs.add(
            'mine-pairs',
            { ...input, part: { number, of: parts } },
            {
              title: { says: 'mine', of: { name, part: { number: number + 1, of: parts } } },
              folder,
              cores: computing.cores,
              place: request.place
            }
          )
        )
  const report = jobs.add('mine-pairs', input, {
    title: { says: 'mine', of: { name, part: null } },
    folder,
    dependsOn: before.map(({ id }) => id),
    cores: computing.cores,
    place: request.place
  })
  return before[0] ?? report
}

/** Queues the reading of the original's tuples. Where they lie is this computer. @throws LabError `bad-option`, `not-upstream-data` */
function bringIn({ store, jobs, home }: Services, request: MiningRequest, tuples: readonly string[]): Job {
  const { name, datasetId, modelId, source, settings, provider } = request
  if (request.place !== null || request.rerankerId !== null)
    throw new LabError(
      'bad-option',
      'Tuples are read on this computer, with the labels that they have: neither a place nor a reranker has a part in it. Leave both out.'
    )
  const miningId = newId('mining')
  const labelled = modelId.trim() || originalBase
  return jobs.add(
    'mine-pairs',
    {
      ...{ miningId, name, datasetId, dataset: home.dataset(upstreamData(store, datasetId).id), source, provider },
      // As the original's code labels them.
      settings: { ...settings, usefulness: 'group-loss', otherTasks: 0, kept: 'first', negatives: 'least-useful' },
      model: { id: labelled, name: labelled, folder: '', prefix: '', fingerprint: '' },
      ...{ indices: [], reranker: null, iteration: 0, tuples: [...tuples], part: null }
    },
    { title: { says: 'bring-in-pairs', of: { name } }, folder: home.mining(miningId) }
  )
}

/** What the original's tuples were labelled by, where nobody says otherwise. */
const originalBase = 'the original’s base model'

export function sameMining({ store }: Services, request: MiningRequest): Mining | undefined {
  const { datasetId, modelId, source, rerankerId } = request
  return store.minings
    .list()
    .find(
      (mining) =>
        mining.datasetId === datasetId &&
        mining.modelId === modelId &&
        mining.source === source &&
        mining.rerankerId === rerankerId &&
        JSON.stringify(mining.settings) === JSON.stringify(request.settings)
    )
}
