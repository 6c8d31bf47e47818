import type { Job } from '../../contract/jobs.ts'
import { LabError } from '../../contract/error.ts'
import type { SharedFilter, SharedIndex } from '../../contract/shared-indices.ts'
import type { Services } from '../services.ts'
import { join } from 'node:path'
import { sharesName } from '../../contract/index-settings.ts'
import { buildIndex, resolveBuild, usualRequest } from './build.ts'
import { encoderRef } from './references.ts'
import { textAlone } from './searched.ts'

/** Indices that several people use, in a PostgreSQL database. */

export async function listShared(services: Services, server: string, signal?: AbortSignal): Promise<SharedIndex[]> {
  return (await services.jobs.ask('shared-indices', { server, remove: null }, signal)).indices
}

export async function removeShared(services: Services, server: string, fingerprint: string): Promise<SharedIndex[]> {
  return (await services.jobs.ask('shared-indices', { server, remove: fingerprint })).indices
}

/** @throws LabError `not-found` */
export function publishIndex({ store, home, jobs }: Services, asked: PublishRequest): Job {
  const index = store.indices.get(asked.indexId)
  const dataset = store.datasets.get(index.datasetId)
  return jobs.add(
    'publish-index',
    {
      ...{ indexId: index.id, folder: home.index(index.fingerprint), dataset: home.dataset(dataset.id) },
      ...{ name: dataset.name, server: asked.server, hnsw: asked.hnsw }
    },
    {
      title: {
        says: 'publish',
        of: { representation: index.representation, over: index.over, data: dataset.name }
      }
    }
  )
}

interface PublishRequest {
  indexId: string
  server: string
  /** A graph on the server as well. */
  hnsw: boolean
}

/**
 * Queues the fetching of a shared index and the making of it here: nothing is embedded. The data and the encoder that it was made of
 * must be here. Gives the first of the two jobs.
 * @throws LabError `shared-index-other-data`, `shared-index-other-encoder`
 */
export async function fetchShared(services: Services, server: string, fingerprint: string): Promise<Job> {
  const { jobs, home } = services
  const { asked } = await askedFor(services, server, fingerprint)
  const title = { says: 'fetch-vectors', of: {} } as const
  const folder = join(home.index(fingerprint), sharesName, 'fetched')
  const fetching = jobs.add('fetch-index', { server, fingerprint }, { title, folder })
  buildIndex(services, asked, { dependsOn: [fetching.id] })
  return fetching
}

export async function searchShared(services: Services, asked: SearchRequest, signal?: AbortSignal) {
  const { store, home, jobs } = services
  const { server, fingerprint, text, count, filter, throughHnsw } = asked
  const shared = await sharedAt(services, server, fingerprint)
  const model = encoderOf(services, shared)
  if (shared.over === 'both') throw textAlone()
  const encoder = encoderRef(shared, model, home)
  const { provider } = store.settings.get()
  return jobs.ask('search-shared', { server, fingerprint, encoder, text, count, filter, throughHnsw, provider }, signal)
}

interface SearchRequest {
  server: string
  fingerprint: string
  text: string
  count: number
  filter: SharedFilter
  throughHnsw: boolean
}

async function sharedAt(services: Services, server: string, fingerprint: string): Promise<SharedIndex> {
  const found = (await listShared(services, server)).find((one) => one.fingerprint === fingerprint)
  if (found !== undefined) return found
  throw new LabError('not-found', `No index ${fingerprint} is shared there.`, { details: { id: fingerprint } })
}

function encoderOf({ store }: Services, { encoderFingerprint, encoder }: SharedIndex) {
  const model = store.models.list().find((one) => one.fingerprint === encoderFingerprint)
  if (model !== undefined) return model
  throw new LabError(
    'shared-index-other-encoder',
    `The encoder "${encoder}" with which the index was made is not installed here (its files have the fingerprint ${encoderFingerprint.slice(0, 12)}…). Install the same model first.`,
    { details: { encoder, fingerprint: encoderFingerprint } }
  )
}

/** The request that builds the very index that is shared. */
async function askedFor(services: Services, server: string, fingerprint: string) {
  const shared = await sharedAt(services, server, fingerprint)
  const dataset = services.store.datasets.list().find(({ contentHash }) => contentHash === shared.contentHash)
  if (dataset === undefined)
    throw new LabError(
      'shared-index-other-data',
      `The data that the index was made of ("${shared.data}") is not here, or not in the same form. Import the same files with the same settings first.`,
      { details: { data: shared.data, contentHash: shared.contentHash } }
    )
  const model = encoderOf(services, shared)
  const { representation } = shared
  const { provider } = services.store.settings.get()
  const { over, vectorPrecision, modelPrecision, maxTokens, search } = shared
  const usual = usualRequest({ datasetId: dataset.id, modelId: model.id, representation, provider })
  const asked = { ...usual, over, vectorPrecision, modelPrecision, maxTokens, search }
  const own = resolveBuild(services, asked).fingerprint
  if (own !== fingerprint)
    throw new LabError(
      'shared-index-other-data',
      'With the data and the encoder that are here another index would come out than the one that is shared: another prefix, or another version of the lab.',
      { details: { own, shared: fingerprint } }
    )
  return { asked }
}
