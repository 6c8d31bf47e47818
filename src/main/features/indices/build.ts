import type { Dataset } from '../../contract/data.ts'
import { LabError } from '../../contract/error.ts'
import { indexTokens } from '../../contract/index-settings.ts'
import { jobSchemas, type Job, type JobInput } from '../../contract/jobs.ts'
import type { Model } from '../../contract/models.ts'
import { modelRoles, plays, representations, type Representation } from '../../contract/strategies.ts'
import { indexFingerprint } from '../../fingerprints/index-fingerprint.ts'
import { newId } from '../../store/new-id.ts'
import type { JobRecord } from '../../store/schema.ts'
import type { Store } from '../../store/store.ts'
import { upstreamData } from '../datasets/upstream.ts'
import type { Services } from '../services.ts'
import { derivedFrom, encoderRef, prefixOf } from './references.ts'

/** What an index is asked to be: of which data, by which encoder, how. */
export type BuildRequest = Omit<JobInput<'build-index'>, 'indexId' | 'dataset' | 'encoder' | 'part' | 'derivedFrom'> & {
  datasetId: string
  modelId: string
  representation: Representation
}

/** The settings of a request that asks for nothing special. */
export function usualRequest(
  asked: Pick<BuildRequest, 'datasetId' | 'modelId' | 'representation' | 'provider'>
): BuildRequest {
  const { shape } = jobSchemas['build-index'].input
  const settings = jobSchemas['build-index'].input
    .pick({ maxTokens: true, vectorPrecision: true, modelPrecision: true, search: true, hnsw: true, shards: true })
    .parse({})
  return { ...settings, ...asked, provider: shape.provider.parse(asked.provider) }
}

/** A request with everything looked up, and the fingerprint of the index that it would give. */
export interface ResolvedBuild {
  dataset: Dataset
  model: Model
  /** With the place where texts are really cut. */
  request: BuildRequest
  fingerprint: string
}

/** Throws `not-found`, `not-upstream-data`, `wrong-encoder`. */
export function resolveBuild({ store }: { store: Store }, asked: BuildRequest): ResolvedBuild {
  const dataset = upstreamData(store, asked.datasetId)
  const model = encoderFor(store, asked.modelId, asked.representation)
  const request = { ...asked, maxTokens: indexTokens(asked.maxTokens, model.maxInputTokens) }
  const { representation, maxTokens, vectorPrecision, modelPrecision } = request
  const fingerprint = indexFingerprint({
    datasetHash: dataset.contentHash,
    encoderFingerprint: model.fingerprint,
    prefix: prefixOf(representation, model),
    representation,
    maxTokens,
    vectorPrecision,
    modelPrecision
  })
  return { dataset, model, request, fingerprint }
}

/**
 * Queues the building, whoever asks; the one that is under way for the same index, if there is one, goes on. An index that is
 * there is checked.
 */
export function buildIndex(
  { home, store, jobs }: Pick<Services, 'home' | 'store' | 'jobs'>,
  asked: BuildRequest,
  queued: { experimentId?: string; priority?: number; place?: string | null } = {}
): { indexId: string; job: Job } {
  if (queued.place != null) store.places.get(queued.place)
  const { dataset, model, request, fingerprint } = resolveBuild({ store }, asked)
  const { modelId: _, representation, ...settings } = request
  const folder = home.index(fingerprint)
  const known = underWay(store, folder)
  if (known !== undefined) {
    const { indexId } = known.input as JobInput<'build-index'>
    return { indexId, job: known.status === 'running' ? jobs.get(known.id) : jobs.resume(known.id) }
  }
  const indexId = store.indices.matching({ fingerprint })[0]?.id ?? newId('index')
  const job = jobs.add(
    'build-index',
    {
      ...settings,
      indexId,
      dataset: home.dataset(dataset.id),
      encoder: encoderRef(representation, model, home),
      derivedFrom: derivedFrom(model, store, home)
    },
    { ...queued, title: `Build the ${representation} index of ${dataset.name} with ${model.name}`, folder }
  )
  return { indexId, job }
}

function underWay(store: Store, folder: string): JobRecord | undefined {
  return store.jobs
    .withStatus('queued', 'running', 'paused', 'interrupted')
    .find((job) => job.kind === 'build-index' && job.folder === folder)
}

function encoderFor(store: Store, modelId: string, representation: Representation): Model {
  const model = store.models.get(modelId)
  const { role } = representations[representation]
  const { name } = modelRoles[role]
  if (plays(role, model)) return model
  throw new LabError(
    'wrong-encoder',
    `"${model.name}" is no ${name}, which a ${representation} index needs. Choose one, or an index of another kind.`,
    { details: { modelId, role: model.role } }
  )
}
