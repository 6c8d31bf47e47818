import type { WireError } from '../contract/jobs.ts'
import { isDiskProblem } from '../files/disk-error.ts'
import type { Store } from '../store/store.ts'
import type { JobBoard } from './board.ts'
import { DiskWatch } from './disk-watch.ts'
import type { Patience } from './patience.ts'
import type { Underway } from './underway.ts'

export interface DiskWaitsParts {
  store: Store
  board: JobBoard
  patience: Patience
  underway: Underway
  /** The home folder. */
  home: string
  /** Ids of the jobs that may run; null for all. */
  own: ReadonlySet<string> | null
  resume: (id: string) => void
}

/** Jobs that a disk stopped: over for nobody, they wait as paused, and go on by themselves or when they are resumed. */
export class DiskWaits {
  readonly #parts: DiskWaitsParts
  readonly #watch: DiskWatch

  constructor(parts: DiskWaitsParts) {
    this.#parts = parts
    this.#watch = new DiskWatch(parts.home, () => this.#look())
  }

  /** Takes up what waited when an earlier lab ended. */
  start(): void {
    if (this.#look()) this.#watch.start()
  }

  stop(): void {
    this.#watch.stop()
  }

  add(id: string, error: WireError): void {
    const { store, board } = this.#parts
    const job = store.jobs.move(id, ['running', 'paused', 'queued'], { status: 'paused', error })
    if (job === undefined) return
    store.jobHistory.log(id, 'warn', error.message)
    board.publish(job)
    this.#watch.start()
  }

  /** Lets go on what waits for a disk that works again; says whether anything still waits. */
  #look(): boolean {
    const { store, patience, underway, own, resume } = this.#parts
    const waiting = store.jobs
      .withStatus('paused')
      .filter(({ id, error }) => error !== null && isDiskProblem(error.code) && own?.has(id) !== false)
    for (const { id, error } of waiting)
      if (this.#watch.passed(error!)) {
        const going = patience.untilWritten(() => {
          resume(id)
          store.jobHistory.log(id, 'info', 'The disk takes writes again: the job goes on.')
        })
        underway.also(going)
      }
    return waiting.length > 0
  }
}
