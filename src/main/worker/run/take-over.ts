import { cp, link, mkdir, readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { existsSync } from 'node:fs'
import { syncFolder } from '../../files/durable.ts'
import { runFiles } from '../../run-files/files.ts'
import { keptWeights } from '../../run-files/kept-weights.ts'
import type { RunFolder } from '../../run-files/run-folder.ts'
import type { RunContext, RunInput } from './tools.ts'

/**
 * Takes over what another run has retrieved and tuned, where there is such a run and it has kept its weights: the files come
 * into the run's own folder, as other names of the same content where the disk can do that, so that either run may be
 * deleted. The record of the tuning comes last, so that what was cut off is taken over anew. Where the other run's files are gone, the run
 * tunes by itself, to the same weights.
 */
export async function takeOverWeights(
  input: RunInput,
  folder: RunFolder,
  context: Pick<RunContext, 'log'>
): Promise<void> {
  const from = input.tuning?.from ?? null
  if (from === null || folder.has(runFiles.tuned)) return
  const kept = keptWeights(from.folder)
  if (kept === null) {
    context.log(`The weights of run ${from.runId} are gone, so that they are tuned again.`, 'warn')
    return
  }
  const { name: rows } = runFiles.retrieved
  const retrieved = existsSync(join(from.folder, rows)) ? [rows] : []
  for (const name of [...retrieved, ...kept]) await bring(join(from.folder, name), folder.file(name))
  await syncFolder(folder.path)
  await folder.write(runFiles.takenOver, { runId: from.runId })
  context.log(`Run ${from.runId} has tuned the same: its weights are taken over.`)
}

async function bring(from: string, to: string): Promise<void> {
  if ((await stat(from)).isDirectory()) {
    await mkdir(to, { recursive: true })
    for (const name of await readdir(from)) await bring(join(from, name), join(to, name))
    return
  }
  await mkdir(dirname(to), { recursive: true })
  await link(from, to).catch(() => cp(from, to))
}
