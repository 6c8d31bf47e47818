import { diskError, freeBytes, leastFreeBytes } from '../../files/disk-error.ts'

/** Throws disk-full where the disk of a folder has little left: an import ends before others find no room either. */
export function checkRoom(folder: string): void {
  const free = freeBytes(folder)
  if (free !== null && free < leastFreeBytes) throw diskError('disk-full', folder, { free })
}
