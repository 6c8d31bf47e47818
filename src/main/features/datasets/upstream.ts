import type { Dataset } from '../../contract/data.ts'
import { LabError } from '../../contract/error.ts'
import type { Store } from '../../store/store.ts'

/** Throws `not-found`, `not-upstream-data`. */
export function upstreamData(store: Store, datasetId: string): Dataset {
  const dataset = store.datasets.get(datasetId)
  if (dataset.kind === 'upstream') return dataset
  throw new LabError(
    'not-upstream-data',
    `"${dataset.name}" is a target's test data. An index is made of upstream data: choose the data that the base model was trained on.`,
    { details: { datasetId } }
  )
}
