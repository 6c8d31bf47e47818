import { join } from 'node:path'
import type { Dataset } from '../../contract/data.ts'
import { canBeOverBoth } from '../../contract/embedded-over.ts'
import { LabError } from '../../contract/error.ts'
import { chunkRows, indexTokens, sharesName } from '../../contract/index-settings.ts'
import { indexRequestSchema, type IndexRequest } from '../../contract/kinds/indices.ts'
import type { JobTitle } from '../../contract/job-titles.ts'
import type { Job, JobInput, Outcome } from '../../contract/jobs.ts'
import type { Model } from '../../contract/models.ts'
import {
  modelRoles,
  plays,
  representationNames,
  representations,
  type Representation
} from '../../contract/strategies.ts'
import { indexFingerprint } from '../../fingerprints/index-fingerprint.ts'
import { newId } from '../../store/new-id.ts'
import type { Place } from '../../contract/places.ts'
import type { JobRecord } from '../../store/schema.ts'
import type { Store } from '../../store/store.ts'
import { upstreamData } from '../datasets/upstream.ts'
import type { Services } from '../services.ts'
import { derivedFrom, encoderRef, prefixOf } from './references.ts'

/** What an index is asked to be: of which data, by which encoder, how. */
export type BuildRequest = Omit<IndexRequest, 'place'>

/** The settings of a request that asks for nothing special. */
export function usualRequest(
  asked: Pick<BuildRequest, 'datasetId' | 'modelId' | 'representation' | 'provider'> &
    Partial<Pick<BuildRequest, 'over'>>
): BuildRequest {
  return indexRequestSchema.omit({ place: true }).parse(asked)
}

/** A request with everything looked up, and the fingerprint of the index that it would give. */
export interface ResolvedBuild {
  dataset: Dataset
  model: Model
  /** With the place where texts are really cut. */
  request: BuildRequest
  fingerprint: string
}

/** Throws `not-found`, `not-upstream-data`, `wrong-encoder`, `no-answers-read`. */
export function resolveBuild({ store }: { store: Store }, asked: BuildRequest): ResolvedBuild {
  const dataset = upstreamData(store, asked.datasetId)
  const model = encoderFor(store, asked.modelId, asked.representation)
  checkOver(asked, model)
  const request = { ...asked, maxTokens: indexTokens(asked.maxTokens, model.maxInputTokens) }
  const { representation, over, maxTokens, vectorPrecision, modelPrecision } = request
  const fingerprint = indexFingerprint({
    datasetHash: dataset.contentHash,
    encoderFingerprint: model.fingerprint,
    prefix: prefixOf(representation, model),
    representation,
    over,
    maxTokens,
    vectorPrecision,
    modelPrecision
  })
  return { dataset, model, request, fingerprint }
}

/**
 * Queues the building, whoever asks; the one that is under way for the same index, if there is one, goes on. An index that is
 * there is checked. `job` makes the index; `first` is what comes before it, and says in its outcome what comes next.
 */
export function buildIndex(
  { home, store, jobs }: Pick<Services, 'home' | 'store' | 'jobs'>,
  asked: BuildRequest,
  queued: { experimentId?: string; priority?: number; place?: string | null; dependsOn?: readonly string[] } = {}
): { indexId: string; job: Job; first: Job } {
  if (queued.place != null) store.places.get(queued.place)
  const { dataset, model, request, fingerprint } = resolveBuild({ store }, asked)
  const { modelId: _, representation, over, ...settings } = request
  const folder = home.index(fingerprint)
  const known = underWay(store, folder)
  if (known !== undefined) {
    const { indexId } = known.input as JobInput<'build-index'>
    const job = known.status === 'running' ? jobs.get(known.id) : jobs.resume(known.id)
    return { indexId, job, first: job }
  }
  const indexId = store.indices.matching({ fingerprint })[0]?.id ?? newId('index')
  const input = {
    ...settings,
    indexId,
    dataset: home.dataset(dataset.id),
    encoder: encoderRef({ representation, over }, model, home),
    derivedFrom: derivedFrom(model, store, home)
  }
  const called = { representation, over, data: dataset.name, model: model.name }
  const title: JobTitle = { says: 'build-index', of: { ...called, part: null } }
  const place = queued.place == null ? null : store.places.get(queued.place)
  if (place === null) {
    const job = jobs.add('build-index', input, { ...queued, title, folder })
    return { indexId, job, first: job }
  }
  // At a place every share is a job of its own, which may run on a node of its own.
  const { shards, ...shared } = input
  const of = input.derivedFrom === null ? sharesAt(place, dataset.examples, shards) : 1
  const numbers = of < 2 ? [] : Array.from({ length: of }, (_, number) => number)
  const shares = numbers.map((number) =>
    jobs.add(
      'embed-shard',
      { ...shared, number, of },
      {
        ...queued,
        title: { says: 'build-index', of: { ...called, part: { number: number + 1, of } } },
        folder: join(folder, sharesName, String(number))
      }
    )
  )
  const dependsOn = shares.map(({ id }) => id)
  const job = jobs.add('build-index', { ...input, shards: 1 }, { ...queued, title, folder, dependsOn })
  return { indexId, job, first: shares[0] ?? job }
}

/** Of a scheduler nobody knows how many jobs it will run side by side. */
const sharesOfScheduler = 6
/** A share of fewer rows is not worth a process that loads the model. */
const fewestRows = 8192

/** Into how many shares an index is cut at a place: as many as were asked for, else as many as may run there at once. */
function sharesAt({ settings }: Place, rows: number, asked: number): number {
  if (asked > 1) return Math.min(asked, Math.ceil(rows / chunkRows))
  return Math.min(settings.atOnce || sharesOfScheduler, Math.floor(rows / fewestRows))
}

/** Says which job makes the index of what a share has embedded. */
export function afterShare({ store }: Services, { id }: { id: string }): Outcome | undefined {
  const next = store.jobs
    .withStatus('queued', 'running', 'paused', 'interrupted')
    .find((job) => job.dependsOn.includes(id))
  return next === undefined ? undefined : { what: 'job', id: next.id, already: false }
}

function underWay(store: Store, folder: string): JobRecord | undefined {
  return store.jobs
    .withStatus('queued', 'running', 'paused', 'interrupted')
    .find((job) => job.kind === 'build-index' && job.folder === folder)
}

/**
 * Whether it is said what vectors over inputs and answers are: for every sentence encoder, and for a BART.
 * @throws LabError `no-answers-read`
 */
export function checkOver(
  { representation, over }: Pick<BuildRequest, 'representation' | 'over'>,
  model: Pick<Model, 'id' | 'name' | 'architecture'>
): void {
  if (over === 'input' || canBeOverBoth(representation, model.architecture)) return
  const reason =
    representations[representation].answers === null
      ? `"${model.name}" has learnt on vectors of inputs alone.`
      : `Such ${representation} vectors are those of a BART's encoder and decoder, and "${model.name}" is a ${model.architecture} model.`
  const others = representationNames.filter((name) => representations[name].answers === 'joined').join(' or ')
  throw new LabError(
    'no-answers-read',
    `${reason} Embed the inputs alone (retrieval.over "input"), or use a ${others} index, whose encoder reads both as one text.`,
    { details: { modelId: model.id, representation } }
  )
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
