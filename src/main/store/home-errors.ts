import { accessSync, constants, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { LabError } from '../contract/error.ts'
import { asDiskError, diskError } from '../files/disk-error.ts'

/** SQLite opens no longer path than this, and its files beside have longer names. */
const longestPath = 480

/** Why a home could not be opened, in words: what is at its place, and what to do. */
export function asHomeError(thrown: unknown, home: string): unknown {
  if (thrown instanceof LabError) return thrown
  const understood = asDiskError(thrown, home)
  if (understood instanceof LabError) return understood
  const code = String((thrown as NodeJS.ErrnoException | null)?.code ?? '')
  const details = { home }
  if (code === 'ENAMETOOLONG' || (code === 'SQLITE_CANTOPEN' && Buffer.byteLength(home) > longestPath))
    return new LabError(
      'home-path-too-long',
      `The path of the home folder is too long: ${home}. Choose a shorter one.`,
      {
        cause: thrown,
        details
      }
    )
  const at = nearest(home)
  if (!['ENOTDIR', 'EEXIST', 'EACCES', 'EPERM', 'ENOENT', 'SQLITE_CANTOPEN'].includes(code)) return thrown
  if (!isFolder(at))
    return new LabError(
      'home-not-folder',
      `${at} is a file, and no folder: no home can be there. Choose another folder.`,
      {
        cause: thrown,
        details
      }
    )
  const refused = whyNotWritable(at)
  if (refused === 'EROFS') return diskError('disk-read-only', home, { cause: thrown })
  if (refused !== null || code === 'EACCES' || code === 'EPERM')
    return new LabError(
      'home-not-allowed',
      `The folder ${at} may not be written by you. Change its owner or its permissions, or choose another home folder.`,
      { cause: thrown, details }
    )
  return thrown
}

/** The path itself or what there is of it. */
function nearest(path: string): string {
  for (let at = path; ; at = dirname(at)) if (exists(at) || at === dirname(at)) return at
}

function exists(path: string): boolean {
  try {
    statSync(path)
    return true
  } catch {
    return false
  }
}

function isFolder(path: string): boolean {
  return exists(path) && statSync(path).isDirectory()
}

function whyNotWritable(folder: string): string | null {
  try {
    accessSync(folder, constants.W_OK)
    return null
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? null
  }
}
