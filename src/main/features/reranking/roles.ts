import { LabError } from '../../contract/error.ts'
import type { Model } from '../../contract/models.ts'

/** Throws `wrong-role`. */
export function withRole(model: Model, role: Model['role']): Model {
  if (model.role !== role) throw wrongRole(model, 'a base model that writes answers')
  return model
}

/** Throws `wrong-role`. */
export function asReranker(model: Model): Model {
  if (model.role !== 'pair-classifier') throw wrongRole(model, 'a pair classifier')
  return model
}

/** What a reranker may begin from. Throws `wrong-role`. */
export function asRerankerBase(model: Model): Model {
  if (model.role === 'seq2seq') throw wrongRole(model, 'an encoder or a pair classifier')
  return model
}

function wrongRole(model: Model, wanted: string): LabError {
  return new LabError('wrong-role', `"${model.name}" is a ${model.role}, and what is needed here is ${wanted}.`, {
    details: { modelId: model.id, role: model.role }
  })
}
