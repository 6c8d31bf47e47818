import { setTimeout as sleep } from 'node:timers/promises'
import { toWireError } from '../contract/wire-error.ts'
import { asDiskError, diskProblemOf } from '../files/disk-error.ts'
import type { JobBoard } from './board.ts'

const retryMilliseconds = 1000

/** Does what must be written, as soon as the disk takes it. */
export class Patience {
  readonly #board: JobBoard
  readonly #home: string
  readonly #closing: AbortSignal

  /** Once `closing` is aborted nothing is tried again. */
  constructor(board: JobBoard, home: string, closing: AbortSignal) {
    this.#board = board
    this.#home = home
    this.#closing = closing
  }

  /**
   * Tries until it works. Until then the job `of` is shown as waiting for that, and nothing of it is lost while this lab lives; after
   * its end the job is found as running, and goes on.
   */
  async untilWritten(work: () => void | Promise<void>, of?: string): Promise<void> {
    for (;;) {
      try {
        await work()
        break
      } catch (thrown) {
        if (diskProblemOf(thrown) === null) throw thrown
        if (this.#closing.aborted) break
        if (of !== undefined && !this.#board.unwritten.has(of)) {
          this.#board.unwritten.set(of, toWireError(asDiskError(thrown, this.#home)))
          this.#board.publishById(of)
        }
        await sleep(retryMilliseconds, undefined, { signal: this.#closing }).catch(() => undefined)
        if (this.#closing.aborted) break
      }
    }
    if (of !== undefined) this.#board.unwritten.delete(of)
  }
}
