import { exportComparison } from '../features/comparison/export.ts'
import { lineageOf } from '../features/comparison/lineage.ts'
import { comparisonSources } from '../features/comparison/sources.ts'
import { breakdownOf, examplesOf, heatMapOf, retrievedOf, settingsOf } from '../features/comparison/views.ts'
import type { Services } from '../features/services.ts'
import { os } from './base.ts'

export function compareRoutes(services: Services) {
  const sources = comparisonSources(services)
  const { comparisons, qualities } = sources
  return os.compare.router({
    table: os.compare.table.handler(({ input }) => comparisons.of(input, input.metric, input.rule)),
    breakdown: os.compare.breakdown.handler(({ input, signal }) => breakdownOf(services, input, signal)),
    examples: os.compare.examples.handler(({ input }) => examplesOf(sources, input)),
    lineage: os.compare.lineage.handler(({ input }) => lineageOf(sources, input)),
    retrieved: os.compare.retrieved.handler(({ input }) => retrievedOf(sources, input)),
    heatMap: os.compare.heatMap.handler(({ input }) => heatMapOf(sources, input)),
    quality: os.compare.quality.handler(({ input, signal }) => qualities.of(input, signal)),
    settings: os.compare.settings.handler(({ input }) => settingsOf(services, input.experimentIds)),
    export: os.compare.export.handler(({ input }) => exportComparison(sources, input))
  })
}
