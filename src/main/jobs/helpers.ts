import type { WireError } from '../contract/jobs.ts'
import { toWireError } from '../contract/wire-error.ts'
import type { FromWorker, ToWorker } from '../contract/worker-messages.ts'
import type { PooledWorker, Task, TaskListener } from './pooled-worker.ts'

type Shared = Extract<FromWorker, { type: 'share' }>
type About = Extract<ToWorker, { part: number }>

/** Where workers for parts come from, and go to. */
export interface HelperSource {
  take(): PooledWorker
  release(worker: PooledWorker): void
}

/** Workers of the pool that do parts of a job: they pause, go on and end with it, and it hears how they fare. */
export class Helpers {
  readonly #source: HelperSource
  readonly #tell: (message: About) => void
  readonly #listener: Pick<TaskListener, 'log'> & { answering(worker: PooledWorker, answers: boolean): void }
  readonly #working = new Set<PooledWorker>()
  /** How the process of a part died, where one did: that is what the job died of. */
  crash: WireError | null = null
  #over = false

  constructor(
    source: HelperSource,
    tell: (message: About) => void,
    listener: Pick<TaskListener, 'log'> & { answering(worker: PooledWorker, answers: boolean): void }
  ) {
    this.#source = source
    this.#tell = tell
    this.#listener = listener
  }

  start({ id, kind, inputs, threads }: Shared, { folder, home, stepSeconds }: Task): void {
    for (const [part, input] of inputs.entries())
      void this.#run(part, id, { id: `${id} part ${part}`, kind, input, folder, home, threads, stepSeconds })
  }

  control(type: 'pause' | 'resume' | 'cancel'): void {
    for (const worker of this.#working) worker.control(type)
  }

  /** The job is over: what still works on it works for nobody. */
  end(): void {
    this.#over = true
    for (const worker of this.#working) worker.kill()
  }

  async #run(part: number, id: string, task: Task): Promise<void> {
    let worker: PooledWorker
    try {
      worker = this.#source.take()
    } catch (thrown) {
      return this.#tell({ type: 'part-error', id, part, error: toWireError(thrown) })
    }
    this.#working.add(worker)
    const outcome = await worker.run(task, {
      progress: (progress) => this.#tell({ type: 'part-progress', id, part, progress }),
      log: (level, text) => this.#listener.log?.(level, text),
      answering: (answers) => this.#listener.answering(worker, answers)
    })
    this.#working.delete(worker)
    this.#listener.answering(worker, true)
    this.#source.release(worker)
    // The job may be at work again, under the same id, with parts of its own.
    if (this.#over) return
    if (outcome.type === 'crashed') this.crash = outcome.error
    if (outcome.type === 'finished') this.#tell({ type: 'part-result', id, part, output: outcome.output })
    else if (outcome.type !== 'cancelled') this.#tell({ type: 'part-error', id, part, error: outcome.error })
  }
}
