import { closeSync, openSync, readSync } from 'node:fs'
import { LabError } from '../contract/error.ts'

const firstLine = 'version https://git-lfs.github.com/spec/'

/**
 * Whoever clones a repository without Git LFS has small text files in the place of the large ones. They are named as what they
 * are wherever a file of the user is opened: no reader can make sense of one.
 * @throws LabError `git-lfs-pointer`
 */
export function refuseLfsPointer(path: string): void {
  if (!startOf(path, firstLine.length).equals(Buffer.from(firstLine))) return
  const bytes = /\nsize (\d+)/.exec(startOf(path, 512).toString('latin1'))?.[1]
  const size = bytes === undefined ? '' : ` of ${Number(bytes).toLocaleString('en')} bytes`
  throw new LabError(
    'git-lfs-pointer',
    `${path} is a Git LFS pointer: a note that stands for a file${size} which was not fetched. ` +
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
