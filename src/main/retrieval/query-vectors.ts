import { LabError } from '../contract/error.ts'
import type { RankingContext } from './candidates/candidates.ts'
import { embedAll } from './encoder.ts'
import type { OpenIndex } from './open-index.ts'

/**
 * The queries in the space of an index, row-major.
 * @throws LabError `index-of-other-data`, `index-of-other-encoder`
 */
export async function embedQueries(
  context: Pick<RankingContext, 'dataset' | 'encoder' | 'signal'>,
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
