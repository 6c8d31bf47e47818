import { join } from 'node:path'
import type { Dataset } from '../contract/data.ts'
import { LabError } from '../contract/error.ts'
import {
  indicesOf,
  modelRoles,
  nearnessStrategies,
  plays,
  representations,
  rolesOf,
  type ChosenStages,
  type Representation,
  type StrategyName
} from '../contract/strategies.ts'
import { estimateIndex } from '../contract/index-estimate.ts'
import { retrievalSettingsSchema } from '../contract/experiments.ts'
import { indexFingerprint } from '../contract/index-fingerprint.ts'
import { indexTokens } from '../contract/index-tokens.ts'
import type { JobInput, JobOutput, Outcome } from '../contract/jobs.ts'
import type { QuestionInput } from '../contract/questions.ts'
import type { Index, Model } from '../contract/models.ts'
import { computingCores } from '../jobs/cores.ts'
import { derivedFrom, encoderRef, prefixOf } from '../jobs/experiments/needed-indices.ts'
import { orRough, roughSpeed } from '../jobs/rough-speed.ts'
import { sampleTexts } from '../jobs/experiments/target-shape.ts'
import type { EndedJob } from '../jobs/handlers.ts'
import { newId } from '../store/new-id.ts'
import { os } from './base.ts'
import type { Services } from './services.ts'

export function indexRoutes(services: Services) {
  const { home, store, jobs } = services
  jobs.onFinished('build-index', (job) => keepIndex(services, job))
  jobs.onStopped('build-index', async ({ status, folder }) => {
    // After an error the finished part stays for the next attempt; what the user has thrown away does not.
    const known = store.indices.list().some((index) => home.index(index.fingerprint) === folder)
    if (status === 'cancelled' && !known) await home.remove(folder)
  })
  return {
    list: os.indices.list.handler(() => store.indices.list()),
    get: os.indices.get.handler(({ input }) => store.indices.get(input.id)),
    estimate: os.indices.estimate.handler(({ input, signal }) => estimate(services, input, signal)),
    build: os.indices.build.handler(({ input: { place, ...asked } }) => build(services, asked, place)),
    neighbours: os.indices.neighbours.handler(({ input, signal }) => {
      const { datasetId, strategy, indexId, ...rest } = input
      const indices = searched(services, store.datasets.get(datasetId), strategy, indexId)
      const { provider } = store.settings.get()
      return jobs.ask(
        'neighbours',
        { ...rest, dataset: fileOf(services, datasetId), strategy, indices, provider },
        signal
      )
    }),
    retrieve: os.indices.retrieve.handler(({ input, signal }) => {
      const { datasetId, strategy, indexId, rerankerId, querySetId, settings, seed } = input
      const { targetId, queries } = store.querySets.get(querySetId)
      const question: QuestionInput<'retrieve'> = {
        dataset: fileOf(services, datasetId),
        strategy,
        indices: searched(services, store.datasets.get(datasetId), strategy, indexId, settings),
        reranker: rerankerFor(services, strategy, rerankerId, settings),
        queries: queries.map((query) => query.input),
        settings,
        excludedIds: store.leaks.of(targetId, datasetId).map((leak) => leak.exampleId),
        seed,
        provider: store.settings.get().provider
      }
      return jobs.ask('retrieve', question, signal)
    }),
    quality: os.indices.quality.handler(({ input, signal }) => {
      const { datasetId, indexId, rerankerId, ...rest } = input
      const settings = retrievalSettingsSchema.parse({})
      const question: QuestionInput<'retrieval-quality'> = {
        ...rest,
        dataset: upstreamFile(services, datasetId),
        indices: searched(services, store.datasets.get(datasetId), rest.strategy, indexId, settings),
        reranker: rerankerFor(services, rest.strategy, rerankerId, settings),
        provider: store.settings.get().provider
      }
      return jobs.ask('retrieval-quality', question, signal)
    }),
    map: os.indices.map.handler(({ input, signal }) => {
      const index = store.indices.get(input.indexId)
      const queries = input.querySetId === null ? [] : store.querySets.get(input.querySetId).queries
      const question: QuestionInput<'embedding-map'> = {
        dataset: fileOf(services, index.datasetId),
        index: referenceOf(services, index),
        queries: queries.map((query) => query.input),
        sample: input.sample,
        seed: 42,
        provider: store.settings.get().provider
      }
      return jobs.ask('embedding-map', question, signal)
    })
  }
}

