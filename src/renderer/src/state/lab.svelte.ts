import { SvelteMap, SvelteSet } from 'svelte/reactivity'
import type { Change } from '../../../main/contract/events.ts'
import type { Experiment } from '../../../main/contract/experiments.ts'
import { standingOf, type Job, type JobStatus } from '../../../main/contract/jobs.ts'
import type { Client } from '../api/client.ts'
import type { Problem } from '../api/problem.ts'
import { problemOf } from '../api/problem.ts'
import { Brought } from './brought.svelte.ts'
import { Drafts } from './drafts.svelte.ts'
import { OlderExperiments } from './older-experiments.svelte.ts'
import { Resource } from './resource.svelte.ts'

/** Everything that is not over yet: what the tray shows. */
const openStatuses: readonly JobStatus[] = ['running', 'queued', 'paused', 'interrupted']

/** So many experiments every screen knows of; older ones are asked for when they are needed. */
const known = 100

/** The lists that all screens share, kept current by the backend's stream of changes. */
export class LabState {
  readonly client: Client
  readonly home
  readonly settings
  readonly datasets
  readonly targets
  readonly models
  readonly indices
  readonly minings
  readonly places
  /** The newest, and all that are not over, the newest first. */
  readonly experiments
  readonly older: OlderExperiments
  readonly labels
  readonly bin
  readonly drafts: Drafts
  readonly brought: Brought
  /** Jobs that are open or changed since this page came: newest state of each. */
  readonly jobs = new SvelteMap<string, Job>()
  openTotal = $state(0)
  /** Jobs that were taken off the list since this page came. */
  readonly removedJobs = new SvelteSet<string>()
  /** Counts up at each change of the list of jobs, so that a page of it knows when to ask again. */
  jobsTurn = $state(0)
  readonly #notify: (problem: Problem) => void
  #streaming = 0

  constructor(client: Client, notify: (problem: Problem) => void) {
    this.client = client
    this.#notify = notify
    this.home = new Resource(() => client.lab.home({}))
    this.settings = new Resource(() => client.lab.settings({}))
    this.datasets = new Resource(() => client.data.list({}))
    this.targets = new Resource(() => client.targets.list({}))
    this.models = new Resource(() => client.models.list({}))
    this.indices = new Resource(() => client.indices.list({}))
    this.minings = new Resource(() => client.reranking.minings({}))
    this.places = new Resource(() => client.places.list({}))
    this.experiments = new Resource(async () => (await client.experiments.list({ newest: known })).reverse())
    this.older = new OlderExperiments(client)
    this.labels = new Resource(() => client.things.labels({}))
    this.bin = new Resource(() => client.things.bin({}))
    this.drafts = new Drafts(client)
    this.brought = new Brought(client)
  }

  /** Asks for everything and follows the changes. Called at the first contact and after every return. */
  async refresh(): Promise<void> {
    void this.#follow()
    await Promise.all([
      this.drafts.load(),
      this.settings.load(),
      this.home.load(),
      this.datasets.load(),
      this.targets.load(),
      this.models.load(),
      this.indices.load(),
      this.minings.load(),
      this.experiments.load(),
      this.labels.load(),
      this.loadJobs()
    ])
  }

  async loadJobs(): Promise<void> {
    try {
      const { jobs, total } = await this.client.jobs.list({ status: [...openStatuses], limit: 200 })
      this.jobs.clear()
      for (const job of jobs) this.jobs.set(job.id, job)
      this.openTotal = total
      this.jobsTurn++
    } catch (thrown) {
      this.#notify(problemOf(thrown))
    }
  }

  get openJobs(): Job[] {
    return [...this.jobs.values()].filter((job) => openStatuses.includes(job.status)).sort(byUrgency)
  }

  /** Those that go on only when the user says so: they wait for nobody's turn. */
  get pausedTotal(): number {
    return this.openJobs.filter(({ status }) => status === 'paused' || status === 'interrupted').length
  }

  /** Whether there are older ones than every screen knows of. */
  get moreExperiments(): boolean {
    return (this.experiments.value?.length ?? 0) >= known
  }

  /** Null while it is not here, or if it is gone: one that is not among the newest is asked for. */
  experiment(id: string): Experiment | null {
    const found = this.experiments.value?.find((one) => one.id === id)
    return found ?? (this.moreExperiments ? this.older.of(id) : null)
  }

  /** What is being worked on; a job that waits at a place is not. */
  get running(): Job[] {
    return this.openJobs.filter((job) => standingOf(job) === 'running')
  }

  apply(change: Change): void {
    if (change.type === 'job') this.#putJob(change.job)
    else if (change.type === 'job-removed') {
      const job = this.jobs.get(change.id)
      if (job && openStatuses.includes(job.status)) this.openTotal = Math.max(0, this.openTotal - 1)
      this.jobs.delete(change.id)
      this.removedJobs.add(change.id)
      this.jobsTurn++
    } else {
      if (change.what === 'experiments') this.older.forget()
      void this[change.what].load()
    }
  }

  /** Does something and tells the user if it does not work. Null where it failed. */
  async attempt<T>(action: () => Promise<T>): Promise<T | null> {
    try {
      return await action()
    } catch (thrown) {
      this.#notify(problemOf(thrown))
      return null
    }
  }

  #putJob(job: Job): void {
    const before = this.jobs.get(job.id)
    this.jobs.set(job.id, job)
    const wasOpen = before !== undefined && openStatuses.includes(before.status)
    const isOpen = openStatuses.includes(job.status)
    if (wasOpen !== isOpen) this.openTotal = Math.max(0, this.openTotal + (isOpen ? 1 : -1))
    if (before?.status !== job.status) this.jobsTurn++
  }

  /** Reads the stream of changes until it ends; a later call takes over from an earlier one. */
  async #follow(): Promise<void> {
    const turn = ++this.#streaming
    try {
      for await (const change of await this.client.lab.changes({})) {
        if (turn !== this.#streaming) return
        this.apply(change)
      }
    } catch {
      // The wire broke: the connection notices, and calls refresh() when it is back.
    }
  }
}

const urgency: Record<JobStatus, number> = {
  running: 0,
  interrupted: 1,
  paused: 2,
  queued: 3,
  crashed: 4,
  failed: 4,
  cancelled: 5,
  finished: 5
}

function byUrgency(a: Job, b: Job): number {
  return urgency[a.status] - urgency[b.status] || b.priority - a.priority || a.createdAt.localeCompare(b.createdAt)
}
