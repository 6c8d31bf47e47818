import { problemOf } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'

const slowAfter = 1500

/**
 * One thing that is asked of the backend: loading, ready or failed, and whether it takes unusually long. A newer
 * question makes the answer to an older one worthless, so late answers are dropped. While it is asked again the old
 * value stays on screen.
 */
export class Resource<T> {
  value = $state.raw<T | null>(null)
  problem = $state.raw<Problem | null>(null)
  loading = $state(false)
  slow = $state(false)
  readonly #ask: () => Promise<T>
  readonly #start: (() => Promise<{ value: T; whole: boolean }>) | null
  #turn = 0

  /** `start` gives what is shown while nothing is there yet and the whole of it takes longer; it may be the whole already. */
  constructor(ask: () => Promise<T>, start: (() => Promise<{ value: T; whole: boolean }>) | null = null) {
    this.#ask = ask
    this.#start = start
  }

  /** Asks (again); never rejects. */
  async load(): Promise<void> {
    const turn = ++this.#turn
    this.loading = true
    this.slow = false
    const timer = setTimeout(() => {
      if (turn === this.#turn && this.loading) this.slow = true
    }, slowAfter)
    try {
      if (this.#start !== null && this.value === null) {
        const first = await this.#start()
        if (turn !== this.#turn) return
        this.value = first.value
        this.problem = null
        if (first.whole) return
      }
      const value = await this.#ask()
      if (turn !== this.#turn) return
      this.value = value
      this.problem = null
    } catch (thrown) {
      if (turn !== this.#turn) return
      this.problem = problemOf(thrown)
    } finally {
      clearTimeout(timer)
      if (turn === this.#turn) {
        this.loading = false
        this.slow = false
      }
    }
  }

  /** Forgets the value, so that the next load shows the loading state. */
  clear(): void {
    this.#turn++
    this.value = null
    this.problem = null
    this.loading = false
  }

  set(value: T): void {
    this.value = value
    this.problem = null
  }
}
