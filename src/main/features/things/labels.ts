import { LabError } from '../../contract/error.ts'
import type { Label, LabelChange, Thing, ThingKind } from '../../contract/things.ts'
import type { Services } from '../services.ts'

export const listOf: Record<ThingKind, 'datasets' | 'targets' | 'models' | 'indices' | 'minings' | 'experiments'> = {
  dataset: 'datasets',
  target: 'targets',
  model: 'models',
  index: 'indices',
  mining: 'minings',
  experiment: 'experiments'
}

/** What a thing is called. Throws `not-found`. */
export function nameOf({ store }: Services, { what, id }: Thing): string {
  switch (what) {
    case 'dataset':
      return store.datasets.get(id).name
    case 'target':
      return store.targets.get(id).name
    case 'model':
      return store.models.get(id).name
    case 'mining':
      return store.minings.get(id).name
    case 'experiment':
      return store.experiments.get(id).spec.name
    case 'index': {
      const { representation, datasetId } = store.indices.get(id)
      const { name } = store.labels.of({ what, id })
      return name ?? `${representation} index of ${store.datasets.find(datasetId)?.name ?? datasetId}`
    }
  }
}

/** Writes a name, a note, tags on a thing, or puts it out of the way; what is not given stays. Throws `not-found`. */
export function writeLabel(services: Services, { what, id, name, ...written }: LabelChange): Label {
  const { store, changes } = services
  nameOf(services, { what, id })
  if (what === 'experiment' && written.archived === true && store.experiments.get(id).status === 'running')
    throw new LabError('experiment-running', 'The experiment is running. Archive it when it has ended.', {
      details: { id }
    })
  const before = store.labels.of({ what, id })
  const given = Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined))
  const label: Label = { ...before, ...given, ...(what === 'index' && name !== undefined ? { name } : {}) }
  store.transaction(() => {
    if (name !== undefined && what !== 'index') rename(services, { what, id }, name)
    store.labels.save({ ...label, tags: [...new Set(label.tags)] })
  })
  changes.changed('labels')
  if (name !== undefined) changes.changed(listOf[what], id)
  return store.labels.of({ what, id })
}

/** A name is no part of any fingerprint: nothing that was computed changes with it. */
function rename({ store }: Services, { what, id }: Thing, name: string): void {
  if (what === 'dataset') store.datasets.update(id, { name })
  else if (what === 'target') store.targets.update(id, { name })
  else if (what === 'model') store.models.update(id, { name })
  else if (what === 'mining') store.minings.update(id, { name })
  else if (what === 'experiment') store.experiments.update(id, { spec: { ...store.experiments.get(id).spec, name } })
}
