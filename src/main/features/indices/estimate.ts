import { vectorSize } from '../../contract/embedded-over.ts'
import { estimateIndex } from '../../costs/index-cost.ts'
import { orRough, roughSpeed } from '../../costs/rough-speed.ts'
import { computingCores } from '../../jobs/cores.ts'
import { sampleTexts } from '../experiments/target-shape.ts'
import type { Services } from '../services.ts'
import { resolveBuild, type BuildRequest } from './build.ts'
import { encoderRef } from './references.ts'

/** What building an index will cost: seconds, bytes of memory and disk. A worker measures; where one computes, it is reckoned roughly. */
export async function estimateBuild(services: Services, asked: BuildRequest, signal?: AbortSignal) {
  const { home, store, jobs } = services
  const { dataset, model, request, fingerprint } = resolveBuild(services, asked)
  const exists = store.indices.matching({ fingerprint })[0] ?? null
  const texts = sampleTexts(home.dataset(dataset.id), 64)
  const question = jobs.ask(
    'measure-embedding',
    {
      encoder: encoderRef(request, model, home),
      maxTokens: request.maxTokens,
      modelPrecision: request.modelPrecision,
      texts: texts.map((text) => text.input),
      answers: request.over === 'both' ? texts.map((text) => text.output) : null,
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
    dimension: vectorSize(request, { own: model.hiddenSize, hidden: model.hiddenSize }),
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
