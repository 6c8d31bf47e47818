import { LabError } from '../contract/error.ts'
import { labClosed } from './underway.ts'

interface Claim {
  grant(): void
  leave(reason: unknown): void
}

/**
 * Questions that need the machine for themselves, because they measure it. They go before jobs that wait, and wait for a job that
 * runs, but not for long: somebody sits before the screen.
 */
export class Claims {
  readonly #waiting: Claim[] = []
  #held = false

  /** No job may start: the machine is given away, or somebody waits for it. */
  get wanted(): boolean {
    return this.#held || this.#waiting.length > 0
  }

  /** Called when nothing computes. */
  grant(): void {
    if (this.#held) return
    this.#waiting.shift()?.grant()
  }

  /** The lab closes: nobody gets the machine any more. */
  close(): void {
    for (const claim of [...this.#waiting]) claim.leave(labClosed())
  }

  /** Waits for the machine; returns how to give it back. `changed` is called when it is wanted and when it is free again. Throws `machine-busy`. */
  take(milliseconds: number, changed: () => void, signal?: AbortSignal): Promise<() => void> {
    const { promise, resolve, reject } = Promise.withResolvers<() => void>()
    const leave = (reason: unknown) => {
      const at = this.#waiting.indexOf(claim)
      if (at < 0) return
      this.#waiting.splice(at, 1)
      settle()
      reject(reason instanceof Error ? reason : new Error('The question was withdrawn.'))
      changed()
    }
    const aborted = () => leave(signal?.reason)
    const timer = setTimeout(() => leave(busy()), milliseconds)
    const settle = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', aborted)
    }
    const claim: Claim = {
      leave,
      grant: () => {
        settle()
        this.#held = true
        resolve(() => {
          this.#held = false
          changed()
        })
      }
    }
    signal?.addEventListener('abort', aborted, { once: true })
    this.#waiting.push(claim)
    changed()
    return promise
  }
}

function busy(): LabError {
  return new LabError(
    'machine-busy',
    'The speed cannot be measured now, because a job computes on this machine. Wait until it is done, or pause it.'
  )
}
