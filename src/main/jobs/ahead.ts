import type { Needs } from '../contract/worker-messages.ts'
import type { JobRecord } from '../store/schema.ts'
import type { Store } from '../store/store.ts'
import type { WorkerStarter } from './worker-process.ts'

/**
 * Jobs that wait in the queue for others of the same place go there before their turn, where the place's scheduler can keep the
 * order by itself. In the queue nothing changes: they wait until what they need is recorded here, and are found there then.
 */
export class AheadOfTurn {
  readonly #store: Store
  readonly #workers: (place: string) => WorkerStarter
  readonly #needs: (job: JobRecord) => Needs
  /** Ids of jobs that went there, with their place. */
  readonly #gone = new Map<string, string>()
  #asked = false
  #closed = false

  constructor(store: Store, workers: (place: string) => WorkerStarter, needs: (job: JobRecord) => Needs) {
    this.#needs = needs
    this.#store = store
    this.#workers = workers
  }

  /** Something of the queue is not as it was at the last look. */
  changed(): void {
    this.#asked = true
  }

  /** Hands over what can be; `may`: ids of the jobs of this lab alone, or null. */
  look(may: ReadonlySet<string> | null): void {
    if (!this.#asked) return
    this.#asked = false
    const waiting = this.#store.jobs.waitingAtPlaces().filter(({ job }) => may === null || may.has(job.id))
    // What waits for something that itself went ahead goes too: the list is in the order of the queue.
    for (const { job, needs } of waiting) {
      if (this.#gone.has(job.id)) continue
      const open = needs.filter(({ status, recorded }) => status !== 'finished' || !recorded)
      const there = open.every(
        (need) => need.place === job.place && (need.status === 'running' || this.#gone.has(need.id))
      )
      if (there) this.#hand(job, open)
    }
  }

  /** Its turn has come here. */
  began(id: string): void {
    this.#gone.delete(id)
  }

  /** It ended, or is to wait, before its turn. */
  withdraw(id: string): void {
    const place = this.#gone.get(id)
    if (place === undefined) return
    this.#gone.delete(id)
    this.#starter(place)?.withdraw?.(id)
  }

  /** The lab ends: what is there stays there. */
  close(): void {
    this.#closed = true
  }

  #hand(job: JobRecord, needs: readonly { id: string; folder: string }[]): void {
    const starter = this.#starter(job.place!)
    if (starter?.ahead === undefined) return
    this.#gone.set(job.id, job.place!)
    const { id, kind, input, folder, cores } = job
    const threads = cores ?? this.#store.settings.get().threads
    starter.ahead({
      start: {
        type: 'start',
        id,
        kind,
        input,
        folder,
        home: this.#store.database.home,
        threads,
        needs: this.#needs(job)
      },
      after: needs.map((need) => ({ id: need.id, folder: need.folder })),
      log: (text) => (this.#closed ? undefined : this.#store.jobHistory.log(id, 'info', text))
    })
  }

  /** Undefined where the place has been taken off the list. */
  #starter(place: string): WorkerStarter | undefined {
    try {
      return this.#workers(place)
    } catch {
      return undefined
    }
  }
}
