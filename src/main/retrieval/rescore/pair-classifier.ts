import type { OpenRescorer } from './rescorer.ts'

/** A pair classifier reads the query and the candidate's input together; labels stay unseen, as a query has none (ReCross). */
export const pairClassifier: OpenRescorer = async (context) => {
  const { dataset, queries, settings, signal } = context
  const scorer = await context.reranker()
  const { maxTokens, score } = settings
  const options = { maxTokens, score, ...(signal ? { signal } : {}) }
  return {
    score: (pairs) =>
      scorer.scorePairs(
        pairs.map(({ query, id }) => [queries[query]!, dataset.get(id).input] as const),
        options
      )
  }
}
