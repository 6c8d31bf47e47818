import { closeSync, fsyncSync, openSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { asDiskError } from './disk-error.ts'
import { removeBeside, removeBesideNow } from './remove.ts'

/**
 * The one way in which a file comes to be: written beside its place, forced to the disk, renamed into it, and the rename
 * forced to the disk as well. Readers see the old file or the new one. What fails leaves nothing behind, and says which
 * trouble of the disk it was. `needed`: bytes to be written, where that is known. `ending`: of the file beside, for those
 * who tidy up after a process that was killed.
 */
export async function replaceFile(
  path: string,
  write: (beside: string) => Promise<void>,
  { needed, ending = `.${process.pid}.part` }: { needed?: number; ending?: string } = {}
): Promise<void> {
  try {
    await write(path + ending)
    await syncFile(path + ending)
    await rename(path + ending, path)
    await syncFolder(dirname(path))
  } catch (thrown) {
    await removeBeside(path, ending).catch(() => undefined)
    throw asDiskError(thrown, path, needed)
  }
}

export function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  return replaceFile(path, async (beside) => {
    const file = await open(beside, 'w')
    try {
      await file.writeFile(content)
    } finally {
      await file.close()
    }
  })
}

/** `writeWhole` for the few places that cannot wait. `mode`: who may read it, from its first byte on. */
export function writeWholeNow(path: string, content: string | Uint8Array, mode = 0o600): void {
  const ending = `.${process.pid}.part`
  try {
    // The mode of a file that is there already would stay.
    removeBesideNow(path, ending)
    writeFileSync(path + ending, content, { mode, flush: true })
    moveIntoPlaceNow(path + ending, path)
  } catch (thrown) {
    removeBesideNow(path, ending)
    throw asDiskError(thrown, path)
  }
}

/** Gives a finished file or folder its name, durably. Both lie on one disk. */
export async function moveIntoPlace(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
    await syncFolder(dirname(to))
  } catch (thrown) {
    throw asDiskError(thrown, to)
  }
}

export function moveIntoPlaceNow(from: string, to: string): void {
  renameSync(from, to)
  syncNow(dirname(to))
}

/** Adds to the end of a file, and comes back when it is on the disk. After a kill the last piece may be cut off. */
export async function appendDurably(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, 'a')
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (thrown) {
    throw asDiskError(thrown, path, text.length)
  }
}

/** Forces what is in a file, or the names in a folder, to the disk. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

export async function syncFolder(path: string): Promise<void> {
  // Windows cannot open folders, and needs no such step.
  if (process.platform !== 'win32') await syncFile(path)
}

/** As `syncFile` and `syncFolder`, at once. */
export function syncNow(path: string): void {
  const folder = statSync(path).isDirectory()
  if (folder && process.platform === 'win32') return
  const file = openSync(path, folder ? 'r' : 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
