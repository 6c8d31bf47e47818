import { connectPostgres } from '../retrieval/shared/postgres.ts'
import { SharedIndices } from '../retrieval/shared/shared-indices.ts'
import { defineJob } from './job.ts'

/** What is shared in a database, after one of it was taken out where that is asked for. */
export const job = defineJob({
  kind: 'shared-indices',
  async run({ input }) {
    const sql = await connectPostgres(input.server)
    try {
      const shared = new SharedIndices(sql)
      if (input.remove !== null) await shared.remove(input.remove)
      return { indices: await shared.list() }
    } finally {
      await sql.close()
    }
  }
})
