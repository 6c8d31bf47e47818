import type { LabError } from '../contract/error.ts'
import type { JobKind, JobOutput } from '../contract/jobs.ts'
import { fromWireError } from '../contract/wire-error.ts'
import type { JobRequest } from './input.ts'
import { policies } from './policies.ts'
import type { Outcome } from './pooled-worker.ts'
import type { WorkerPool } from './pool.ts'

const graceMilliseconds = 3000

/** Questions to workers: jobs that are not stored, answered as soon as a worker is there. */
export class Questions {
  readonly #pool: WorkerPool
  readonly #atOnce: number
  readonly #settings: () => { home: string; threads: number }
  #asked = 0
  #running = 0
  readonly #waiting: (() => void)[] = []

  constructor(pool: WorkerPool, atOnce: number, settings: () => { home: string; threads: number }) {
    this.#pool = pool
    this.#atOnce = atOnce
    this.#settings = settings
  }

  /** Throws what the job threw, or `worker-crashed`; an abort of the signal cancels it. */
  async ask<K extends JobKind>(kind: K, input: JobRequest<K>, signal?: AbortSignal): Promise<JobOutput<K>> {
    signal?.throwIfAborted()
    if (this.#running >= this.#atOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#running++
    try {
      signal?.throwIfAborted()
      let outcome = await this.#once(kind, input, signal)
      for (let again = policies[kind].retries; again > 0 && outcome.type === 'crashed'; again--) {
        outcome = await this.#once(kind, input, signal)
      }
      return answer<K>(outcome)
    } finally {
      this.#running--
      this.#waiting.shift()?.()
    }
  }

  async #once(kind: JobKind, input: unknown, signal?: AbortSignal): Promise<Outcome> {
    const worker = this.#pool.take(kind)
    let force: NodeJS.Timeout | undefined
    const cancel = () => {
      worker.control('cancel')
      force = setTimeout(() => worker.kill(), graceMilliseconds)
    }
    signal?.addEventListener('abort', cancel, { once: true })
    try {
      const task = { id: `question-${++this.#asked}`, kind, input, folder: null, ...this.#settings() }
      return await worker.run(task, {})
    } finally {
      clearTimeout(force)
      signal?.removeEventListener('abort', cancel)
      this.#pool.release(worker)
    }
  }
}

function answer<K extends JobKind>(outcome: Outcome): JobOutput<K> {
  if (outcome.type === 'finished') return outcome.output as JobOutput<K>
  throw outcome.type === 'cancelled' ? cancelled() : fromWireError(outcome.error)
}

function cancelled(): LabError {
  return fromWireError({ code: 'cancelled', message: 'The question was withdrawn.', details: {}, cause: null })
}
