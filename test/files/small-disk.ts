import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A disk of its own, small enough to be filled: a tmpfs, which only root can make. */
export interface SmallDisk {
  path: string
  /** Leaves nothing free. */
  fill(): void
  free(): void
  readOnly(is: boolean): void
  remove(): void
}

export const canMakeDisks = process.platform === 'linux' && process.getuid?.() === 0 && mounts()

export function makeSmallDisk(megabytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'recross-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'recross-test', path])
  const filler = join(path, 'filler')
  return {
    path,
    fill() {
      const file = openSync(filler, 'a')
      try {
        // What is left at the end is less than a page.
        for (let size = 1 << 22; size >= 1; size = size >> 1) {
          const bytes = Buffer.alloc(size)
          try {
            for (;;) if (writeSync(file, bytes) < size) break
          } catch {
            // Smaller pieces may still fit.
          }
        }
      } finally {
        closeSync(file)
      }
    },
    free: () => rmSync(filler, { force: true }),
    readOnly: (is) => void execFileSync('mount', ['-o', `remount,${is ? 'ro' : 'rw'}`, path]),
    remove() {
      execFileSync('umount', ['-l', path])
      rmSync(path, { recursive: true, force: true })
    }
  }
}

function mounts(): boolean {
  const path = mkdtempSync(join(tmpdir(), 'recross-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'recross-test', path], { stdio: 'ignore' })
    execFileSync('umount', [path], { stdio: 'ignore' })
    return true
  } catch {
    return false
  } finally {
    rmSync(path, { recursive: true, force: true })
  }
}
