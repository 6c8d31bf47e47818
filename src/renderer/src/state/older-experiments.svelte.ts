import { untrack } from 'svelte'
import { SvelteMap } from 'svelte/reactivity'
import type { Experiment } from '../../../main/contract/experiments.ts'
import type { Client } from '../api/client.ts'

/** Experiments that are not among the newest, each asked for once somebody looks for it; those of one moment in one question. */
export class OlderExperiments {
  readonly #known = new SvelteMap<string, Experiment>()
  readonly #asked = new Set<string>()
  #waiting: string[] = []
  readonly #client: Client

  constructor(client: Client) {
    this.#client = client
  }

  /** Null until it is here, and where there is none. Whoever has asked while something was drawn is drawn again. */
  of(id: string): Experiment | null {
    if (id !== '' && !this.#asked.has(id)) {
      this.#asked.add(id)
      this.#waiting.push(id)
      if (this.#waiting.length === 1) queueMicrotask(() => void this.#ask())
    }
    return this.#known.get(id) ?? null
  }

  /** They may have changed: each is asked for anew, and shown as it was until then. */
  forget(): void {
    this.#asked.clear()
    const shown = [...untrack(() => this.#known.keys())]
    for (const id of shown) this.of(id)
  }

  async #ask(): Promise<void> {
    const ids = this.#waiting
    this.#waiting = []
    try {
      const found = await this.#client.experiments.list({ ids })
      for (const experiment of found) this.#known.set(experiment.id, experiment)
      const there = new Set(found.map(({ id }) => id))
      for (const id of ids) if (!there.has(id)) this.#known.delete(id)
    } catch {
      // Without an answer they stay unknown; the next change asks again.
      for (const id of ids) this.#asked.delete(id)
    }
  }
}
