import { chmodSync, closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { z } from 'zod'
import { LabError } from '../contract/error.ts'
import { diskProblemOf } from '../files/disk-error.ts'
import { writeWholeNow } from '../files/durable.ts'
import { removeInsideNow } from '../files/remove.ts'
import type { HomeFolder } from './home.ts'

const holderSchema = z.object({
  pid: z.int(),
  host: z.string(),
  since: z.string(),
  /** Where other processes of this user reach the holder, null while it serves nobody. */
  address: z.string().nullable(),
  token: z.string().nullable()
})
export type Holder = z.infer<typeof holderSchema>

/**
 * One process at a time works in a home. The lock is SQLite's own on a small file: the system lets go of it when the
 * process ends, however it ends, so there is no stale lock. Who holds it is written beside it, readable by this user only.
 */
export class HomeLock {
  readonly #sqlite: Sqlite.Database
  readonly #home: string
  readonly #path: string
  #holder: Holder

  /** Throws `home-in-use`, with the holder in its details. */
  constructor(home: HomeFolder, host: string) {
    this.#home = home.path
    this.#path = holderPath(home)
    const lock = join(home.path, 'lock.db')
    keepToOneself(lock)
    this.#sqlite = new Sqlite(lock, { timeout: 0 })
    try {
      this.#sqlite.exec('begin exclusive')
    } catch (cause) {
      this.#sqlite.close()
      throw inUse(home, cause)
    }
    this.#holder = { pid: process.pid, host, since: new Date().toISOString(), address: null, token: null }
    this.#write()
  }

  /** Says where the holder can be reached. */
  announce(address: string, token: string): void {
    this.#holder = { ...this.#holder, address, token }
    this.#write()
  }

  release(): void {
    this.#sqlite.close()
    try {
      removeInsideNow(this.#home, this.#path)
    } catch (thrown) {
      // What a disk keeps is found stale by whoever asks next: nobody holds the lock.
      if (diskProblemOf(thrown) === null) throw thrown
    }
  }

  #write(): void {
    writeWholeNow(this.#path, JSON.stringify(this.#holder))
  }
}

/** Who can open the file can lock it, for as long as they like: another user must not. */
function keepToOneself(path: string): void {
  // By its path: opening and closing the file would let go of a lock that this process holds on it.
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
  else if (process.platform !== 'win32') chmodSync(path, 0o600)
}

/** Who wrote last that it holds the home; null where nobody did, or it cannot be read. */
export function readHolder(home: HomeFolder): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(holderPath(home), 'utf8')))
  } catch {
    return null
  }
}

function holderPath(home: HomeFolder): string {
  return join(home.path, 'holder.json')
}

function inUse(home: HomeFolder, cause: unknown): LabError {
  const holder = readHolder(home)
  const who =
    holder === null ? 'another process' : `the ${holder.host} with process id ${holder.pid}, since ${holder.since}`
  const reach = holder?.address ? ` It serves at ${holder.address}.` : ''
  return new LabError(
    'home-in-use',
    `The home folder ${home.path} is held by ${who}.${reach} Close it first, or choose another home with --home.`,
    {
      cause,
      details: { home: home.path, pid: holder?.pid, host: holder?.host, since: holder?.since, address: holder?.address }
    }
  )
}
