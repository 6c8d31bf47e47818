import { statfsSync } from 'node:fs'
import { LabError } from '../../contract/error.ts'

/** An import ends before the disk is full: other programs need some too. */
const leastFreeBytes = 200 << 20

/** Throws disk-full where the disk of a folder has little left. */
export function checkRoom(folder: string): void {
  const { bavail, bsize } = statfsSync(folder)
  if (bavail * bsize >= leastFreeBytes) return
  throw new LabError(
    'disk-full',
    `The disk of ${folder} has less than ${leastFreeBytes >> 20} MB left, so the import was stopped. Make room and try again.`,
    { details: { folder, freeBytes: bavail * bsize } }
  )
}
