import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

export interface HashedFile {
  /** Relative to the folder, with slashes. */
  path: string
  sha256: string
  bytes: number
}

/** Every file of a folder with its hash, in the order of their names; links are not followed, unfinished files left out. */
export async function hashedFiles(folder: string): Promise<HashedFile[]> {
  const files = await filesUnder(folder)
  const hashed: HashedFile[] = []
  for (const path of files) hashed.push({ path, ...(await hashOf(join(folder, path))) })
  return hashed
}

/** Names of all files below a folder, relative to it, with slashes, sorted. */
export async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.part'))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/')
    )
    .sort()
}

/** SHA-256 and size of a file's content. */
export async function hashOf(path: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return { sha256: hash.digest('hex'), bytes: (await stat(path)).size }
}

/** Hashes of files that do not change while their size and time stay: large inputs are read once, not for every job. */
export class HashCache {
  readonly #known = new Map<string, { sha256: string; bytes: number }>()

  async of(path: string): Promise<{ sha256: string; bytes: number }> {
    const { size, mtimeMs, ino } = await lstat(path)
    const key = `${path} ${size} ${mtimeMs} ${ino}`
    const known = this.#known.get(key) ?? (await hashOf(path))
    this.#known.set(key, known)
    return known
  }
}
