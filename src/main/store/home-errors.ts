import { accessSync, constants, lstatSync, statSync, type Stats } from 'node:fs'
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
  if (!['ENOTDIR', 'EEXIST', 'EACCES', 'EPERM', 'ENOENT', 'ELOOP', 'SQLITE_CANTOPEN'].includes(code)) return thrown
  const at = inTheWay(thrown, home)
  if (isLinkToNothing(at))
    return new LabError(
      'home-not-folder',
      `${at} is a link that leads to no folder: no home can be there. Mend the link, or choose another folder.`,
      { cause: thrown, details }
    )
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

/** What there is of the home, or the thing in it that is no folder where one belongs. */
function inTheWay(thrown: unknown, home: string): string {
  const named = (thrown as NodeJS.ErrnoException).path ?? home
  const inside = named.startsWith(home) && isThere(named) && !isFolder(named)
  return nearest(inside ? named : home)
}

function nearest(path: string): string {
  for (let at = path; ; at = dirname(at)) if (isThere(at) || at === dirname(at)) return at
}

function isThere(path: string): boolean {
  return lstatOf(path) !== undefined
}

function isLinkToNothing(path: string): boolean {
  return lstatOf(path)?.isSymbolicLink() === true && !exists(path)
}

function lstatOf(path: string): Stats | undefined {
  try {
    return lstatSync(path)
  } catch {
    return undefined
  }
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