type BuildRequest = Omit<JobInput<'build-index'>, 'indexId' | 'dataset' | 'encoder' | 'part' | 'derivedFrom'> & {
  datasetId: string
  modelId: string
  representation: Representation
}

/** Queues the building; the one that is under way for the same index, if there is one. An index that is there is checked. */
function build(services: Services, asked: BuildRequest, place: string | null) {
  const { home, store, jobs } = services
  if (place !== null) store.places.get(place)
  const dataset = upstream(services, asked.datasetId)
  const model = encoderFor(services, asked.modelId, asked.representation)
  const request = withinEncoder(asked, model)
  const { datasetId, representation, modelId: _, ...settings } = request
  const folder = home.index(fingerprintOf(dataset, model, request))
  const underWay = store.jobs
    .withStatus('queued', 'running', 'paused', 'interrupted')
    .find((job) => job.kind === 'build-index' && job.folder === folder)
  if (underWay) return underWay.status === 'running' ? jobs.get(underWay.id) : jobs.resume(underWay.id)
  const known = store.indices.matching({ fingerprint: fingerprintOf(dataset, model, request) })[0]
  return jobs.add(
    'build-index',
    {
      ...settings,
      indexId: known?.id ?? newId('index'),
      dataset: fileOf(services, datasetId),
      encoder: encoderRef(representation, model, home),
      derivedFrom: derivedFrom(model, store, home)
    },
    { title: `Build the ${representation} index of ${dataset.name} with ${model.name}`, folder, place }
  )
}

async function estimate(services: Services, asked: BuildRequest, signal?: AbortSignal) {
  const { home, store, jobs } = services
  const dataset = upstream(services, asked.datasetId)
  const model = encoderFor(services, asked.modelId, asked.representation)
  const request = withinEncoder(asked, model)
  const exists = store.indices.matching({ fingerprint: fingerprintOf(dataset, model, request) })[0] ?? null
  const texts = sampleTexts(home.dataset(dataset.id), 64)
  const question = jobs.ask(
    'measure-embedding',
    {
      encoder: encoderRef(request.representation, model, home),
      maxTokens: request.maxTokens,
      modelPrecision: request.modelPrecision,
      texts: texts.map((text) => text.input),
      provider: request.provider
    },
    signal
  )
  const { secondsPerExample, startSeconds } = await orRough(question, () => {
    const facts = { parameters: model.parameters, encoderParameters: model.parameters, cores: computingCores(store) }
    const rough = roughSpeed({ ...facts, texts: texts.map(({ input }) => ({ input, output: '' })) })
    return { secondsPerExample: rough.embedSecondsPerExample, startSeconds: rough.startSeconds }
  })
  const cost = estimateIndex({
    ...request,
    vectors: dataset.examples,
    dimension: model.hiddenSize,
    threads: computingCores(store),
    embedSecondsPerExample: secondsPerExample
  })
  // The encoder's weights are in memory as well, once for each process.
  const weights = model.parameters * 4 * request.shards
  return {
    search: cost.search,
    seconds: startSeconds + cost.seconds,
    bytesMemory: cost.bytesMemory + weights,
    bytesDisk: cost.bytesDisk,
    exists
  }
}

