import type { Client } from '../api/client.ts'

/** Where half-filled forms are kept. */
export interface DraftStore {
  read(name: string): string | null
  keep(name: string, text: string): void
  forget(name: string): void
}

const pause = 200

/**
 * Half-filled forms, kept by the backend with the home: the browser's own storage hangs on the port of the host, which is
 * another one after every restart. Read once at the first contact; what changes is sent after a moment's pause.
 */
export class Drafts implements DraftStore {
  /** Forms wait for this, so that none begins empty that was begun before. */
  ready = $state(false)
  readonly #client: Client
  readonly #kept = new Map<string, string>()
  readonly #unsent = new Map<string, string | null>()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(client: Client) {
    this.#client = client
    if (typeof addEventListener === 'function') addEventListener('pagehide', () => this.#send())
  }

  async load(): Promise<void> {
    if (this.ready) return
    try {
      for (const { name, text } of await this.#client.lab.drafts({}))
        if (!this.#kept.has(name)) this.#kept.set(name, text)
    } catch {
      // Forms begin empty then; whatever is wrong with the lab shows on the page itself.
    }
    this.ready = true
  }

  read(name: string): string | null {
    return this.#kept.get(name) ?? null
  }

  keep(name: string, text: string): void {
    if (this.#kept.get(name) === text) return
    this.#kept.set(name, text)
    this.#later(name, text)
  }

  forget(name: string): void {
    if (this.#kept.delete(name)) this.#later(name, null)
  }

  #later(name: string, text: string | null): void {
    this.#unsent.set(name, text)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#send(), pause)
  }

  #send(): void {
    const unsent = [...this.#unsent]
    this.#unsent.clear()
    for (const [name, text] of unsent)
      // While the lab is away the form is still on the page; its next change is sent again.
      void this.#client.lab.keepDraft({ name, text }).catch(() => undefined)
  }
}
