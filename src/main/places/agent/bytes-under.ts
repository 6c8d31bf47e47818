import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Bytes of all files below a folder that are nowhere else too: inputs of jobs are shared with `objects/`. */
export async function bytesUnder(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  let sum = 0
  for (const entry of entries) {
    if (!entry.isFile()) continue
    // One that is deleted meanwhile takes nothing.
    const found = await lstat(join(entry.parentPath, entry.name)).catch(() => null)
    if (found?.nlink === 1) sum += found.size
  }
  return sum
}
