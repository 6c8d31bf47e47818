import { setTimeout as sleep } from 'node:timers/promises'
import { LabError, messageOf } from '../contract/error.ts'
import type { Place, PlaceCheck, PlaceContents, PlaceForecast, PlaceSettings } from '../contract/places.ts'
import type { Needs } from '../contract/worker-messages.ts'
import { toWireError } from '../contract/wire-error.ts'
import { labClosed } from '../jobs/underway.ts'
import type { WorkerStarter } from '../jobs/worker-process.ts'
import type { Store } from '../store/store.ts'
import { PlaceLink } from './link.ts'
import { commandFor, type Programs } from './programs.ts'
import { PlaceWorkers, type PlaceWorkersOptions } from './place-workers.ts'
import { selfTest } from './self-test.ts'
import { slurmOptionsOf, type Nodes } from './slurm-options.ts'

/** A plan is not held up for longer. */
const forecastMilliseconds = 20_000

/** The places that a lab knows, each with its connection once it is used. */
export class Places {
  readonly #store: Store
  readonly #programs: Programs
  readonly #options: PlaceWorkersOptions
  readonly #open = new Map<string, { link: PlaceLink; workers: PlaceWorkers }>()
  #closed = false

  constructor(store: Store, programs: Programs, options: PlaceWorkersOptions = {}) {
    this.#store = store
    this.#programs = programs
    this.#options = options
  }

  /** Throws `not-found`. */
  workers(id: string): WorkerStarter {
    return this.#opened(this.#store.places.get(id)).workers
  }

