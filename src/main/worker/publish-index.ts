import { openDataset } from '../data/dataset.ts'
import { openIndex } from '../retrieval/open-index.ts'
import { connectPostgres } from '../retrieval/shared/postgres.ts'
import { SharedIndices } from '../retrieval/shared/shared-indices.ts'
import { defineJob } from './job.ts'

/** Writes an index of this lab into a database that others use; what is there already stays, so that it goes on where it broke off. */
export const job = defineJob({
  kind: 'publish-index',
  async run({ input, signal, report, log }) {
    const started = performance.now()
    const dataset = openDataset(input.dataset)
    try {
      const index = await openIndex(input.folder, { signal, log })
      try {
        const sql = await connectPostgres(input.server)
        try {
          const rows = await new SharedIndices(sql).publish(index, dataset, {
            ...{ name: input.name, hnsw: input.hnsw, signal },
            report: (done, total) => report({ phase: 'publishing', done, total, unit: 'vectors' })
          })
          log(`${rows} of ${index.count} vectors went over.`)
          return { rows, vectors: index.count, seconds: (performance.now() - started) / 1000 }
        } finally {
          await sql.close()
        }
      } finally {
        index.close()
      }
    } finally {
      dataset.close()
    }
  }
})
