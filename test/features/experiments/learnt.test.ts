import { expect, it } from 'vitest'
import { retrievalSettingsSchema } from '../../../src/main/contract/run-settings.ts'
import type { Dataset } from '../../../src/main/contract/data.ts'
import type { Model } from '../../../src/main/contract/models.ts'
import { rerankerSettingsSchema } from '../../../src/main/contract/reranking.ts'
import type { StrategyName } from '../../../src/main/contract/strategies.ts'
import { learntWarnings } from '../../../src/main/features/experiments/learnt.ts'

const quality = { auc: 0.8, accuracy: 0.7, ndcg: 0.7, recall: 0.5, otherQueriesAuc: 0.4, sets: 9 }
const about = (changes: object, card: object | null) =>
  ({
    ...{ name: 'Judge', role: 'pair-classifier', maxInputTokens: 512, retriever: null, foundRate: null },
    reranker: card && {
      ...{ data: { name: 'P3', contentHash: 'h' }, quality, overridden: false },
      settings: rerankerSettingsSchema.parse({}),
      ...card
    },
    ...changes
  }) as unknown as Model

function warned(reranker: Model, strategy: StrategyName = 'recross', maxTokens = 512): string {
  return learntWarnings({
    spec: { strategies: [strategy], retrieval: retrievalSettingsSchema.parse({ rerank: { maxTokens } }) },
    models: { base: {} as Model, reranker },
    dataset: { name: 'Reviews', contentHash: 'h' } as Dataset
  }).join(' ')
}

it('says what does not fit between a reranker and the experiment that uses it, and nothing where all fits', () => {
  expect(warned(about({}, {}))).toBe('')
  expect(warned(about({}, null), 'dense')).toBe('')
  expect(warned(about({}, null))).toMatch(/Nobody knows what Judge was trained on/)
  const other = { data: { name: 'Deutsch', contentHash: 'other' } }
  expect(warned(about({}, other))).toMatch(/trained on Deutsch, not on Reviews/)
  expect(warned(about({}, { overridden: true }))).toMatch(/although the gate was closed/)
  expect(warned(about({}, { quality: { ...quality, auc: 0.51 } }))).toMatch(/AUC of 0\.51: hardly better than chance/)
  expect(warned(about({}, { quality: { ...quality, otherQueriesAuc: 0.64 } }))).toBe('')
  expect(warned(about({}, { quality: { ...quality, otherQueriesAuc: 0.79 } }))).toMatch(
    /other tasks Judge has an AUC of 0\.79 where it had 0\.80/
  )
  expect(warned(about({}, { quality: { ...quality, otherQueriesAuc: null } }))).toBe('')
  const control = { settings: rerankerSettingsSchema.parse({ shuffledLabels: true }) }
  expect(warned(about({}, control))).toMatch(/a control with shuffled labels/)
})

it('compares what is read of a pair with what it learnt from, the limit of the model counted', () => {
  expect(warned(about({}, {}), 'recross', 128)).toMatch(/reads 128 tokens .* was trained on 512/)
  expect(warned(about({ maxInputTokens: 128 }, {}), 'recross', 256)).toBe('')
})
