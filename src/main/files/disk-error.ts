import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { LabError, messageOf } from '../contract/error.ts'

/** What a disk can do to a job: none of these is the job's fault, and all of them may pass. */
export type DiskProblem = 'disk-full' | 'disk-read-only' | 'disk-gone' | 'disk-failing'

const problems: Readonly<Record<string, DiskProblem>> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EFBIG: 'disk-full',
  SQLITE_FULL: 'disk-full',
  EROFS: 'disk-read-only',
  SQLITE_READONLY: 'disk-read-only',
  ESTALE: 'disk-gone',
  ENODEV: 'disk-gone',
  ENXIO: 'disk-gone',
  ENOTCONN: 'disk-gone',
  EHOSTDOWN: 'disk-gone',
  EIO: 'disk-failing',
  SQLITE_IOERR: 'disk-failing'
}
const known = new Set<string>(Object.values(problems))

/** Free bytes below which a disk counts as full, and that a job wants to find before it goes on. */
export const leastFreeBytes = 200 << 20

/**
 * What was thrown, in words where a disk was the cause: full, read-only, gone, failing. Anything else as it is.
 * `needed`: bytes that were still to be written, where the writer knows.
 */
export function asDiskError(thrown: unknown, path: string, needed = 0): unknown {
  const problem = diskProblemOf(thrown)
  if (problem === null || thrown instanceof LabError) return thrown
  const free = freeBytes(path)
  // SQLite calls a write that found no room an input/output error as well.
  const found = problem === 'disk-failing' && free !== null && free < 1 << 20 ? 'disk-full' : problem
  return diskError(found, path, { cause: thrown, free, needed })
}

/** The error of a disk, with what is there, what is needed and what to do. */
export function diskError(
  problem: DiskProblem,
  path: string,
  { cause, free = freeBytes(path), needed = 0 }: { cause?: unknown; free?: number | null; needed?: number } = {}
): LabError {
  const neededBytes = Math.max(needed, leastFreeBytes)
  const left = free === null ? '' : ` (${megabytes(free)} free)`
  const sentence: Record<DiskProblem, string> = {
    'disk-full': `The disk is full: ${path} could not be written${left}. Make room, at least ${megabytes(neededBytes)}. What was finished is kept, and the job goes on when there is room.`,
    'disk-read-only': `The disk of ${path} can only be read. Make it writable, or put the home folder on another disk; what was finished is kept.`,
    'disk-gone': `The drive of ${path} is not there any more. Connect it again; what was finished is kept, and the job goes on then.`,
    'disk-failing': `The disk of ${path} reports an error. Check the disk and its cable; what was finished is kept. If it goes on, copy the home folder to another disk.`
  }
  return new LabError(problem, sentence[problem], { cause, details: { path, freeBytes: free, neededBytes } })
}

/** Which trouble of a disk was thrown, by the system, SQLite or ourselves; null for everything else. */
export function diskProblemOf(thrown: unknown): DiskProblem | null {
  const code = (thrown as { code?: unknown } | null | undefined)?.code
  if (typeof code === 'string') {
    if (known.has(code)) return code as DiskProblem
    const found = problems[code] ?? problems[/^SQLITE_[A-Z]+/.exec(code)?.[0] ?? '']
    if (found !== undefined) return found
  }
  if (thrown instanceof LabError) return null
  // Native code gives a sentence of the system's.
  return /no space left on device|\bdisk full\b|not enough space on the disk/i.test(messageOf(thrown))
    ? 'disk-full'
    : null
}

export function isDiskProblem(code: string): code is DiskProblem {
  return known.has(code)
}

/** Bytes that this user may still write where `path` lies or will lie; null where the system does not say. */
export function freeBytes(path: string): number | null {
  for (let at = path; ; at = dirname(at)) {
    try {
      const { bavail, bsize } = statfsSync(at)
      return bavail * bsize
    } catch {
      if (at === dirname(at)) return null
    }
  }
}

function megabytes(bytes: number): string {
  return bytes >= 1e10 ? `${Math.round(bytes / 1e9)} GB` : `${Math.round(bytes / 1e6)} MB`
}
