import { lookAtHubModel } from '../data/download/look-at-hub-model.ts'
import { defineJob } from './job.ts'
import { keptLook } from './kept-looks.ts'
import { lookAtRemoteModel } from './remote-model.ts'

/** Looks at a model on the hub: its small files, and the names, types and shapes of its weights. */
export const job = defineJob({
  kind: 'look-at-hub-model',
  async run({ input, home, log, signal }) {
    const started = performance.now()
    const fetched = keptLook(home, ['model', input.mirror, input.repo, input.revision])
    const seen = await lookAtHubModel(input, fetched, lookAtRemoteModel, { signal, log })
    return { ...seen, seconds: (performance.now() - started) / 1000 }
  }
})
