import { statSync } from 'node:fs'
import { diskError, freeBytes, leastFreeBytes } from '../../files/disk-error.ts'

/**
 * Throws disk-full where the disk of a folder has little left: an import ends before others find no room either.
 * `partial`: what it has written so far, which goes when it stops. It needs more than that to come further next time.
 */
export function checkRoom(folder: string, partial?: string): void {
  const free = freeBytes(folder)
  if (free === null || free >= leastFreeBytes) return
  const written = partial === undefined ? 0 : (statSync(partial, { throwIfNoEntry: false })?.size ?? 0)
  throw diskError('disk-full', folder, { free, needed: leastFreeBytes + Math.round(1.2 * written) })
}
