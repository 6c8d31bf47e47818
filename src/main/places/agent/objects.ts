import { chmodSync, constants, existsSync, linkSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../../contract/error.ts'
import { asDiskError } from '../../files/disk-error.ts'
import { moveIntoPlace } from '../../files/durable.ts'
import { hashOf } from '../../files/hashed-files.ts'
import { removeInsideNow } from '../../files/remove.ts'

/**
 * Contents under the hash of their bytes. What is whole may not be written to any more; what is on its way ends in `.part`. Several labs
 * of one user may send the same at the same time: whatever they write at a place of a part is the same, and who seals it first has done it for all.
 */
export class Objects {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  }

  missing(wanted: readonly { sha256: string; bytes: number }[]): { sha256: string; have: number }[] {
    return wanted
      .filter(({ sha256, bytes }) => sizeOf(this.#path(sha256)) !== bytes)
      .map(({ sha256 }) => ({ sha256, have: sizeOf(`${this.#path(sha256)}.part`) ?? 0 }))
  }

  async put(sha256: string, offset: number, body: Buffer): Promise<{ have: number }> {
    const path = `${this.#path(sha256)}.part`
    const have = sizeOf(path) ?? 0
    // A piece that does not fit is not taken: the other side goes on from what there is.
    if (offset !== have) return { have }
    try {
      // At its place, not behind what is there: another lab may be putting the same piece there just now.
      const file = await open(path, constants.O_WRONLY | constants.O_CREAT, 0o600)
      try {
        for (let at = 0; at < body.length;)
          at += (await file.write(body, at, body.length - at, offset + at)).bytesWritten
      } finally {
        await file.close()
      }
    } catch (thrown) {
      throw asDiskError(thrown, this.#folder, body.length)
    }
    return { have: have + body.length }
  }

  async seal(sha256: string, bytes: number): Promise<{ whole: boolean }> {
    const path = this.#path(sha256)
    const part = `${path}.part`
    if (sizeOf(path) === bytes) {
      // Begun once more by who came too late.
      removeInsideNow(this.#folder, part)
      return { whole: true }
    }
    if (bytes === 0 && !existsSync(part)) await (await open(part, 'a', 0o600)).close()
    if (!existsSync(part)) return { whole: false }
    try {
      const found = await hashOf(part)
      if (found.sha256 !== sha256 || found.bytes !== bytes) {
        removeInsideNow(this.#folder, part)
        return { whole: false }
      }
      chmodSync(part, 0o400)
      await moveIntoPlace(part, path)
      return { whole: true }
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown
      // Another lab has sealed it meanwhile, or has thrown it away.
      return { whole: sizeOf(path) === bytes }
    }
  }

  /** Takes in a file that a job has made here; it is looked at, as all are, before it is used. */
  link(sha256: string, path: string): void {
    try {
      linkSync(path, this.#path(sha256))
    } catch {
      // Another file system, or gone meanwhile: then it is sent.
    }
  }

  size(): { count: number; bytes: number } {
    const names = readdirSync(this.#folder)
    return { count: names.length, bytes: names.reduce((sum, name) => sum + (sizeOf(join(this.#folder, name)) ?? 0), 0) }
  }

  /** Deletes what no job needs; gives the bytes. */
  removeUnused(uses: (sha256: string) => boolean): number {
    let freed = 0
    for (const name of readdirSync(this.#folder)) {
      if (uses(name.slice(0, 64))) continue
      freed += sizeOf(join(this.#folder, name)) ?? 0
      removeInsideNow(this.#folder, join(this.#folder, name))
    }
    return freed
  }

  #path(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new LabError('bad-request', `"${sha256}" is no hash.`)
    return join(this.#folder, sha256)
  }
}

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size
}
