import { LabError } from '../contract/error.ts'
import { answersToEmbed } from './answers.ts'
import type { RankingContext } from './candidates/candidates.ts'
import { embedAll } from './encoder.ts'
import type { OpenIndex } from './open-index.ts'

/**
 * The queries in the space of an index, row-major; with their answers where its vectors are made of both.
 * @throws LabError `index-of-other-data`, `index-of-other-encoder`, `no-answer-to-embed`
 */
export async function embedQueries(
  context: Pick<RankingContext, 'dataset' | 'encoder' | 'signal' | 'answers'>,
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
  const answers =
    wanted.over === 'both'
      ? answersToEmbed(
          context.answers ?? queries.map(() => null),
          (at) => `Query ${at + 1} ("${queries[at]!.slice(0, 60)}")`
        )
      : null
  const encoder = await context.encoder(wanted)
  if (encoder.fingerprint !== wanted.fingerprint || encoder.dimension !== index.dimension) {
    throw new LabError(
      'index-of-other-encoder',
      `The index was made with another encoder than the one that is to embed the queries (${wanted.modelId}). ` +
        'Choose the encoder that made it, or build an index with this one.',
      { details: { index: wanted.fingerprint, encoder: encoder.fingerprint } }
    )
  }
  return embedAll(encoder, queries, context.signal, { as: 'query', answers })
}
