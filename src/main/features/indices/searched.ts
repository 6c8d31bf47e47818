import type { Dataset } from '../../contract/data.ts'
import { overWords, type OverChoice } from '../../contract/embedded-over.ts'
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

/** What of the settings of retrieval says which indices are searched. */
type Chosen = ChosenStages & { over: OverChoice }

/** The indices that a strategy searches: the one asked for, else the newest that fits and is over what is looked for. */
export function searchedIndices(
  services: Reading,
  dataset: Dataset,
  { strategy, indexId }: { strategy: StrategyName; indexId: string | null },
  chosen?: Chosen
): QuestionInput<'neighbours'>['indices'] {
  const { store } = services
  const asked = indexId === null ? null : store.indices.get(indexId)
  const wanted = indicesOf(strategy, chosen)
  const over = chosen?.over === 'both' ? 'both' : 'input'
  return wanted.map((representation) => {
    if (asked !== null && asked.over !== over) throw asked.over === 'both' ? textAlone() : overInputs(asked.id)
    const fits = asked !== null && (wanted.length === 1 || asked.representation === representation)
    const index = fits ? asked : store.indices.matching({ datasetId: dataset.id, representation, over })[0]
    if (index !== undefined) return referenceOf(services, index)
    const without = nearnessStrategies.filter((one) => indicesOf(one).length === 0)
    throw new LabError(
      'no-index',
      `"${dataset.name}" has no ${representation} index${over === 'both' ? ` ${overWords.both}` : ''} yet. Build one, or use a strategy that needs none: ${without.join(', ')}.`,
      { details: { datasetId: dataset.id, strategy } }
    )
  })
}

/** An index over inputs and answers was asked with a text that has no answer. */
export function textAlone(): LabError {
  return new LabError(
    'no-answer-to-embed',
    'The index is over inputs and answers, and what it is asked with has no answer. Choose an index over inputs alone; an experiment that learns from labelled queries searches this one.'
  )
}

function overInputs(indexId: string): LabError {
  return new LabError(
    'index-of-other-encoder',
    'The index is over inputs alone, and retrieval.over asks for one over inputs and answers. Choose such an index, or set retrieval.over to "input".',
    { details: { indexId } }
  )
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
