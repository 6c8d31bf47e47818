import { LabError } from '../contract/error.ts'
import { questionSchemas, type QuestionKind, type QuestionOutput } from '../contract/questions.ts'
import { fromWireError } from '../contract/wire-error.ts'
import type { QuestionRequest } from './input.ts'
import type { Outcome } from './pooled-worker.ts'
import type { WorkerPool } from './pool.ts'
import type { Room } from '../costs/room.ts'
import { labClosed } from './underway.ts'

const graceMilliseconds = 3000

export interface QuestionsOptions {
  /** How many are answered at the same time. */
  atOnce: number
  settings: () => { home: string; threads: number }
  /** The machine for itself; returns how to give it back. Throws `machine-busy`. */
  claim: (signal?: AbortSignal) => Promise<() => void>
  /** How much memory the work on an input may need. */
  room: (kind: QuestionKind, input: unknown) => Room
  /** Other limits than those of the contract, in seconds. */
  seconds?: Partial<Record<QuestionKind, number>>
}

/** Questions to workers, answered as soon as a worker and what they need of the machine is there. None waits for ever. */
export class Questions {
  readonly #pool: WorkerPool
  readonly #options: QuestionsOptions
  #asked = 0
  #running = 0
  readonly #waiting: (() => void)[] = []

  constructor(pool: WorkerPool, options: QuestionsOptions) {
    this.#pool = pool
    this.#options = options
  }

  /** Throws what the worker threw, `worker-crashed`, `too-slow`, `machine-busy`; an abort of the signal cancels it. */
  async ask<K extends QuestionKind>(
    kind: K,
    input: QuestionRequest<K>,
    signal?: AbortSignal
  ): Promise<QuestionOutput<K>> {
    signal?.throwIfAborted()
    const { resource, retries } = questionSchemas[kind].policy
    const giveBack = resource === 'accelerator' ? await this.#options.claim(signal) : undefined
    if (this.#running >= this.#options.atOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#running++
    try {
      signal?.throwIfAborted()
      let outcome = await this.#once(kind, input, signal)
      for (let again = retries; again > 0 && outcome.type === 'crashed'; again--) {
        outcome = await this.#once(kind, input, signal)
      }
      // That its worker is gone is no fault of the worker's then.
      if (outcome.type === 'crashed' && this.#pool.closed) throw labClosed()
      return answer<K>(outcome)
    } finally {
      this.#running--
      this.#waiting.shift()?.()
      giveBack?.()
    }
  }

  async #once(kind: QuestionKind, input: unknown, signal?: AbortSignal): Promise<Outcome> {
    const worker = this.#pool.take(kind, this.#options.room(kind, input))
    let force: NodeJS.Timeout | undefined
    const cancel = () => {
      worker.control('cancel')
      force = setTimeout(() => worker.kill(), graceMilliseconds)
    }
    signal?.addEventListener('abort', cancel, { once: true })
    const given = Promise.withResolvers<never>()
    const giveUp = (error: LabError) => {
      given.reject(error)
      worker.kill()
    }
    const seconds = this.#options.seconds?.[kind] ?? questionSchemas[kind].policy.seconds
    const limit = setTimeout(() => giveUp(tooSlow(kind, seconds)), seconds * 1000)
    try {
      const task = { id: `question-${++this.#asked}`, kind, input, folder: null, ...this.#options.settings() }
      const answering = (answers: boolean) => (answers ? undefined : giveUp(silent(kind)))
      return await Promise.race([worker.run(task, { answering }), given.promise])
    } finally {
      clearTimeout(force)
      clearTimeout(limit)
      signal?.removeEventListener('abort', cancel)
      this.#pool.release(worker)
    }
  }
}

function answer<K extends QuestionKind>(outcome: Outcome): QuestionOutput<K> {
  if (outcome.type === 'finished') return outcome.output as QuestionOutput<K>
  throw outcome.type === 'cancelled' ? cancelled() : fromWireError(outcome.error)
}

function cancelled(): LabError {
  return new LabError('cancelled', 'The question was withdrawn.')
}

function tooSlow(kind: QuestionKind, seconds: number): LabError {
  const file =
    'The file may be damaged, or made so that reading it never ends; where the computer was only busy, try again.'
  const message =
    kind === 'preview-import'
      ? `Looking at the head of this file took more than ${seconds} seconds and was stopped. ${file}`
      : `The answer took more than ${seconds} seconds and was given up. Ask for less, or try again when the computer is less busy.`
  return new LabError('too-slow', message, { details: { kind, seconds } })
}

function silent(kind: QuestionKind): LabError {
  return new LabError(
    'worker-silent',
    'The worker process does not answer: it was stopped, waits for a disk or a network drive, or the computer is short of memory. Try again when that is over.',
    { details: { kind } }
  )
}
