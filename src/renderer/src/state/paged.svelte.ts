import { SvelteMap } from 'svelte/reactivity'
import { problemOf } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'

export interface Page<T> {
  total: number
  items: T[]
}

/**
 * A long list of which only the pages in view are asked for. A change of the question starts a new turn; what arrives
 * for an earlier turn is dropped.
 */
export class PagedList<T> {
  total = $state<number | null>(null)
  problem = $state.raw<Problem | null>(null)
  readonly #pages = new SvelteMap<number, readonly T[]>()
  readonly #asked = new Set<number>()
  readonly #ask: (offset: number, limit: number) => Promise<Page<T>>
  readonly size: number
  #turn = 0

  constructor(ask: (offset: number, limit: number) => Promise<Page<T>>, size = 100) {
    this.#ask = ask
    this.size = size
  }

  /** The item at a place, or null while its page is on its way. */
  at(index: number): T | null {
    return this.#pages.get(Math.floor(index / this.size))?.[index % this.size] ?? null
  }

  /** The place of an item among those that are here; -1 where it is none of them. */
  indexOf(isIt: (item: T) => boolean): number {
    for (const [page, items] of this.#pages) {
      const within = items.findIndex(isIt)
      if (within >= 0) return page * this.size + within
    }
    return -1
  }

  /** Row numbers for a virtual list. */
  readonly rows = $derived(Array.from({ length: this.total ?? 0 }, (_, index) => index))

  /** Called for a row in view that is not here: it came into view, or what was here is of an earlier question. */
  need(index: number): void {
    void this.#load(Math.floor(index / this.size))
  }

  /** Asks anew, because the question or the data changed. What is on screen stays until the answer is here. */
  async restart(): Promise<void> {
    this.#turn++
    this.#asked.clear()
    await this.#load(0, true)
  }

  async #load(page: number, first = false): Promise<void> {
    if (this.#asked.has(page)) return
    this.#asked.add(page)
    const turn = this.#turn
    try {
      const { total, items } = await this.#ask(page * this.size, this.size)
      if (turn !== this.#turn) return
      if (first) this.#pages.clear()
      this.#pages.set(page, items)
      this.total = total
      this.problem = null
    } catch (thrown) {
      if (turn !== this.#turn) return
      this.#asked.delete(page)
      this.problem = problemOf(thrown)
    }
  }
}
