import { setTimeout as sleep } from 'node:timers/promises'
import { toWireError } from '../contract/wire-error.ts'
import { asDiskError, diskProblemOf } from '../files/disk-error.ts'
import type { JobBoard } from './board.ts'

const retryMilliseconds = 1000

/** Does what must be written, as soon as the disk takes it. */
export class Patience {
  readonly #board: JobBoard
  readonly #home: string
  #open = true

  constructor(board: JobBoard, home: string) {
    this.#board = board
    this.#home = home
  }

  /** From now on nothing is tried again. */
  close(): void {
    this.#open = false
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
        if (!this.#open) break
        if (of !== undefined && !this.#board.unwritten.has(of)) {
          this.#board.unwritten.set(of, toWireError(asDiskError(thrown, this.#home)))
          this.#board.publishById(of)
        }
        await sleep(retryMilliseconds)
        if (!this.#open) break
      }
    }
    if (of !== undefined) this.#board.unwritten.delete(of)
  }
}
