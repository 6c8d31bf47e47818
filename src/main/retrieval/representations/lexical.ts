import { setImmediate as turn } from 'node:timers/promises'
import type { RankedList, RankingContext, Ranker, Representation } from './representation.ts'

/** BM25 over the words of the inputs, by the dataset's full-text index. */
export const lexical: Representation = {
  usesQueries: true,
  async prepare(context, queries): Promise<Ranker> {
    return {
      async rank(depth) {
        const lists: RankedList[] = []
        for (const [query, text] of queries.entries()) {
          context.signal?.throwIfAborted()
          lists.push({ query, ...rankOne(context, text, depth) })
          // Progress and cancel get their turn in between.
          await turn()
        }
        return lists
      }
    }
  }
}

function rankOne(
  { dataset, allowed }: RankingContext,
  text: string,
  depth: number
): Pick<RankedList, 'ids' | 'scores'> {
  const best = dataset.bm25(text, depth, allowed)
  return { ids: best.map(({ id }) => id), scores: best.map(({ score }) => score) }
}