/** Takes a finished index into the store; one that was only checked or repaired keeps its record. */
function keepIndex(services: Services, job: EndedJob<'build-index'> & { output: JobOutput<'build-index'> }): Outcome {
  const { store, changes } = services
  const { input, output } = job
  const dataset = store.datasets.list().find(({ id }) => fileOf(services, id) === input.dataset)
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

/** The indices that a strategy searches: the one asked for, else the newest that fits. */
function searched(
  services: Services,
  dataset: Dataset,
  strategy: StrategyName,
  indexId: string | null,
  chosen?: ChosenStages
): QuestionInput<'neighbours'>['indices'] {
  const { store } = services
  const asked = indexId === null ? null : store.indices.get(indexId)
  const wanted = indicesOf(strategy, chosen)
  return wanted.map((representation) => {
    const fits = asked !== null && (wanted.length === 1 || asked.representation === representation)
    const index = fits ? asked : store.indices.matching({ datasetId: dataset.id, representation })[0]
    if (index !== undefined) return referenceOf(services, index)
    const without = nearnessStrategies.filter((one) => indicesOf(one).length === 0)
    throw new LabError(
      'no-index',
      `"${dataset.name}" has no ${representation} index yet. Build one, or use a strategy that needs none: ${without.join(', ')}.`,
      { details: { datasetId: dataset.id, strategy } }
    )
  })
}

/** The pair classifier of a strategy that scores candidates anew; null for the others. */
function rerankerFor(
  { store, home }: Services,
  strategy: StrategyName,
  modelId: string | null,
  chosen: ChosenStages
): QuestionInput<'retrieve'>['reranker'] {
  if (!rolesOf(strategy, chosen).includes('reranker')) return null
  const { kind, name } = modelRoles.reranker
  const model = modelId === null ? null : store.models.get(modelId)
  if (model?.role === kind) return { modelId: model.id, folder: home.model(model.id) }
  throw new LabError(
    model === null ? 'no-model' : 'wrong-model',
    `The strategy "${strategy}" needs a ${name}${model === null ? '' : `, and "${model.name}" is none`}. Choose one.`,
    { details: { strategy, modelId } }
  )
}

/**
 * The indices that candidates are looked up in; none for sources that need none.
 * @throws LabError `no-index`
 */
export function indexReferences(
  services: Services,
  { datasetId, source, indexId }: { datasetId: string; source: StrategyName; indexId: string | null }
): QuestionInput<'neighbours'>['indices'] {
  return searched(services, upstream(services, datasetId), source, indexId)
}

/** The file of upstream data. Throws `not-upstream-data`. */
export function upstreamFile(services: Services, datasetId: string): string {
  return fileOf(services, upstream(services, datasetId).id)
}

function referenceOf(services: Services, index: Index): QuestionInput<'neighbours'>['indices'][number] {
  const model = services.store.models.get(index.modelId)
  return {
    indexId: index.id,
    folder: services.home.index(index.fingerprint),
    encoder: encoderRef(index.representation, model, services.home)
  }
}

/** The request with the place where texts are really cut. */
function withinEncoder(request: BuildRequest, model: Model): BuildRequest {
  return { ...request, maxTokens: indexTokens(request.maxTokens, model.maxInputTokens) }
}

function fingerprintOf(dataset: Dataset, model: Model, request: BuildRequest): string {
  const { representation, maxTokens, vectorPrecision, modelPrecision } = request
  return indexFingerprint({
    datasetHash: dataset.contentHash,
    encoderFingerprint: model.fingerprint,
    prefix: prefixOf(representation, model),
    representation,
    maxTokens,
    vectorPrecision,
    modelPrecision
  })
}

function fileOf({ home }: Services, datasetId: string): string {
  return join(home.dataset(datasetId), 'examples.db')
}

function upstream({ store }: Services, datasetId: string): Dataset {
  const dataset = store.datasets.get(datasetId)
  if (dataset.kind === 'upstream') return dataset
  throw new LabError(
    'not-upstream-data',
    `"${dataset.name}" is a target's test data. An index is made of upstream data: choose the data that the base model was trained on.`,
    { details: { datasetId } }
  )
}

function encoderFor({ store }: Services, modelId: string, representation: Representation): Model {
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