  /** Goes through all that a job will need there, up to the first thing that is not as it must be. */
  async check(id: string): Promise<PlaceCheck> {
    this.forget(id)
    const { settings } = this.#store.places.get(id)
    const steps: PlaceCheck['steps'] = []
    let hello: PlaceCheck['hello'] = null
    const step = async (name: string, work: () => Promise<{ found: string; seconds?: number }>): Promise<boolean> => {
      try {
        const { found, seconds = null } = await work()
        steps.push({ name, works: true, found, code: null, seconds })
        return true
      } catch (thrown) {
        // That is no finding about the place.
        if (this.#closed) throw labClosed()
        const { code, message, cause } = toWireError(thrown)
        steps.push({
          name,
          works: false,
          found: cause === null || cause === message ? message : `${message} (${cause})`,
          code,
          seconds: null
        })
        return false
      }
    }
    const { link } = this.#opened(this.#store.places.get(id))
    const works =
      (await step('connection and programs', async () => {
        hello = await link.ask('hello', {})
        return { found: describe(hello) }
      })) &&
      (settings.kind === 'process' || (await step('Slurm', async () => ({ found: describeSlurm(hello, settings) })))) &&
      (await step('self-test', () => selfTest(link, settings)))
    return { checkedAt: new Date().toISOString(), steps, works, hello }
  }

  contents(id: string): Promise<PlaceContents> {
    return this.#opened(this.#store.places.get(id)).link.ask('list', {})
  }

  /**
   * What jobs with these inputs would have to bring there, and how long they would wait. Never throws: what could not be found out
   * in time is null, with the reason.
   */
  async forecast(
    place: Place,
    home: string,
    inputs: readonly unknown[],
    needs: readonly Needs[] = []
  ): Promise<Omit<PlaceForecast, 'stages'>> {
    const { settings, id: placeId } = place
    const { link, workers } = this.#opened(place)
    const slurm = slurmOptionsOf(settings, mostOf(needs), nodesOf(place))
    const { memoryMegabytes, gpus } = slurm
    const asks = settings.kind === 'slurm' ? { memoryMegabytes, gpus } : null
    const known = { placeId, name: settings.name, kind: settings.kind, asks, bytes: null, missingBytes: null }
    const unknown = { ...known, waitSeconds: null, startsAt: null }
    const ask = async () => {
      const waits =
        settings.kind === 'slurm' ? await link.ask('forecast', { slurm }) : { startsAt: null, inSeconds: null }
      const carried = await workers.toCarry(home, inputs)
      return { ...unknown, ...carried, waitSeconds: waits.inSeconds, startsAt: waits.startsAt, problem: null }
    }
    const late = sleep(forecastMilliseconds, undefined, { ref: false }).then(() => ({
      ...unknown,
      problem: `What "${settings.name}" needs and how long it waits was not found out within ${forecastMilliseconds / 1000} seconds.`
    }))
    return Promise.race([ask().catch((thrown: unknown) => ({ ...unknown, problem: messageOf(thrown) })), late])
  }

  /** Deletes there what no unfinished job needs. */
  async clean(id: string, keep: (jobId: string) => boolean): Promise<{ freedBytes: number }> {
    const { link } = this.#opened(this.#store.places.get(id))
    const { jobs } = await link.ask('list', {})
    const ids = jobs
      .filter(({ id: job, state }) => !keep(job) && !['running', 'waiting'].includes(state))
      .map((job) => job.id)
    return link.ask('remove', { ids, objects: true })
  }

  /** Deletes there all that any lab of this user has put there; the next use begins anew. Throws `in-use`. */
  async empty(id: string): Promise<{ freedBytes: number }> {
    try {
      return await this.#opened(this.#store.places.get(id)).link.ask('empty', {})
    } finally {
      this.forget(id)
    }
  }

  /** Lets go of the connection; the next use opens it with what the place is then. */
  forget(id: string): void {
    this.#open.get(id)?.workers.close()
    this.#open.delete(id)
  }

  /** The lab ends: what is at a place stays there, and nothing is asked of it any more. */
  close(): void {
    this.#closed = true
    for (const id of [...this.#open.keys()]) this.forget(id)
  }

  #opened(place: Place): { link: PlaceLink; workers: PlaceWorkers } {
    const { id, settings } = place
    const known = this.#open.get(id)
    if (known !== undefined) return known
    if (this.#closed) throw labClosed()
    const link = new PlaceLink(settings.ssh ?? 'this computer', () => commandFor(settings, this.#programs))
    const nodes = () => nodesOf((this.#closed ? undefined : this.#store.places.find(id)) ?? place)
    const opened = { link, workers: new PlaceWorkers(link, settings, this.#options, nodes) }
    this.#open.set(id, opened)
    return opened
  }
}

/** What Slurm has said of the partitions that may be used. */
function nodesOf({ settings: { partition }, check }: Place): Nodes {
  const all = check?.hello?.slurm?.partitions ?? []
  const named =
    partition === null
      ? all.filter(({ usual }) => usual)
      : all.filter(({ name }) => partition.split(',').includes(name))
  const memory = named.map(({ memoryMegabytes }) => memoryMegabytes).filter((megabytes) => megabytes > 0)
  return {
    memoryMegabytes: memory.length === 0 ? null : Math.max(...memory),
    graphics: named.some(({ gpus }) => gpus?.includes('gpu'))
  }
}

/** What the largest of them needs. */
function mostOf(needs: readonly Needs[]): Needs | null {
  if (needs.length === 0) return null
  const graphics = (['must', 'may'] as const).find((one) => needs.some((job) => job.graphics === one)) ?? 'no'
  return { memoryBytes: Math.max(...needs.map(({ memoryBytes }) => memoryBytes)), graphics }
}

function describe(hello: PlaceCheck['hello']): string {
  const { host, cores, memoryBytes, freeBytes, gpus, processor } = hello!
  const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`
  const graphics = gpus.length === 0 ? 'no graphics processor seen' : gpus.join(', ')
  return `${host}: ${cores} cores (${processor}), ${gigabytes(memoryBytes)} of memory, ${gigabytes(freeBytes)} free on disk, ${graphics}`
}

/** Throws `slurm-missing`, `slurm-partition`. */
function describeSlurm(hello: PlaceCheck['hello'], { partition }: PlaceSettings): string {
  const slurm = hello!.slurm
  if (slurm === null) throw new LabError('slurm-missing', hello!.slurmProblem ?? 'There is no Slurm on this machine.')
  const names = slurm.partitions.map(({ name }) => name)
  if (partition !== null && !partition.split(',').every((name) => names.includes(name)))
    throw new LabError('slurm-partition', `Slurm has no partition "${partition}". It has: ${names.join(', ')}.`)
  const all = slurm.partitions.map(
    ({ name, nodes, cores, timeLimit, usual }) =>
      `${name}${usual ? ' (usual)' : ''}: ${nodes} nodes of ${cores} cores, up to ${timeLimit}`
  )
  return `Slurm ${slurm.version}; ${all.join('; ')}`
}
