import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../contract/error.ts'
import { isLoss } from './link.ts'
import type { PlacedJob } from './placed-job.ts'

/** Does what needs the connection to a place as soon as there is one. */
export class Persistence {
  readonly #retryMilliseconds: number
  readonly #signal: AbortSignal

  /** @param signal when the lab closes */
  constructor(retryMilliseconds: number, signal: AbortSignal) {
    this.#retryMilliseconds = retryMilliseconds
    this.#signal = signal
  }

  /** Undefined when nobody waits for it any more. */
  async for<T>(job: PlacedJob, work: () => Promise<T>): Promise<T | undefined> {
    for (let told = false; ;) {
      try {
        return await work()
      } catch (thrown) {
        if (job.over || this.#signal.aborted) return undefined
        if (!isLoss(thrown)) throw thrown
        if (!told) job.log(`${messageOf(thrown)} The lab tries again.`, 'warn')
        told = true
        await sleep(this.#retryMilliseconds, undefined, { signal: this.#signal }).catch(() => undefined)
      }
    }
  }
}
