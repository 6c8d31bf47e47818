import { evaluationSettingsSchema, tuneSettingsSchema } from '../../contract/run-settings.ts'
import type { TrainRequest } from '../../contract/reranking.ts'
import type { MiningRequest } from '../../contract/minings.ts'
import type { RetrieverRequest } from '../../contract/retrievers.ts'
import { representationNames } from '../../contract/strategies.ts'
import { orRough, roughSpeed } from '../../costs/rough-speed.ts'
import { computingCores } from '../../jobs/cores.ts'
import { computingOf } from '../experiments/computing.ts'
import { sampleTexts } from '../experiments/target-shape.ts'
import type { Services } from '../services.ts'
import { headCost, miningCost, trainingCost } from './cost.ts'
import { sameMining } from './mine.ts'
import { asReranker, asRerankerBase, withRole } from './roles.ts'

/** What a mining takes on this computer, timed on texts of the data. */
export async function estimateMining(services: Services, request: MiningRequest, signal?: AbortSignal) {
  // Labels that are there take a moment, whatever they are of.
  if (request.tuples !== null) return { seconds: 0, trials: 0, bytesMemory: 0, bytesDisk: 0, exists: null }
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

/** What training a reranker takes on this computer, timed on texts of the data. */
export async function estimateTraining(services: Services, request: TrainRequest, signal?: AbortSignal) {
  const { store, jobs, home } = services
  const base = asRerankerBase(store.models.get(request.baseId), request.settings)
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

/** What training a retriever takes: reckoned, not timed. */
export function estimateRetriever({ store }: Services, request: RetrieverRequest) {
  const index = store.indices.get(request.indexId)
  const minings = request.miningIds.map((id) => store.minings.get(id))
  const reranker = request.rerankerId === null ? null : asReranker(store.models.get(request.rerankerId))
  return headCost(request.settings, minings, index, {
    model: store.models.get(index.modelId),
    // A pair is some 200 tokens, each as many operations as twice the weights.
    scoring: reranker === null ? null : (400 * reranker.parameters) / 5e10
  })
}
