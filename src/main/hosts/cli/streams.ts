import { createReadStream, createWriteStream, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { removeInsideNow } from '../../files/remove.ts'

/**
 * The standard input and output as files, for what needs a file that it can look into more than once. They lie in a folder
 * that only this user can read and that goes with the command.
 */
export class Streams {
  readonly #stdin: Readable
  readonly #stdout: Writable
  #folder: string | null = null

  constructor(stdin: Readable = process.stdin, stdout: Writable = process.stdout) {
    this.#stdin = stdin
    this.#stdout = stdout
  }

  /** The path of a file with all that comes from the standard input. */
  async input(): Promise<string> {
    const path = this.#path('standard-input')
    await pipeline(this.#stdin, createWriteStream(path, { mode: 0o600 }))
    return path
  }

  /** A path to write to; `send` then puts the file out. */
  output(): string {
    return this.#path('standard-output')
  }

  async send(path: string): Promise<void> {
    await pipeline(createReadStream(path), this.#stdout, { end: false })
  }

  remove(): void {
    if (this.#folder !== null) removeInsideNow(tmpdir(), this.#folder)
  }

  #path(name: string): string {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'recross-stream-'))
    return join(this.#folder, name)
  }
}
