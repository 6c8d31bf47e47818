import { bytesIn, inspect, modelFolder } from './install-model.ts'
import { defineJob } from './job.ts'

/** Answers what a model folder holds, and whether the lab runs it, before anything is copied. */
export const job = defineJob({
  kind: 'look-at-model',
  async run({ input }) {
    const started = performance.now()
    const folder = await modelFolder(input.folder)
    const { about, notes } = await inspect(folder)
    return { ...about, notes: [...notes], bytes: await bytesIn(folder), seconds: (performance.now() - started) / 1000 }
  }
})
