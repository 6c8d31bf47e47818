import { chmodSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isMainThread } from 'node:worker_threads'

/** Takes from a mode what others than the owner may do. */
const others = 0o077

/**
 * From now on nothing that this process, or one that it starts, makes can be read by other users, whatever the user's umask
 * is. Every host says so when it opens a home, and every worker when it starts.
 */
export function keepToOwner(): void {
  if (process.platform !== 'win32' && isMainThread) process.umask(others)
}

/**
 * Takes from everybody else what older versions, copies and unpacked archives left open in a folder. Links are not followed.
 * A file with a second name elsewhere keeps its mode: that is the user's own, such as one of the Hugging Face cache. Returns
 * how many were mended.
 */
export function mendModes(folder: string): number {
  if (process.platform === 'win32') return 0
  const { mode } = lstatSync(folder)
  let mended = closeTo(folder, mode)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) mended += mendModes(path)
    else if (entry.isFile()) {
      const status = lstatSync(path, { throwIfNoEntry: false })
      if (status !== undefined && status.nlink === 1) mended += closeTo(path, status.mode)
    }
  }
  return mended
}

function closeTo(path: string, mode: number): number {
  if ((mode & others) === 0) return 0
  try {
    chmodSync(path, mode & 0o700)
    return 1
  } catch {
    // Another's file, or a disk without modes: the home itself is closed to others.
    return 0
  }
}
