import { answersToEmbed } from '../retrieval/answers.ts'
import { embedAll } from '../retrieval/encoder.ts'
import { embeddingMap } from '../retrieval/map.ts'
import { defineJob } from './job.ts'
import { warmDataset, warmEncoder, warmIndex } from './warm.ts'

/** A picture of the embeddings: a sample of the upstream examples, and the queries. */
export const job = defineJob({
  kind: 'embedding-map',
  async run({ input, threads, signal, log, report, paused }) {
    const { index: ref, queries, answers: known, provider } = input
    const dataset = await warmDataset(input.dataset)
    const index = await warmIndex(ref.folder, { threads, signal, log })
    const encoder =
      queries.length === 0
        ? null
        : await warmEncoder(ref, { ...index.manifest.encoder, precision: 'fp32' }, provider, threads)
    const answers =
      index.manifest.encoder.over === 'both'
        ? answersToEmbed(known ?? queries.map(() => null), (at) => `Query ${at + 1} ("${queries[at]!.slice(0, 60)}")`)
        : null
    const queryVectors =
      encoder === null ? new Float32Array(0) : await embedAll(encoder, queries, signal, { as: 'query', answers })
    const { sample, seed, quick } = input
    const points = await embeddingMap({
      dataset,
      index,
      queries,
      queryVectors,
      sample,
      quick,
      seed,
      signal,
      report,
      paused
    })
    return { points }
  }
})
