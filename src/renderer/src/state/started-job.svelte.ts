import { untrack } from 'svelte'
import type { Job } from '../../../main/contract/jobs.ts'
import type { Client } from '../api/client.ts'
import { problemOf, type Problem } from '../api/problem.ts'
import type { LabState } from './lab.svelte.ts'
import { Resource } from './resource.svelte.ts'
import type { Route } from './route.svelte.ts'

/** A job that a page has started, found again by its id after a reload. */
export class StartedJob {
  problem = $state.raw<Problem | null>(null)
  starting = $state(false)
  #id = $state<string | null>(null)
  readonly #lab: LabState
  readonly #first: Resource<Job>

  constructor(client: Client, lab: LabState, id: string | null) {
    this.#lab = lab
    this.#id = id
    this.#first = new Resource(() => client.jobs.get({ id: this.#id ?? '' }))
    if (id !== null) void this.#first.load()
  }

  get id(): string | null {
    return this.#id
  }

  /** Null where none was started, or its record is gone. */
  get job(): Job | null {
    if (this.#id === null || this.#lab.removedJobs.has(this.#id)) return null
    return this.#lab.jobs.get(this.#id) ?? (this.#first.value?.id === this.#id ? this.#first.value : null)
  }

  /** Where its record is not at hand: it is being asked for, the lab cannot be asked, or it is gone. */
  get missing(): { state: 'asking' | 'gone' } | { state: 'problem'; problem: Problem } | null {
    if (this.#id === null || this.job !== null) return null
    const { problem } = this.#first
    if (this.#lab.removedJobs.has(this.#id) || problem?.code === 'not-found') return { state: 'gone' }
    return problem === null ? { state: 'asking' } : { state: 'problem', problem }
  }

  look(): void {
    void this.#first.load()
  }

  async start(begin: () => Promise<Job>): Promise<void> {
    this.starting = true
    this.problem = null
    try {
      const job = await begin()
      this.#first.set(job)
      this.#id = job.id
    } catch (thrown) {
      this.problem = problemOf(thrown)
    } finally {
      this.starting = false
    }
  }

  forget(): void {
    this.#id = null
    this.problem = null
  }
}

/** One that the address names, so that a reload finds it again. Called while a component is set up. */
export function startedAt(
  { client, lab, route }: { client: Client; lab: LabState; route: Route },
  name: string
): StartedJob {
  const work = untrack(() => new StartedJob(client, lab, route.query[name] ?? null))
  $effect(() => {
    const { id } = work
    untrack(() => route.set({ [name]: id }))
  })
  return work
}
