import { openDataset } from '../data/dataset.ts'
import type { Engine } from '../engine/engine.ts'
import { embedHere, fingerprintOf } from '../retrieval/build.ts'
import { IndexDraft } from '../retrieval/draft.ts'
import { indexOptions } from './index-options.ts'
import { defineJob } from './job.ts'

/** One worker's share of an index's open chunks; the job that asked for it makes the index of them. */
export const job = defineJob({
  kind: 'embed-part',
  async run(context) {
    const { input, folder } = context
    const dataset = openDataset(input.dataset)
    const engines: Engine[] = []
    try {
      const options = await indexOptions(context, dataset, engines)
      const draft = await IndexDraft.join(folder, fingerprintOf(options))
      try {
        const done = await draft.done()
        const own: number[] = []
        for (let chunk = input.number; chunk < draft.chunks; chunk += input.of) if (!done.has(chunk)) own.push(chunk)
        if (own.length > 0) await embedHere(draft, own, options, input.number + 1)
        return { chunks: own.length }
      } finally {
        await draft.close()
      }
    } finally {
      for (const engine of engines) await engine.close()
      dataset.close()
    }
  }
})
