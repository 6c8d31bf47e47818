import { basename } from 'node:path'
import { download } from '../data/download/download.ts'
import type { RemoteFile } from '../data/download/remote-file.ts'
import { readModelFolder } from '../models/folder.ts'
import { locateParameters } from '../models/locate.ts'
import { readSafetensors } from '../models/weights/safetensors.ts'
import { defineJob } from './job.ts'

/** Fetches files into the job's folder; a resumed job finds there what has arrived. */
export const job = defineJob({
  kind: 'download',
  run: ({ input, folder, report, log, paused, signal }) =>
    download(input, folder, {
      report,
      log,
      paused,
      signal,
      lookAtModel: (at, weights) => lookAtModel(at, weights, log)
    })
})

/**
 * Whether the lab can run a model whose weights have not come yet: its small files are read as they will be, and of safetensors the
 * names, types and shapes, which stand at the beginning of each. Gigabytes are not fetched for nothing.
 */
export async function lookAtModel(
  folder: string,
  weights: readonly RemoteFile[],
  log: (text: string, level?: 'info' | 'warn') => void
): Promise<void> {
  const { config, notes } = await readModelFolder(folder)
  for (const note of notes) log(note, 'warn')
  const shapes = new Map<string, readonly number[]>()
  for (const file of weights) {
    const found = file.path.endsWith('.safetensors') ? await shapesOf(file) : null
    if (found === null) {
      log(`${basename(file.path)}: what is in it shows when it has come.`)
      return
    }
    for (const [name, shape] of found) shapes.set(name, shape)
  }
  const files = weights.map(({ path }) => basename(path))
  // As when it is opened: a classifier may come without its own layers.
  locateParameters(
    config,
    {
      files,
      names: () => [...shapes.keys()],
      has: (name) => shapes.has(name),
      info: (name) => ({ shape: shapes.get(name)! })
    },
    { freshHead: true }
  )
  log(`The lab can run it (${config.role}, ${shapes.size} tensors).`)
}

/** Null where the server gives no parts of files. */
async function shapesOf(file: RemoteFile): Promise<Map<string, readonly number[]> | null> {
  let whole = true
  const { tensors } = await readSafetensors({
    file: basename(file.path),
    length: file.bytes,
    async read(target, position) {
      if (!(await file.read(target, position))) {
        whole = false
        throw new Error('no parts')
      }
    }
  }).catch((thrown: unknown) => {
    if (!whole) return { tensors: [] }
    throw thrown
  })
  return whole ? new Map(tensors.map(({ name, shape }) => [name, shape])) : null
}
