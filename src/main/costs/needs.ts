import { vectorSize } from '../contract/embedded-over.ts'
import type { JobInput, JobKind } from '../contract/jobs.ts'
import { isTuned } from '../contract/strategies.ts'
import type { Model } from '../contract/models.ts'
import type { ProviderChoice } from '../contract/providers.ts'
import type { TuneSettings } from '../contract/run-settings.ts'
import type { Needs } from '../contract/worker-messages.ts'
import { estimateIndex } from './index-cost.ts'
import { answeringBytes, tuningBytes } from './memory.ts'
import { usesOf } from '../contract/work.ts'

/** What is known of the lab's things. */
export interface KnownThings {
  /** Undefined where it is not there any more. */
  model(id: string): Pick<Model, 'parameters' | 'hiddenSize'> | undefined
  /** Rows of a data set; 0 where it is not there any more. */
  examples(datasetId: string): number
}

/** What a scheduler is asked for, for a job of this kind with this input. */
export function needsOf(kind: JobKind, input: unknown, things: KnownThings): Needs {
  return { memoryBytes: memoryOf(kind, input, things), graphics: graphicsOf(input) }
}

const unknown = { parameters: 0, hiddenSize: 0 }

function memoryOf(kind: JobKind, input: unknown, things: KnownThings): number {
  const model = (id: string) => things.model(id) ?? unknown
  const used = usesOf(kind, input).models ?? []
  const answeringOf = (ids: readonly string[]): number =>
    Math.max(answeringBytes(unknown), ...ids.map((id) => answeringBytes(model(id))))
  const answering = answeringOf(used)
  switch (kind) {
    case 'run-strategy': {
      const { model: tuned, tune, strategy, evaluation } = input as JobInput<'run-strategy'>
      const own = model(tuned.id)
      const tuning = isTuned(strategy) ? tuningBytes(own, tune) : 0
      // The encoders of its indices have worked before its own model answers.
      const others = answeringOf(used.filter((id) => id !== tuned.id))
      return Math.max(tuning, answeringBytes(own, { ...evaluation, base: tune.base }), others)
    }
    case 'train-reranker':
    case 'train-retriever': {
      const { base } = input as JobInput<'train-reranker' | 'train-retriever'>
      return Math.max(answering, tuningBytes(model(base.id), pairs))
    }
    case 'build-index': {
      const { datasetId, encoder, vectorPrecision, search, hnsw } = input as JobInput<'build-index'>
      const hidden = things.model(encoder.modelId)?.hiddenSize ?? 0
      const dimension = vectorSize(encoder, { own: hidden, hidden })
      const rows = { vectors: things.examples(datasetId), dimension, vectorPrecision, search, hnsw }
      const cost = estimateIndex({ ...rows, threads: 1, embedSecondsPerExample: 0 })
      return answering + cost.bytesMemory
    }
    default:
      return answering
  }
}

/** Every weight, and two texts a row. */
const pairs = { method: 'full', batchSize: 32, maxInputTokens: 256, maxOutputTokens: 0 } as const

/** Where its input names what it computes on. */
function graphicsOf(input: unknown): Needs['graphics'] {
  const { provider = 'cpu', tune } = (input ?? {}) as { provider?: ProviderChoice; tune?: Partial<TuneSettings> }
  if (provider === 'cpu') return 'no'
  return provider === 'auto' && tune?.precision !== 'half' ? 'may' : 'must'
}
