import { openDataset } from '../data/dataset.ts'
import type { Engine } from '../engine/engine.ts'
import { embedAll, type Encoder } from '../retrieval/encoder.ts'
import { rowsToEmbed } from '../retrieval/answers.ts'
import { shapeOf } from '../retrieval/build.ts'
import { chunkRange, rowsIn } from '../retrieval/manifest.ts'
import { ShardFiles } from '../retrieval/shard-files.ts'
import { indexOptions } from './index-options.ts'
import { defineJob } from './job.ts'

/** Embeds every `of`-th chunk of an index into files of its own; the job that builds the index takes them in. */
export const job = defineJob({
  kind: 'embed-shard',
  async run(context) {
    const { input, folder, signal, report, paused } = context
    const started = performance.now()
    const dataset = openDataset(input.dataset)
    const engines: Engine[] = []
    try {
      const options = await indexOptions(context, dataset, engines)
      const shape = shapeOf(options)
      const files = new ShardFiles(folder, shape)
      await files.willBeMadeOn(options.madeOn)
      const own: number[] = []
      for (let chunk = input.number; chunk < Math.ceil(shape.count / shape.chunkRows); chunk += input.of)
        own.push(chunk)
      const total = rowsIn(own, shape)
      const open: number[] = []
      for (const chunk of own) if (!(await files.has(chunk))) open.push(chunk)
      let done = total - rowsIn(open, shape)
      const say = () => report({ phase: 'embedding', done, total, unit: 'examples' })
      say()
      let encoder: Encoder | null = null
      for (const chunk of open) {
        signal.throwIfAborted()
        await paused()
        encoder ??= await options.encoder()
        const { texts, answers } = rowsToEmbed(dataset, chunkRange(chunk, shape), input.encoder.over)
        await files.write(chunk, await embedAll(encoder, texts, signal, { answers }))
        done += texts.length
        say()
      }
      return { vectors: total, seconds: (performance.now() - started) / 1000 }
    } finally {
      for (const engine of engines) await engine.close()
      dataset.close()
    }
  }
})
