import { LabError } from '../contract/error.ts'
import { evaluationSettingsSchema, tuneSettingsSchema } from '../contract/experiments.ts'
import type { Job, JobInput, JobOutput, JobStatus, Outcome } from '../contract/jobs.ts'
import type { Model } from '../contract/models.ts'
import type { Place } from '../contract/places.ts'
import type { Mining, MiningRequest, RetrieverRequest, TrainRequest } from '../contract/reranking.ts'
import { representationNames } from '../contract/strategies.ts'
import { computingCores } from '../jobs/cores.ts'
import { orRough, roughSpeed } from '../costs/rough-speed.ts'
import { computingOf, type Computing } from '../features/experiments/computing.ts'
import { sampleTexts } from '../features/experiments/target-shape.ts'
import { newId } from '../store/new-id.ts'
import { os } from './base.ts'
import { upstreamData } from '../features/datasets/upstream.ts'
import { candidateIndices } from '../features/indices/searched.ts'
import { headCost, miningCost, trainingCost } from '../features/reranking/cost.ts'
import type { Services } from '../features/services.ts'

export function rerankingRoutes(services: Services) {
  const { home, store, jobs, changes } = services
  jobs.onFinished('mine-pairs', ({ id, input, output }): Outcome | void => {
    const { miningId, name, datasetId, model, reranker, iteration, source, settings } = input
    if (output.report === null) {
      const report = reportOf(services, id)
      return report === undefined ? undefined : { what: 'job', id: report, already: false }
    }
    const outcome: Outcome = { what: 'mining', id: miningId, already: false }
    // The data may have been deleted meanwhile.
    if (store.minings.find(miningId) || !store.datasets.find(datasetId)) return outcome
    store.minings.insert({
      ...{ id: miningId, name, datasetId, modelId: model.id, rerankerId: reranker?.id ?? null, iteration, source },
      ...{ settings, report: output.report, bytes: output.bytes, seconds: output.seconds },
      createdAt: new Date().toISOString()
    })
    changes.changed('minings', miningId)
    return outcome
  })
  jobs.onStopped('mine-pairs', async ({ status, folder, input }) => {
    // After an error the finished sets stay for the next attempt; what the user has thrown away does not.
    if (status === 'cancelled' && !store.minings.find(input.miningId)) await home.remove(folder)
  })
  const keep = ({ input, output }: { input: Trained; output: JobOutput<'train-reranker'> }): Outcome => {
    const outcome: Outcome = { what: 'model', id: input.modelId, already: false }
    if (store.models.find(input.modelId)) return outcome
    store.models.insert({
      id: input.modelId,
      name: input.name,
      ...output,
      prefix: '',
      source: `trained here from ${input.base.name}`,
      licence: store.models.find(input.base.id)?.licence ?? 'unknown',
      createdAt: new Date().toISOString()
    })
    changes.changed('models', input.modelId)
    return outcome
  }
  const drop = async ({ status, folder, input }: { status: JobStatus; folder: string; input: Trained }) => {
    if (status === 'cancelled' && !store.models.find(input.modelId)) await home.remove(folder)
  }
  jobs.onFinished('train-reranker', keep)
  jobs.onStopped('train-reranker', drop)
  jobs.onFinished('train-retriever', keep)
  jobs.onStopped('train-retriever', drop)
  return {
    minings: os.reranking.minings.handler(() => store.minings.list()),
    mining: os.reranking.mining.handler(({ input }) => store.minings.get(input.id)),
    estimateMining: os.reranking.estimateMining.handler(({ input, signal }) => estimateMining(services, input, signal)),
    mine: os.reranking.mine.handler(({ input }) => mine(services, input)),
    estimateTraining: os.reranking.estimateTraining.handler(({ input, signal }) =>
      estimateTraining(services, input, signal)
    ),
    train: os.reranking.train.handler(({ input }) => train(services, input)),
    estimateRetriever: os.reranking.estimateRetriever.handler(({ input }) => {
      const index = store.indices.get(input.indexId)
      const minings = input.miningIds.map((id) => store.minings.get(id))
      const reranker = input.rerankerId === null ? null : asReranker(store.models.get(input.rerankerId))
      return headCost(input.settings, minings, index, {
        model: store.models.get(index.modelId),
        // A pair is some 200 tokens, each as many operations as twice the weights.
        scoring: reranker === null ? null : (400 * reranker.parameters) / 5e10
      })
    }),
    trainRetriever: os.reranking.trainRetriever.handler(({ input }) => trainRetriever(services, input))
  }
}

/** What the trainings have in common. */
type Trained = Pick<JobInput<'train-reranker'>, 'modelId' | 'name'> & { base: { id: string; name: string } }

/** The job that makes the report when a part is done. */
function reportOf({ store }: Services, part: string): string | undefined {
  return store.jobs.withStatus('queued', 'running', 'paused', 'interrupted').find((job) => job.dependsOn.includes(part))
    ?.id
}

