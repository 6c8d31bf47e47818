import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { writeWholeNow } from '../files/durable.ts'
import { removeInsideNow } from '../files/remove.ts'

const key = 'token'

/**
 * A Hugging Face token as readable text, kept only where the system has no secret store and the user has agreed: in a file that
 * this user alone can read, never in lab.db, which is copied and sent around. Never sent to a client.
 */
export class TokenFile {
  readonly #path: string

  /** `folder`: the home. */
  constructor(folder: string) {
    this.#path = join(folder, 'token')
  }

  get(): string | null {
    try {
      return readFileSync(this.#path, 'utf8').trim() || null
    } catch {
      return null
    }
  }

  set(token: string | null): void {
    if (token === null) return removeInsideNow(dirname(this.#path), this.#path)
    writeWholeNow(this.#path, token)
  }
}

/**
 * Older versions kept the token in lab.db. It moves into the file, and nothing of it stays behind: not in free pages, not in the
 * write-ahead log, not in the copies that updates made. Done at every start, as a copy may be put back.
 */
export function takeTokenOut(path: string, tokens: TokenFile): void {
  const copies = readdirSync(dirname(path)).filter((name) => name.startsWith(`${basename(path)}.before-`))
  for (const file of [path, ...copies.map((name) => join(dirname(path), name))]) {
    withToken(file, (sqlite, token) => {
      if (tokens.get() === null) tokens.set(token)
      sqlite.pragma('secure_delete = on')
      sqlite.prepare('delete from settings where key = ?').run(key)
      // An earlier token may lie in pages that were freed before; a file that is written anew has none.
      sqlite.exec('vacuum')
      sqlite.pragma('wal_checkpoint(truncate)')
    })
  }
}

function withToken(path: string, work: (sqlite: Sqlite.Database, token: string) => void): void {
  if (!existsSync(path)) return
  const sqlite = new Sqlite(path, { timeout: 5000 })
  try {
    const table = sqlite.prepare("select 1 from sqlite_master where type = 'table' and name = 'settings'").get()
    if (table === undefined) return
    const value = sqlite.prepare('select value from settings where key = ?').pluck().get(key)
    if (typeof value === 'string') work(sqlite, String(JSON.parse(value)))
  } finally {
    sqlite.close()
  }
}
