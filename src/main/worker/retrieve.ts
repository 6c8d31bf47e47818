import { defineJob } from './job.ts'
import { retrieveWarm } from './retrieving.ts'

/** Upstream examples for a query set. */
export const job = defineJob({
  kind: 'retrieve',
  async run({ input, report, ...context }) {
    const started = performance.now()
    report({ phase: 'retrieving', done: 0, total: input.queries.length, unit: 'queries' })
    const retrieved = await retrieveWarm(input, context)
    return { retrieved, seconds: (performance.now() - started) / 1000 }
  }
})
