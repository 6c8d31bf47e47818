import type { Asked } from '../../contract/client.ts'
import type { Dataset, Target } from '../../contract/data.ts'
import { LabError } from '../../contract/error.ts'
import type { Contract } from '../../contract/routes.ts'
import { newId } from '../../store/new-id.ts'
import type { Services } from '../services.ts'

type TargetRoutes = Contract['targets']

/** The target of a data set, as it is wanted. Throws `not-target-data`. */
export function createTarget(services: Services, { datasetId, ...wanted }: Asked<TargetRoutes['create']>): Target {
  const { store, changes } = services
  const dataset = store.datasets.get(datasetId)
  if (dataset.kind !== 'target')
    throw new LabError(
      'not-target-data',
      `"${dataset.name}" is upstream data. A target needs test examples: import them as a target task.`,
      { details: { datasetId: dataset.id } }
    )
  // An import has made the target already; creating it says what it is to be.
  const there = store.targets.ofDataset(dataset.id)[0]
  const target = store.targets.update((there ?? addTarget(services, dataset, dataset.examples)).id, wanted)
  changes.changed('targets', target.id)
  return target
}

/** Changes what is given. */
export function updateTarget({ store, changes }: Services, { id, ...wanted }: Asked<TargetRoutes['update']>): Target {
  const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined))
  const target = store.targets.update(id, given)
  changes.changed('targets', id)
  return target
}

/** The target of a newly imported dataset, with the metrics of the paper. */
export function addTarget({ store, changes }: Services, dataset: Dataset, sourceItems: number): Target {
  const target = store.targets.insert({
    id: newId('target'),
    datasetId: dataset.id,
    name: dataset.name,
    testExamples: dataset.examples,
    sourceItems,
    metrics: ['em', 'soft-em'],
    answerBy: 'generation',
    createdAt: new Date().toISOString()
  })
  changes.changed('targets', target.id)
  return target
}
