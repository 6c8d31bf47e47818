import type { Representation } from '../../contract/strategies.ts'
import { embedQueries } from '../query-vectors.ts'
import type { OpenRescorer } from './rescorer.ts'

/** Candidates of one space are compared with the queries in another: the second of two stages of vectors. */
function otherVectors(representation: Representation): OpenRescorer {
  return async (context) => {
    const index = await context.openIndex(representation)
    const queries = await embedQueries(context, index, context.queries)
    return {
      async score(pairs) {
        const ids = [...new Set(pairs.map(({ id }) => id))]
        const placeOf = new Map(ids.map((id, place) => [id, place]))
        const scores = index.scores(
          queries,
          Uint32Array.from(ids, (id) => id - 1)
        )
        return pairs.map(({ query, id }) => scores[query * ids.length + placeOf.get(id)!]!)
      }
    }
  }
}

export const semanticVectors = otherVectors('semantic')
export const denseVectors = otherVectors('dense')
export const trainedVectors = otherVectors('trained')
