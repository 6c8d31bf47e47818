import { SvelteMap } from 'svelte/reactivity'
import type { Asked } from '../../../main/contract/tuned-models.ts'
import type { Client, Outputs } from '../api/client.ts'
import { problemOf, type Problem } from '../api/problem.ts'

export type Reply =
  | { state: 'waiting' }
  | { state: 'asking' }
  | { state: 'answered'; given: Outputs['models']['ask'] }
  | { state: 'failed'; problem: Problem }

/**
 * One text put to several models. They are asked one after the other, as each needs its own memory; who has answered is shown at
 * once. A new question, or leaving the page, ends an old one.
 */
export class Asking {
  text = $state('')
  /** The text that the replies belong to. */
  asked = $state.raw<string | null>(null)
  readonly replies = new SvelteMap<string, Reply>()
  busy = $state(false)
  readonly #client: Client
  #control: AbortController | null = null

  constructor(client: Client) {
    this.#client = client
  }

  async ask(whom: readonly { key: string; of: Asked }[]): Promise<void> {
    const text = this.text.trim()
    if (text === '' || whom.length === 0) return
    this.stop()
    const control = new AbortController()
    this.#control = control
    this.asked = text
    this.busy = true
    this.replies.clear()
    for (const { key } of whom) this.replies.set(key, { state: 'waiting' })
    for (const { key, of } of whom) {
      this.replies.set(key, { state: 'asking' })
      const reply = await this.#one(of, text, control.signal)
      if (control.signal.aborted) return
      this.replies.set(key, reply)
    }
    this.busy = false
  }

  stop(): void {
    this.#control?.abort()
    this.busy = false
    for (const [key, { state }] of this.replies) if (state === 'waiting' || state === 'asking') this.replies.delete(key)
  }

  async #one(of: Asked, text: string, signal: AbortSignal): Promise<Reply> {
    try {
      return { state: 'answered', given: await this.#client.models.ask({ of, text }, { signal }) }
    } catch (thrown) {
      return { state: 'failed', problem: problemOf(thrown) }
    }
  }
}
