import { LabError } from '../../contract/error.ts'
import type { Model } from '../../contract/models.ts'
import type { RerankerSettings } from '../../contract/reranking.ts'

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

/** What a reranker may begin from; nearness is taught by a base that makes vectors. Throws `wrong-role`. */
export function asRerankerBase(model: Model, { nearnessPairs }: Pick<RerankerSettings, 'nearnessPairs'>): Model {
  if (model.role === 'seq2seq') throw wrongRole(model, 'an encoder or a pair classifier')
  if (model.role === 'pair-classifier' && nearnessPairs > 0) {
    throw new LabError(
      'wrong-role',
      `"${model.name}" reads two texts already and makes no vectors that could teach it what is near. Ask for 0 pairs to learn nearness from (nearnessPairs), or begin with a sentence encoder.`,
      { details: { modelId: model.id, nearnessPairs } }
    )
  }
  return model
}

function wrongRole(model: Model, wanted: string): LabError {
  return new LabError('wrong-role', `"${model.name}" is a ${model.role}, and what is needed here is ${wanted}.`, {
    details: { modelId: model.id, role: model.role }
  })
}
