import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../contract/error.ts'
import { isLoss } from './link.ts'
import type { PlacedJob } from './placed-job.ts'

const growth = 1.5
/** A place that is away for long is tried ever more seldom, at last after so many times the first wait. */
const mostWaits = 12

/** Does what needs the connection to a place as soon as there is one, as long as the lab is open. */
export class Persistence {
  readonly #retryMilliseconds: number
  readonly #closing: AbortSignal

  constructor(retryMilliseconds: number, closing: AbortSignal) {
    this.#retryMilliseconds = retryMilliseconds
    this.#closing = closing
  }

  /** Undefined when nobody waits for it any more: `wanted` says no, or the lab closes. Throws what is no loss of the connection. */
  async until<T>(
    who: { wanted: () => boolean; tell: (text: string) => void },
    work: () => Promise<T>
  ): Promise<T | undefined> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work()
      } catch (thrown) {
        if (!who.wanted() || this.#closing.aborted) return undefined
        if (!isLoss(thrown)) throw thrown
        if (attempt === 1) who.tell(`${messageOf(thrown)} The lab tries again.`)
        await this.pause(this.waitAfter(attempt))
      }
    }
  }

  /** As long as the job is not over. */
  for<T>(job: PlacedJob, work: () => Promise<T>): Promise<T | undefined> {
    return this.until({ wanted: () => !job.over, tell: (text) => job.log(text, 'warn') }, work)
  }

  /** In milliseconds, after so many attempts in vain. */
  waitAfter(attempts: number): number {
    return this.#retryMilliseconds * Math.min(mostWaits, growth ** (attempts - 1))
  }

  /** Ends at once when the lab closes. */
  async pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#closing }).catch(() => undefined)
  }
}
