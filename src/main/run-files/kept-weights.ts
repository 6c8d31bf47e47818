import { existsSync, readFileSync } from 'node:fs'
import { runFiles } from './files.ts'
import { parse } from './parse.ts'
import { RunFolder } from './run-folder.ts'

/**
 * The files in a run's folder that hold what it has tuned, in the order in which another run may take them over: the record of the tuning
 * last, as it says that the others are there. Null where weights were not kept, were taken away, or came without them.
 */
export function keptWeights(path: string): string[] | null {
  const folder = new RunFolder(path)
  const file = folder.file(runFiles.tuned.name)
  try {
    const { base, patch } = parse(runFiles.tuned, readFileSync(file, 'utf8'), file)
    const files = [base, patch].filter((name) => name !== null)
    return files.every((name) => existsSync(folder.file(name))) ? [...files, runFiles.tuned.name] : null
  } catch {
    return null
  }
}
