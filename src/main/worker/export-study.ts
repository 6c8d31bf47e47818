import { existsSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../contract/error.ts'
import { carriedFiles, packingName, packStudy, type Packing } from '../study-files/pack-study.ts'
import { defineJob } from './job.ts'

/** A study or a bundle as one zip: folders of the home, and the results that the job's folder holds. */
export const job = defineJob({
  kind: 'export-study',
  async run({ input: { path, missing }, folder, home, report, signal, paused, log }) {
    const settled = join(folder, packingName)
    if (!existsSync(settled))
      throw new LabError('bad-study', 'What was to be packed is not known any more. Start packing it again.')
    const packing = JSON.parse(await readFile(settled, 'utf8')) as Packing
    const sizes = packing.folders.flatMap((name) =>
      carriedFiles(join(home, ...name.split('/')), name.startsWith('runs/'), packing.weights).map(
        (file) => statSync(file).size
      )
    )
    const total = sizes.reduce((sum, size) => sum + size, 0)
    let done = 0
    const files = await packStudy(path, packing, { home, folder }, async (bytes) => {
      signal.throwIfAborted()
      await paused()
      done = Math.min(total, done + bytes)
      report({ phase: 'packing', done, total, unit: 'bytes' })
    })
    log(`Wrote ${path}.`)
    return { path, bytes: statSync(path).size, files, missing }
  }
})
