import type { Model } from '../../contract/models.ts'

/**
 * What is to be said of a learning rate that a range test has chosen by the labels of queries: who compares without labels
 * otherwise has used some here. Null where other rows have chosen it, or another rate is tuned with.
 */
export function chosenByLabels(
  model: Pick<Model, 'name' | 'foundRate'> | null | undefined,
  tune: { readonly learningRate: number; readonly method: string }
): string | null {
  const found = model?.foundRate
  if (found == null || found.rate !== tune.learningRate || found.method !== tune.method) return null
  if (found.labelsOf.length === 0) return null
  return `The learning rate ${found.rate} of ${model!.name} was chosen by labels of queries of ${found.labelsOf.join(', ')} (range test): with it the tuning is not without labels there.`
}
