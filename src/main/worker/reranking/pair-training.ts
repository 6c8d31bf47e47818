import { epochsFor, learningRateFor, type RerankerSettings } from '../../contract/reranking.ts'
import type { Engine, TrainSettings } from '../../engine/engine.ts'
import { loadEngine } from '../../engine/load.ts'
import type { JobContext } from '../job.ts'

/** How pair classifiers are trained, whatever the pairs are. */

type Context = JobContext<'train-reranker'>

export async function withEngine<T>(
  { input, threads }: Context,
  folder: string,
  work: (engine: Engine) => Promise<T>
): Promise<T> {
  const engine = await loadEngine({ folder, provider: input.provider, ...(threads === undefined ? {} : { threads }) })
  try {
    return await work(engine)
  } finally {
    await engine.close()
  }
}

/** @param epochs how often the pairs are gone over; left out: as the settings say for so many pairs */
export function pairTraining(
  settings: RerankerSettings,
  engine: Engine,
  { pairs, epochs = epochsFor(settings, pairs) }: { pairs: number; epochs?: number }
): TrainSettings {
  const { batchSize, weightDecay, seed } = settings
  const learningRate = learningRateFor(settings, engine.info.parameters)
  // Of a short training a tenth: the rate must be reached.
  const warmupSteps = Math.min(settings.warmupSteps, Math.ceil((epochs * Math.ceil(pairs / batchSize)) / 10))
  return {
    ...{ method: 'full', optimizer: 'adamw', learningRate, weightDecay, epsilon: 1e-8, epochs, batchSize },
    ...{ accumulation: 1, warmupSteps, clipNorm: 1, labelSmoothing: 0, dropout: null, maxOutputTokens: 1, seed },
    maxInputTokens: tokensOf(settings, engine),
    shuffle: 'by-length'
  }
}

export function tokensOf({ maxTokens }: Pick<RerankerSettings, 'maxTokens'>, { info }: Engine): number {
  return Math.min(maxTokens, info.maxInputTokens ?? maxTokens)
}
