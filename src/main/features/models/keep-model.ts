import type { Outcome } from '../../contract/jobs.ts'
import type { Model } from '../../contract/models.ts'
import type { Services } from '../services.ts'

/** Takes a model in that a job has made; one that is there already, because the lab was closed just then, stays as it is. */
export function keepModel({ store, changes }: Services, model: Omit<Model, 'foundRate' | 'createdAt'>): Outcome {
  const outcome: Outcome = { what: 'model', id: model.id, already: false }
  if (store.models.find(model.id)) return outcome
  store.models.insert({ ...model, foundRate: null, createdAt: new Date().toISOString() })
  changes.changed('models', model.id)
  return outcome
}
