import type { Example, MetricName } from '../contract/data.ts'
import type { Prediction } from '../contract/runs.ts'
import { scoreRow } from './metrics/metrics.ts'

/** An answer to a test row, with its scores. A question without a right answer has none, neither good nor bad. */
export function predictionOf(metrics: readonly MetricName[], example: Example, output: string): Prediction {
  const { id: exampleId, input, outputs: references, sourceItem } = example
  const scores = references.length === 0 ? {} : scoreRow(metrics, { output, references })
  return { exampleId, input, references, output, scores, sourceItem }
}
