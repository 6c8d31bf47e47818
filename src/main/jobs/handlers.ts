import type { JobInput, JobKind, JobOutput, Outcome, WireError } from '../contract/jobs.ts'
import type { JobRecord } from '../store/schema.ts'

/** A job that has ended, as feature code sees it. */
export interface EndedJob<K extends JobKind> {
  id: string
  input: JobInput<K>
  folder: string
  experimentId: string | null
}
/** Takes a result in; where that makes a thing of the lab, or finds it there already, it says which. */
export type FinishedHandler<K extends JobKind> = (
  job: EndedJob<K> & { output: JobOutput<K> }
) => Outcome | void | Promise<Outcome | void>
export type StoppedHandler<K extends JobKind> = (
  job: EndedJob<K> & { status: 'failed' | 'crashed' | 'cancelled' | 'interrupted'; error: WireError | null }
) => void | Promise<void>

/** What feature code wants to do when jobs of a kind end. */
export class JobHandlers {
  readonly #finished = new Map<JobKind, FinishedHandler<JobKind>[]>()
  readonly #stopped = new Map<JobKind, StoppedHandler<JobKind>[]>()

  addFinished<K extends JobKind>(kind: K, handler: FinishedHandler<K>): void {
    const handlers = this.#finished.get(kind) ?? []
    this.#finished.set(kind, [...handlers, handler])
  }

  addStopped<K extends JobKind>(kind: K, handler: StoppedHandler<K>): void {
    const handlers = this.#stopped.get(kind) ?? []
    this.#stopped.set(kind, [...handlers, handler])
  }

  /** Gives what the job made or found, if one of the handlers says so. */
  async finished(job: JobRecord): Promise<Outcome | null> {
    const output = job.output as JobOutput<JobKind>
    let outcome: Outcome | null = null
    for (const handler of this.#finished.get(job.kind) ?? [])
      outcome = (await handler({ ...forHandlers(job), output })) ?? outcome
    return outcome
  }

  async stopped(job: JobRecord): Promise<void> {
    const status = job.status as 'failed' | 'crashed' | 'cancelled' | 'interrupted'
    for (const handler of this.#stopped.get(job.kind) ?? []) {
      await handler({ ...forHandlers(job), status, error: job.error })
    }
  }
}

function forHandlers(job: JobRecord): EndedJob<JobKind> {
  return { id: job.id, input: job.input as JobInput<JobKind>, folder: job.folder, experimentId: job.experimentId }
}
