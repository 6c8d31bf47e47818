import { LabError } from '../../contract/error.ts'
import type { Representation } from '../../contract/strategies.ts'
import { embedAll } from '../encoder.ts'
import type { OpenIndex } from '../open-index.ts'
import type { CandidateSource, RankedList, RankingContext, Ranker } from './candidates.ts'

/** Nearest neighbours of the queries among the vectors of an index. */
function vectors(representation: Representation): CandidateSource {
  return {
    async prepare(context, queries): Promise<Ranker> {
      const index = await context.openIndex(representation)
      const embedded = await embedQueries(context, index, queries)
      let announced = false
      return {
        async rank(depth) {
          if (!announced) {
            const how = index.method(depth, context.allowed) === 'graph' ? 'through the graph' : 'exactly'
            context.log(`Searching ${index.count} vectors of ${index.dimension} numbers ${how}.`)
            announced = true
          }
          return search(index, embedded, depth, context.allowed)
        }
      }
    }
  }
}

/** A sentence encoder's space. */
export const semantic = vectors('semantic')
/** The base model's own encoder, mean-pooled (ReCross†). */
export const dense = vectors('dense')

async function embedQueries(
  context: RankingContext,
  index: OpenIndex,
  queries: readonly string[]
): Promise<Float32Array> {
  const { encoder: wanted, dataset } = index.manifest
  if (dataset.contentHash !== context.dataset.contentHash || index.count !== context.dataset.count) {
    throw new LabError(
      'index-of-other-data',
      `The index was made of other upstream data than ${context.dataset.path}. Choose the index of this dataset, or build it.`,
      { details: { index: dataset.contentHash, dataset: context.dataset.contentHash } }
    )
  }
  const encoder = await context.encoder(wanted)
  if (encoder.fingerprint !== wanted.fingerprint || encoder.dimension !== index.dimension) {
    throw new LabError(
      'index-of-other-encoder',
      `The index was made with another encoder than the one that is to embed the queries (${wanted.modelId}). ` +
        'Choose the encoder that made it, or build an index with this one.',
      { details: { index: wanted.fingerprint, encoder: encoder.fingerprint } }
    )
  }
  return embedAll(encoder, queries, context.signal, 'query')
}

async function search(
  index: OpenIndex,
  queries: Float32Array,
  depth: number,
  allowed: Uint8Array | null
): Promise<RankedList[]> {
  const { k, rows, distances, counts } = await index.search(queries, depth, allowed)
  return Array.from(counts, (count, query) => ({
    query,
    ids: Array.from(rows.subarray(query * k, query * k + count), (row) => row + 1),
    scores: Array.from(distances.subarray(query * k, query * k + count), (distance) => index.scoreOf(distance))
  }))
}
