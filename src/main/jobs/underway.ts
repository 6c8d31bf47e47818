import { LabError } from '../contract/error.ts'

/**
 * What the lab has begun and not ended: answers that clients wait for, and what nobody waits for. A lab that closes begins nothing any
 * more and waits for all of it, so that nothing asks a database that is closed, or writes into a home that another lab may hold.
 */
export class Underway {
  readonly #all = new Set<Promise<unknown>>()
  readonly #closing = new AbortController()

  /** Aborted as soon as the lab begins to close: what waits for something that will not come any more ends by it. */
  get closing(): AbortSignal {
    return this.#closing.signal
  }

  /** Does what somebody waits for. Throws `lab-closed`. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing.signal.aborted) throw labClosed()
    return this.#keep(work())
  }

  /** Takes along what nobody waits for; what it throws goes to `report`, except in a lab that closes. */
  also(work: Promise<unknown>, report: (thrown: unknown) => void = () => undefined): void {
    const ended = work.catch((thrown: unknown) => {
      if (!this.#closing.signal.aborted) report(thrown)
    })
    void this.#keep(ended)
  }

  /** Nothing begins any more. */
  close(): void {
    this.#closing.abort(labClosed())
  }

  /** Once all of it has ended, and what it began meanwhile. */
  async settled(): Promise<void> {
    while (this.#all.size > 0) await Promise.allSettled(this.#all)
  }

  async #keep<T>(work: Promise<T>): Promise<T> {
    this.#all.add(work)
    try {
      return await work
    } finally {
      this.#all.delete(work)
    }
  }
}

/** What is asked of a lab that closes. */
export function labClosed(): LabError {
  return new LabError('lab-closed', 'The lab is closing. Start it again to go on.')
}
