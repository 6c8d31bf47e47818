import { LabError } from '../contract/error.ts'
import { embedAll } from '../retrieval/encoder.ts'
import { connectPostgres } from '../retrieval/shared/postgres.ts'
import { SharedIndices } from '../retrieval/shared/shared-indices.ts'
import { defineJob } from './job.ts'
import { warmEncoder } from './warm.ts'

/** The rows of a shared index that are nearest to a text; the server leaves out what the filter says. */
export const job = defineJob({
  kind: 'search-shared',
  async run({ input, threads, signal }) {
    const { server, fingerprint, encoder, text, count, filter, throughHnsw, provider } = input
    const sql = await connectPostgres(server)
    try {
      const shared = new SharedIndices(sql)
      const manifest = await shared.manifest(fingerprint)
      const loaded = await warmEncoder({ encoder }, manifest.encoder, provider, threads)
      if (loaded.fingerprint !== manifest.encoder.fingerprint)
        throw new LabError(
          'index-of-other-encoder',
          `The index was made with another encoder than the one that is to embed the text (${encoder.modelId}).`
        )
      const query = await embedAll(loaded, [text], signal, { as: 'query' })
      const started = performance.now()
      const { rows, distances, counts } = await shared.search(fingerprint, query, count, { filter, throughHnsw })
      const found = rows.subarray(0, counts[0])
      const labels = await shared.labels(fingerprint, [...found])
      const { normalized } = manifest.vectors
      const neighbours = Array.from(found, (row, place) => ({
        exampleId: row + 1,
        score: normalized ? 1 - distances[place]! / 2 : -distances[place]!,
        ...labels.get(row)!
      }))
      return { neighbours, milliseconds: performance.now() - started }
    } finally {
      await sql.close()
    }
  }
})
