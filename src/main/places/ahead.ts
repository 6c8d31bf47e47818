import { messageOf } from '../contract/error.ts'
import type { HashCache } from '../files/hashed-files.ts'
import type { Needs } from '../contract/worker-messages.ts'
import type { AheadTask } from '../jobs/worker-process.ts'
import { sendInputs } from './carry.ts'
import { jobFileOf } from './job-file.ts'
import type { PlaceLink } from './link.ts'
import type { SlurmOptions } from './agent/protocol.ts'

/** What it needs of whoever looks after the jobs of the place. */
export interface AheadParts {
  link: PlaceLink
  hashes: HashCache
  threads: number
  slurm: (needs: Needs | null) => SlurmOptions
  gatherMilliseconds: number
  largestArray: number
  signal: AbortSignal
  /** Files go over one after the other. */
  inTurn<T>(work: () => Promise<T>): Promise<T>
}

interface Handed {
  task: AheadTask
  /** Fulfilled once Slurm has it, or it is known that this has to wait for the lab. */
  settled: Promise<boolean>
  withdrawn: boolean
}

interface Ready {
  task: AheadTask
  end: (handed: boolean) => void
}

/** What tasks of one array have in common. */
interface Asked {
  slurm: SlurmOptions
  after: string[]
}

/**
 * Jobs that are handed to Slurm before their turn in the lab's queue: they name the jobs whose results they need, and start there
 * when those have ended well, also while no lab is open. Whatever goes wrong here is not lost: the queue begins each of them in its
 * turn, and finds there what is there.
 */
export class AheadJobs {
  readonly #parts: AheadParts
  readonly #handed = new Map<string, Handed>()
  /** Of jobs that were begun in the usual way: fulfilled when the scheduler has them. */
  readonly #begun = new Map<string, PromiseWithResolvers<boolean>>()
  readonly #had = new Set<string>()
  readonly #ready: Ready[] = []
  #preparing = 0
  #gathering = false

  constructor(parts: AheadParts) {
    this.#parts = parts
  }

  /** The scheduler has this job, or (false) it ended before that. */
  begun(id: string, handed: boolean): void {
    this.#beginning(id).resolve(handed)
    if (!handed) {
      this.#begun.delete(id)
      this.#had.delete(id)
      return
    }
    // Put into the scheduler's queue anew: what waited there for its earlier number has been taken out.
    if (this.#had.has(id))
      for (const { task, withdrawn } of [...this.#handed.values()])
        if (!withdrawn && task.after.some((before) => before.id === id)) this.add(task)
    this.#had.add(id)
  }

  add(task: AheadTask): void {
    const { id } = task.start
    const one: Handed = { task, settled: Promise.resolve(false), withdrawn: false }
    one.settled = this.#hand(one).catch((thrown: unknown) => {
      if (this.#parts.signal.aborted) return false
      task.log(`The job could not be handed in ahead, and waits for its turn here. ${messageOf(thrown)}`)
      return false
    })
    this.#handed.set(id, one)
  }

  /** Its turn has come, or it is over: waits for what is under way, and says whether it had been handed in. */
  async take(id: string): Promise<boolean> {
    const one = this.#handed.get(id)
    if (one === undefined) return false
    this.#handed.delete(id)
    return one.settled
  }

  /** It shall not start there any more. */
  async withdraw(id: string): Promise<void> {
    const one = this.#handed.get(id)
    if (one === undefined) return
    one.withdrawn = true
    if (!(await this.take(id))) return
    await this.#parts.link.ask('stop', { id })
    await this.#parts.link.ask('again', { id })
  }

  #beginning(id: string): PromiseWithResolvers<boolean> {
    const known = this.#begun.get(id) ?? Promise.withResolvers<boolean>()
    this.#begun.set(id, known)
    return known
  }

  async #hand(one: Handed): Promise<boolean> {
    const { task } = one
    const { start, after } = task
    const { link, hashes, threads, signal } = this.#parts
    for (const { id } of after) {
      const before = this.#handed.get(id)?.settled ?? this.#beginning(id).promise
      if (!(await before)) return false
    }
    if (one.withdrawn) return false
    this.#preparing++
    try {
      const file = await jobFileOf(start, threads, hashes, after)
      await this.#parts.inTurn(() => sendInputs(link, start.home, file.inputs, signal))
      const { state } = await link.ask('open', { id: start.id }, Buffer.from(JSON.stringify(file)))
      if (one.withdrawn) return false
      // Handed in by a lab before this one.
      if (!['new', 'gone', 'handed-back'].includes(state)) return true
    } finally {
      this.#preparing--
    }
    const { promise, resolve } = Promise.withResolvers<boolean>()
    this.#ready.push({ task, end: resolve })
    this.#gather()
    return promise
  }

  #gather(): void {
    if (this.#gathering) return
    this.#gathering = true
    const look = () => {
      if (this.#preparing > 0 && !this.#parts.signal.aborted)
        return void setTimeout(look, this.#parts.gatherMilliseconds)
      this.#gathering = false
      void this.#submit()
    }
    setTimeout(look, this.#parts.gatherMilliseconds)
  }

  /** Those that wait for the same jobs, and need the same of the cluster, go as one array. */
  async #submit(): Promise<void> {
    const all = this.#ready.splice(0)
    // A lab that closes has no list of places any more; the next one finds these jobs in its own queue.
    if (this.#parts.signal.aborted) return all.forEach(({ end }) => end(false))
    const groups = Map.groupBy(all, ({ task: { start, after } }) => {
      const slurm = this.#parts.slurm(start.needs ?? null)
      return JSON.stringify({ slurm, after: after.map(({ id }) => id).sort() })
    })
    for (const [asked, group] of groups)
      for (let first = 0; first < group.length; first += this.#parts.largestArray)
        await this.#submitGroup(group.slice(first, first + this.#parts.largestArray), JSON.parse(asked) as Asked)
  }

  async #submitGroup(group: readonly Ready[], asked: Asked): Promise<void> {
    const ids = group.map(({ task }) => task.start.id)
    try {
      await this.#parts.link.ask('submit', { by: 'slurm', ids, ...asked })
      for (const { task, end } of group) {
        task.log(
          'Handed to Slurm: it starts there by itself when what it needs has finished, also while this lab is closed.'
        )
        end(true)
      }
    } catch (thrown) {
      if (this.#parts.signal.aborted) return group.forEach(({ end }) => end(false))
      for (const { task, end } of group) {
        task.log(`Slurm did not take the job ahead; it waits for its turn here. ${messageOf(thrown)}`)
        end(false)
      }
    }
  }
}
