import { accessSync, constants } from 'node:fs'
import type { WireError } from '../contract/jobs.ts'
import { freeBytes, leastFreeBytes } from '../files/disk-error.ts'

const lookMilliseconds = 5000

/**
 * Looks now and then whether the disk takes writes again, while jobs wait for that. Full disks, disks that can only be
 * read and lost drives pass; a disk that reports errors is looked at by a person first.
 */
export class DiskWatch {
  readonly #home: string
  readonly #look: () => boolean
  #timer: NodeJS.Timeout | undefined

  /** `look` lets go on what can, and says whether anything still waits. */
  constructor(home: string, look: () => boolean) {
    this.#home = home
    this.#look = look
  }

  start(): void {
    this.#timer ??= setInterval(() => {
      if (!this.#look()) this.stop()
    }, lookMilliseconds).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** Whether what stopped a job has passed. */
  passed({ code, details }: WireError): boolean {
    const path = typeof details['path'] === 'string' ? details['path'] : this.#home
    if (code === 'disk-full') {
      return (freeBytes(path) ?? 0) >= Number(details['neededBytes'] ?? leastFreeBytes)
    }
    return (code === 'disk-read-only' || code === 'disk-gone') && isWritable(this.#home)
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}
