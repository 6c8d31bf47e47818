import type { Model } from '../../contract/models.ts'
import { ignoresQueries } from '../../contract/reranking.ts'
import { rolesOf } from '../../contract/strategies.ts'
import type { ResolvedSpec } from './resolve.ts'

/** An AUC below this is no better than a coin on the few sets that it comes from. */
const leastAuc = 0.55

/** Whether what a reranker or retriever has learnt fits the experiment that uses it. Each a sentence with its numbers. */
export function learntWarnings({
  spec,
  models,
  dataset
}: Pick<ResolvedSpec, 'models' | 'dataset'> & {
  spec: Pick<ResolvedSpec['spec'], 'strategies' | 'retrieval'>
}): string[] {
  const used = new Set(spec.strategies.flatMap((strategy) => rolesOf(strategy, spec.retrieval)))
  const { reranker, retriever } = models
  return [
    ...(used.has('reranker') && reranker ? ofReranker(reranker, spec.retrieval.rerank.maxTokens, dataset) : []),
    ...(used.has('retriever') && retriever ? ofCard(retriever.name, retriever.retriever, dataset) : [])
  ]
}

function ofReranker(model: Model, maxTokens: number, dataset: ResolvedSpec['dataset']): string[] {
  const { name, reranker: card, maxInputTokens: limit } = model
  const read = Math.min(maxTokens, limit ?? maxTokens)
  if (card === null)
    return [
      `Nobody knows what ${name} was trained on: it was not trained in a lab, and no AUC on unseen tasks stands beside it.`
    ]
  const trained = Math.min(card.settings.maxTokens, limit ?? card.settings.maxTokens)
  return [
    ...ofCard(name, card, dataset),
    ...(read === trained
      ? []
      : [
          `${name} reads ${read} tokens of a query and an example here, and was trained on ${trained}: set retrieval.rerank.maxTokens to ${trained}, or take it that longer texts were ${read < trained ? 'whole' : 'cut'} when it learnt.`
        ])
  ]
}

type Card = NonNullable<Model['reranker'] | Model['retriever']>

function ofCard(name: string, card: Card | null, dataset: ResolvedSpec['dataset']): string[] {
  if (card === null) return []
  const { data, quality, settings, overridden } = card
  return [
    ...(data.contentHash === dataset.contentHash
      ? []
      : [
          `${name} was trained on ${data.name}, not on ${dataset.name}: what it says of texts in other forms or languages is not known. Train one on this data.`
        ]),
    ...(settings.shuffledLabels ? [`${name} is a control with shuffled labels, and not meant to find anything.`] : []),
    ...(overridden
      ? [`${name} was trained although the gate was closed: what it learnt may be the opposite of useful.`]
      : []),
    ...(quality.auc < leastAuc && !settings.shuffledLabels
      ? [
          `On tasks that it had not seen ${name} had an AUC of ${quality.auc.toFixed(2)}: hardly better than chance, 0.5.`
        ]
      : []),
    ...(ignoresQueries(quality) && !settings.shuffledLabels
      ? [
          `With the queries of other tasks ${name} has an AUC of ${quality.otherQueriesAuc!.toFixed(2)} where it had ${quality.auc.toFixed(2)} with their own: it has learnt which examples are good for anything rather than which fit a query, so it brings much the same for every target. Mine candidates of more groups for each query set (source random), and train again.`
        ]
      : [])
  ]
}
