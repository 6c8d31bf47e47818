import type { Change } from '../contract/events.ts'

/** Tells every client what has changed. A slow client gets the newest state of each job, not each step on the way. */
export class Changes {
  readonly #subscribers = new Set<Subscriber>()
  readonly #hearers: ((change: Change) => void)[] = []

  publish(change: Change): void {
    for (const hear of this.#hearers) hear(change)
    for (const subscriber of this.#subscribers) subscriber.add(change)
  }

  /** A list of records has changed, or with an id one record of it. */
  changed(what: Extract<Change, { type: 'changed' }>['what'], id: string | null = null): void {
    this.publish({ type: 'changed', what, id })
  }

  /** Tells somebody in this process of every change, each step on the way included. It must not throw. */
  hear(hearer: (change: Change) => void): void {
    this.#hearers.push(hearer)
  }

  /** What changes from now on, until the signal aborts. Nothing is lost between the call and the first read. */
  subscribe(signal?: AbortSignal): AsyncGenerator<Change, void> {
    const subscriber = new Subscriber()
    this.#subscribers.add(subscriber)
    const end = () => {
      this.#subscribers.delete(subscriber)
      subscriber.end()
    }
    signal?.addEventListener('abort', end, { once: true })
    if (signal?.aborted === true) end()
    return readAll(subscriber, end)
  }

  get subscribers(): number {
    return this.#subscribers.size
  }
}

async function* readAll(subscriber: Subscriber, end: () => void): AsyncGenerator<Change, void> {
  try {
    while (true) {
      const waiting = subscriber.takeAll()
      for (const change of waiting) {
        // Whoever has left wants nothing of what is still there.
        if (subscriber.ended) return
        yield change
      }
      if (subscriber.ended) return
      if (waiting.length === 0) await subscriber.wait()
    }
  } finally {
    end()
  }
}

/** Changes that one client has not read yet; a newer one of the same thing takes the older one's place. */
class Subscriber {
  readonly #waiting = new Map<string, Change>()
  #wake: (() => void) | null = null
  ended = false

  add(change: Change): void {
    const key = keyOf(change)
    this.#waiting.delete(key)
    this.#waiting.set(key, change)
    this.#wake?.()
  }

  takeAll(): Change[] {
    const all = [...this.#waiting.values()]
    this.#waiting.clear()
    return all
  }

  wait(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#wake = resolve
    return promise
  }

  end(): void {
    this.ended = true
    this.#wake?.()
  }
}

function keyOf(change: Change): string {
  if (change.type === 'job') return `job ${change.job.id}`
  if (change.type === 'job-removed') return `job ${change.id}`
  return `${change.what} ${change.id ?? ''}`
}