/**
 * Queues the mining: for small models a part for every core, and the job that makes the report when they are done. Gives the
 * first of them; each says in its outcome what comes next.
 * @throws LabError `already-mined`, `no-index`, `wrong-role`, `not-upstream-data`
 */
function mine(services: Services, request: MiningRequest): Job {
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
              title: `Mine pairs: ${name}, part ${number + 1} of ${parts}`,
              folder,
              cores: computing.cores,
              place: request.place
            }
          )
        )
  const report = jobs.add('mine-pairs', input, {
    title: `Mine pairs: ${name}`,
    folder,
    dependsOn: before.map(({ id }) => id),
    cores: computing.cores,
    place: request.place
  })
  return before[0] ?? report
}

/** Of a scheduler nobody knows how many jobs it will run side by side; a mining is cut into so many parts. */
const partsOfScheduler = 6

/** Cores of each job of a place; null: this computer decides. */
function coresAt(place: Place | null): number | null {
  return place === null ? null : place.settings.threads || (place.check?.hello?.cores ?? 1)
}

/** A place takes as many parts as it may run at once; each of them has the cores of its jobs. */
function computingAt(place: Place | null, here: Computing): Computing {
  if (place === null) return here
  return { ...here, cores: coresAt(place), atOnce: place.settings.atOnce || partsOfScheduler }
}

function sameMining({ store }: Services, request: MiningRequest): Mining | undefined {
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

/** @throws LabError `gate-closed`, `different-data`, `wrong-role`, `index-of-other-data` */
function trainRetriever(services: Services, request: RetrieverRequest): Job {
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

/** @throws LabError `gate-closed`, `different-data`, `wrong-role` */
function train(services: Services, request: TrainRequest): Job {
  const { store, jobs, home } = services
  const { minings, data, about, overridden } = trainedOn(services, request)
  const place = request.place === null ? null : store.places.get(request.place)
  const base = store.models.get(request.baseId)
  if (base.role === 'seq2seq') throw wrongRole(base, 'an encoder or a pair classifier')
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

async function estimateMining(services: Services, request: MiningRequest, signal?: AbortSignal) {
  const { store, jobs, home } = services
  const model = withRole(store.models.get(request.modelId), 'seq2seq')
  const computing = computingOf(request, model, { cores: computingCores(store) })
  const { settings } = request
  const texts = sampleTexts(home.dataset(request.datasetId), 64)
  const question = jobs.ask(
    'measure-speed',
    {
      base: { modelId: model.id, folder: home.model(model.id), prefix: model.prefix },
      encoder: null,
      tune: tuneSettingsSchema.parse({
        ...{ batchSize: settings.batchSize, dropout: 0, learningRate: 1e-5 },
        ...{ maxInputTokens: settings.maxInputTokens, maxOutputTokens: settings.maxOutputTokens }
      }),
      evaluation: evaluationSettingsSchema.parse({
        maxInputTokens: settings.maxInputTokens,
        maxOutputTokens: 1,
        beams: 1
      }),
      texts,
      provider: computing.provider,
      cores: computing.cores
    },
    signal
  )
  const size = { parameters: model.parameters, encoderParameters: 0, cores: computing.cores ?? computingCores(store) }
  const speed = await orRough(question, () => roughSpeed({ ...size, texts }))
  return {
    ...miningCost(settings, speed, { parameters: model.parameters, atOnce: computing.atOnce }),
    exists: sameMining(services, request) ?? null
  }
}

async function estimateTraining(services: Services, request: TrainRequest, signal?: AbortSignal) {
  const { store, jobs, home } = services
  const base = store.models.get(request.baseId)
  if (base.role === 'seq2seq') throw wrongRole(base, 'an encoder or a pair classifier')
  const minings = request.miningIds.map((id) => store.minings.get(id))
  const texts = sampleTexts(home.dataset(minings[0]!.datasetId), 64).map(({ input }) => input)
  const question = jobs.ask(
    'measure-embedding',
    {
      encoder: { modelId: base.id, folder: home.model(base.id), representation: representationNames[0], prefix: '' },
      maxTokens: request.settings.maxTokens,
      texts,
      provider: request.provider
    },
    signal
  )
  const measured = await orRough(question, () => {
    const size = { parameters: base.parameters, encoderParameters: base.parameters, cores: computingCores(store) }
    const rough = roughSpeed({ ...size, texts: texts.map((input) => ({ input, output: '' })) })
    return { secondsPerExample: rough.embedSecondsPerExample, startSeconds: rough.startSeconds }
  })
  return trainingCost(request.settings, minings, measured, base)
}

function withRole(model: Model, role: Model['role']): Model {
  if (model.role !== role) throw wrongRole(model, 'a base model that writes answers')
  return model
}

function asReranker(model: Model): Model {
  if (model.role !== 'pair-classifier') throw wrongRole(model, 'a pair classifier')
  return model
}

function wrongRole(model: Model, wanted: string): LabError {
  return new LabError('wrong-role', `"${model.name}" is a ${model.role}, and what is needed here is ${wanted}.`, {
    details: { modelId: model.id, role: model.role }
  })
}
