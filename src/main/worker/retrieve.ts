import { saveRetrieved } from '../run-files/retrieved.ts'
import { defineJob } from './job.ts'
import { retrieveWarm } from './retrieving.ts'
import { warmDataset, warmIndex } from './warm.ts'

/** Upstream examples for a query set. With a folder, they are also left there as retrieved.json. */
export const job = defineJob({
  kind: 'retrieve',
  async run({ input, folder, report, ...context }) {
    const started = performance.now()
    report({ phase: 'retrieving', done: 0, total: input.queries.length, unit: 'queries' })
    const retrieved = await retrieveWarm(input, context)
    if (folder !== '') {
      const { strategy, settings, seed, queries, indices } = input
      const dataset = await warmDataset(input.dataset)
      const [ref] = indices
      const index = ref === undefined ? null : (await warmIndex(ref.folder, context)).manifest.fingerprint
      await saveRetrieved(folder, { dataset, strategy, settings, seed, queries, index, retrieved })
    }
    return { retrieved, seconds: (performance.now() - started) / 1000 }
  }
})
