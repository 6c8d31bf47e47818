import type { Representation } from '../../contract/strategies.ts'
import type { OpenIndex } from '../open-index.ts'
import { embedQueries } from '../query-vectors.ts'
import type { CandidateSource, RankedList, Ranker } from './candidates.ts'

/** Nearest neighbours of the queries among the vectors of an index. */
function vectors(representation: Representation): CandidateSource {
  return {
    async prepare(context, queries): Promise<Ranker> {
      const index = await context.openIndex(representation)
      const embedded = await embedQueries(context, index, queries)
      let announced = false
      return {
        async rank(depth) {
          return search(index, embedded, { depth, allowed: context.allowed }, (how) => {
            if (announced) return
            context.log(`Searched ${index.count} vectors of ${index.dimension} numbers ${how}.`)
            announced = true
          })
        },
        nearness: async (ids) =>
          index.scores(
            embedded,
            Uint32Array.from(ids, (id) => id - 1)
          )
      }
    }
  }
}

/** A sentence encoder's space. */
export const semantic = vectors('semantic')
/** The base model's own encoder, mean-pooled (ReCross†). */
export const dense = vectors('dense')

/** The space of a head trained on mined pairs. */
export const trained = vectors('trained')

async function search(
  index: OpenIndex,
  queries: Float32Array,
  { depth, allowed }: { depth: number; allowed: Uint8Array | null },
  tell: (how: string) => void
): Promise<RankedList[]> {
  const { k, rows, distances, counts } = await index.search(queries, depth, allowed, tell)
  return Array.from(counts, (count, query) => ({
    query,
    ids: Array.from(rows.subarray(query * k, query * k + count), (row) => row + 1),
    scores: Array.from(distances.subarray(query * k, query * k + count), (distance) => index.scoreOf(distance))
  }))
}
