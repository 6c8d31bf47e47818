import type { JobOutput, Outcome } from '../../contract/jobs.ts'
import type { EndedJob } from '../../jobs/handlers.ts'
import { afterShare } from './build.ts'
import type { Services } from '../services.ts'

/** Takes in what builds have made, as they end. */
export function keepIndices(services: Services): void {
  services.jobs.onFinished('build-index', (job) => keepIndex(services, job))
  services.jobs.onStopped('build-index', (job) => removeUnfinished(services, job))
  for (const kind of ['embed-shard', 'fetch-index'] as const)
    services.jobs.onFinished(kind, (job) => afterShare(services, job))
}

/** Takes a finished index into the store; one that was only checked or repaired keeps its record. */
function keepIndex(services: Services, job: EndedJob<'build-index'> & { output: JobOutput<'build-index'> }): Outcome {
  const { store, changes } = services
  const { input, output } = job
  const dataset = store.datasets.find(input.datasetId)
  // It may have been deleted meanwhile.
  if (dataset === undefined || store.models.find(input.encoder.modelId) === undefined)
    return { what: 'index', id: input.indexId, already: false }
  const { fingerprint, dimension, vectors, search, recall, bytes, seconds } = output
  const known = store.indices.matching({ fingerprint })[0]
  if (known) store.indices.update(known.id, { search, recall, bytes })
  else {
    store.indices.insert({
      id: input.indexId,
      fingerprint,
      datasetId: dataset.id,
      modelId: input.encoder.modelId,
      representation: input.encoder.representation,
      over: input.encoder.over,
      dimension,
      vectors,
      precision: input.vectorPrecision,
      search,
      recall,
      bytes,
      seconds,
      createdAt: new Date().toISOString()
    })
  }
  const id = known?.id ?? input.indexId
  changes.changed('indices', id)
  return { what: 'index', id, already: known !== undefined }
}

/** After an error the finished part stays for the next attempt; what the user has thrown away does not. */
async function removeUnfinished(
  { home, store }: Services,
  { status, folder }: EndedJob<'build-index'> & { status: string }
): Promise<void> {
  const known = store.indices.list().some((index) => home.index(index.fingerprint) === folder)
  if (status === 'cancelled' && !known) await home.remove(folder)
}
