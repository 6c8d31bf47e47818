import { AnswerFiles } from '../features/comparison/answers.ts'
import { Comparisons } from '../features/comparison/comparisons.ts'
import { exportComparison } from '../features/comparison/export.ts'
import { lineageOf } from '../features/comparison/lineage.ts'
import { RetrievalQualities } from '../features/comparison/retrieval-quality.ts'
import { RetrievedSets } from '../features/comparison/retrieved-sets.ts'
import { breakdownOf, examplesOf, heatMapOf, retrievedOf, settingsOf } from '../features/comparison/views.ts'
import type { Services } from '../features/services.ts'
import { os } from './base.ts'

export function compareRoutes(services: Services) {
  const { home } = services
  const answers = new AnswerFiles(home)
  const retrieved = new RetrievedSets(home)
  const comparisons = new Comparisons(services)
  const qualities = new RetrievalQualities(services)
  const sources = { ...services, answers, retrieved, comparisons, qualities }
  return {
    table: os.compare.table.handler(({ input }) => comparisons.of(input, input.metric, input.rule)),
    breakdown: os.compare.breakdown.handler(({ input, signal }) => breakdownOf(services, input, signal)),
    examples: os.compare.examples.handler(({ input }) => examplesOf(sources, input)),
    lineage: os.compare.lineage.handler(({ input }) => lineageOf(sources, input)),
    retrieved: os.compare.retrieved.handler(({ input }) => retrievedOf(sources, input)),
    heatMap: os.compare.heatMap.handler(({ input }) => heatMapOf(sources, input)),
    quality: os.compare.quality.handler(({ input, signal }) => qualities.of(input, signal)),
    settings: os.compare.settings.handler(({ input }) => settingsOf(services, input.experimentIds)),
    export: os.compare.export.handler(({ input }) => exportComparison(sources, input))
  }
}
