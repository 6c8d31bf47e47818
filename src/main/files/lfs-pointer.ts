import { closeSync, openSync, readSync } from 'node:fs'
import { LabError } from '../contract/error.ts'

const firstLine = 'version https://git-lfs.github.com/spec/'
/** A pointer has three short lines. */
const pointerBytes = 512

/**
 * Whoever clones a repository without Git LFS, or downloads it as a zip, has small text files in the place of the large ones.
 * They are named as what they are wherever a file of the user is opened: no reader can make sense of one.
 * @param name what messages call the file, where its path is the lab's own
 * @throws LabError `git-lfs-pointer`
 */
export function refuseLfsPointer(path: string, name: string = path): void {
  if (startOf(path, firstLine.length).equals(Buffer.from(firstLine)))
    refuseLfsText(startOf(path, pointerBytes).toString('latin1'), name, path)
}

/** The same for a text that was read already. Throws LabError `git-lfs-pointer`. */
export function refuseLfsText(text: string, name: string, path: string = name): void {
  if (!text.startsWith(firstLine)) return
  const bytes = /\nsize (\d+)/.exec(text.slice(0, pointerBytes))?.[1]
  const size = bytes === undefined ? '' : ` of ${Number(bytes).toLocaleString('en')} bytes`
  throw new LabError(
    'git-lfs-pointer',
    `${name} is a Git LFS pointer: a note that stands for a file${size} which was not fetched. ` +
      'Install Git LFS and run "git lfs pull" in the folder of the repository, or download the file itself from its page.',
    { details: { path } }
  )
}

/** Nothing where the file cannot be read: that is for whoever opens it to say. */
function startOf(path: string, bytes: number): Buffer {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return Buffer.alloc(0)
  }
  try {
    const start = Buffer.alloc(bytes)
    return start.subarray(0, readSync(file, start, 0, bytes, 0))
  } catch {
    return Buffer.alloc(0)
  } finally {
    closeSync(file)
  }
}
