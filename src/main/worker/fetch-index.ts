import { connectPostgres } from '../retrieval/shared/postgres.ts'
import { SharedIndices } from '../retrieval/shared/shared-indices.ts'
import { defineJob } from './job.ts'

/** Brings the vectors of a shared index here as a share of it; the job that builds the index takes them in. */
export const job = defineJob({
  kind: 'fetch-index',
  async run({ input, folder, signal, report }) {
    const started = performance.now()
    const sql = await connectPostgres(input.server)
    try {
      const vectors = await new SharedIndices(sql).fetch(input.fingerprint, folder, {
        signal,
        report: (done, total) => report({ phase: 'fetching', done, total, unit: 'vectors' })
      })
      return { vectors, seconds: (performance.now() - started) / 1000 }
    } finally {
      await sql.close()
    }
  }
})
