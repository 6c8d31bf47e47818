import type { Dataset } from '../../contract/data.ts'
import { LabError } from '../../contract/error.ts'
import type { QuestionInput } from '../../contract/questions.ts'
import {
  indicesOf,
  modelRoles,
  nearnessStrategies,
  rolesOf,
  type ChosenStages,
  type StrategyName
} from '../../contract/strategies.ts'
import { upstreamData } from '../datasets/upstream.ts'
import type { Services } from '../services.ts'
import { referenceOf } from './references.ts'

type Reading = Pick<Services, 'store' | 'home'>

/** The indices that a strategy searches: the one asked for, else the newest that fits. */
export function searchedIndices(
  services: Reading,
  dataset: Dataset,
  { strategy, indexId }: { strategy: StrategyName; indexId: string | null },
  chosen?: ChosenStages
): QuestionInput<'neighbours'>['indices'] {
  const { store } = services
  const asked = indexId === null ? null : store.indices.get(indexId)
  const wanted = indicesOf(strategy, chosen)
  return wanted.map((representation) => {
    const fits = asked !== null && (wanted.length === 1 || asked.representation === representation)
    const index = fits ? asked : store.indices.matching({ datasetId: dataset.id, representation })[0]
    if (index !== undefined) return referenceOf(services, index)
    const without = nearnessStrategies.filter((one) => indicesOf(one).length === 0)
    throw new LabError(
      'no-index',
      `"${dataset.name}" has no ${representation} index yet. Build one, or use a strategy that needs none: ${without.join(', ')}.`,
      { details: { datasetId: dataset.id, strategy } }
    )
  })
}

/** The pair classifier of a strategy that scores candidates anew; null for the others. */
export function rerankerFor(
  { store, home }: Reading,
  strategy: StrategyName,
  modelId: string | null,
  chosen: ChosenStages
): QuestionInput<'retrieve'>['reranker'] {
  if (!rolesOf(strategy, chosen).includes('reranker')) return null
  const { kind, name } = modelRoles.reranker
  const model = modelId === null ? null : store.models.get(modelId)
  if (model?.role === kind) return { modelId: model.id, folder: home.model(model.id) }
  throw new LabError(
    model === null ? 'no-model' : 'wrong-model',
    `The strategy "${strategy}" needs a ${name}${model === null ? '' : `, and "${model.name}" is none`}. Choose one.`,
    { details: { strategy, modelId } }
  )
}

/**
 * The indices that candidates are looked up in; none for sources that need none.
 * @throws LabError `no-index`
 */
export function candidateIndices(
  services: Reading,
  { datasetId, source, indexId }: { datasetId: string; source: StrategyName; indexId: string | null }
): QuestionInput<'neighbours'>['indices'] {
  return searchedIndices(services, upstreamData(services.store, datasetId), { strategy: source, indexId })
}
