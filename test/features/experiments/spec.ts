import type { ExperimentSpec } from '../../../src/main/contract/experiments.ts'
import { presetSpec } from '../../../src/main/features/experiments/presets.ts'

/** The paper's preset on three targets. */
export function specOf(changes: Partial<ExperimentSpec> = {}): ExperimentSpec {
  const things = {
    name: 'x',
    models: { base: 'm', encoder: 'e', reranker: null, retriever: null },
    datasetId: 'd',
    targetIds: ['a', 'b', 'c']
  }
  return { ...presetSpec('paper'), ...things, ...changes }
}
