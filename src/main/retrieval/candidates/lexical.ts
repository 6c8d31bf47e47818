import { setImmediate as turn } from 'node:timers/promises'
import type { CandidateSource, RankedList, RankingContext, Ranker } from './candidates.ts'

/** A longer list costs nothing more, and selectors often come back for one. */
const ahead = 8

/** BM25 over the words of the inputs, by the dataset's full-text index. */
export const lexical: CandidateSource = {
  async prepare(context, queries): Promise<Ranker> {
    let known = 0
    let lists: RankedList[] = []
    return {
      async rank(depth) {
        if (depth > known) {
          known = depth * ahead
          lists = await rankAll(context, queries, known)
        }
        return lists.map(({ query, ids, scores }) => ({
          query,
          ids: ids.slice(0, depth),
          scores: scores.slice(0, depth)
        }))
      },
      async nearness(ids) {
        const all = await rankAll(context, queries, context.dataset.count)
        const byId = all.map(({ ids: found, scores }) => new Map(found.map((id, place) => [id, scores[place]!])))
        // What shares no word with a query is farther than all that do.
        return Float64Array.from({ length: queries.length * ids.length }, (_, at) => {
          return byId[Math.floor(at / ids.length)]!.get(ids[at % ids.length]!) ?? -Infinity
        })
      }
    }
  }
}

async function rankAll(
  { dataset, allowed, signal }: RankingContext,
  queries: readonly string[],
  depth: number
): Promise<RankedList[]> {
  const lists: RankedList[] = []
  for (const [query, text] of queries.entries()) {
    signal?.throwIfAborted()
    const best = dataset.bm25(text, depth, allowed)
    lists.push({ query, ids: best.map(({ id }) => id), scores: best.map(({ score }) => score) })
    // Progress and cancel get their turn in between.
    await turn()
  }
  return lists
}
