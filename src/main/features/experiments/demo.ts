import { demoName, demoStrategies } from '../../contract/demo-name.ts'
import { experimentSpecSchema, type ExperimentModels, type ExperimentSpec } from '../../contract/experiments.ts'
import { isReranked } from '../../contract/strategies.ts'

export { demoName } from '../../contract/demo-name.ts'

/** A candidate is scored for the query that brought it: all with all would take longer than everything else together. */
const demoRerank = { pairing: 'own', maxTokens: 128 } as const

/**
 * What differs from the paper's settings for a model of the size of the demo's, which is some hundred times smaller than
 * BART0 and learns slower: it is tuned on four times as many examples at some hundred times the learning rate. These
 * settings were chosen on other test items (`npm run make-demo -- --targets development`), not on the bundled ones;
 * docs/experiments.md tells how.
 */
export const demoSettings = {
  retrieval: { budget: 2048, rerank: demoRerank },
  tune: {
    learningRate: 1e-3,
    epochs: 2,
    batchSize: 16,
    clipNorm: 1,
    dropout: 0,
    maxInputTokens: 128,
    maxOutputTokens: 48
  },
  evaluation: { maxInputTokens: 128, maxOutputTokens: 24, beams: 1 }
}

/** The demo's experiment: every strategy of the paper on all bundled targets; those with a reranker where there is one. */
export function demoExperiment(demo: {
  datasetId: string
  models: ExperimentModels
  targetIds: readonly string[]
}): ExperimentSpec {
  return experimentSpecSchema.parse({
    ...demo,
    name: demoName,
    strategies: demoStrategies.filter((strategy) => demo.models.reranker !== null || !isReranked(strategy)),
    rounds: 3,
    queries: 16,
    ...demoSettings
  })
}
