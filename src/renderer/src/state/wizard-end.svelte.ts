import type { Job, Outcome } from '../../../main/contract/jobs.ts'
import type { Client } from '../api/client.ts'
import type { Problem } from '../api/problem.ts'
import type { LabState } from './lab.svelte.ts'
import { Resource } from './resource.svelte.ts'

/** A thing of the lab as the end of a wizard shows it: what it holds, and what one can do with it now. */
export interface Made {
  href: string
  name: string
  /** Counts and sizes, each a few words. */
  facts: string[]
  next: { href: string; label: string }[]
}

/** How things stand at the end of a wizard. Each has its words and a way on; none is told by comparing lists. */
export type End =
  | { state: 'asking' }
  /** The lab could not be asked. */
  | { state: 'problem'; problem: Problem }
  | { state: 'working'; job: Job }
  /** Failed, crashed or cancelled. */
  | { state: 'stopped'; job: Job }
  | { state: 'made'; made: Made }
  /** The very same thing was in the lab already. */
  | { state: 'found'; made: Made }
  /** Made, and deleted since. */
  | { state: 'deleted' }
  /** Finished, and nobody says with what: a job of an older version of the lab. */
  | { state: 'unknown'; job: Job }
  /** Taken off the list of jobs. */
  | { state: 'gone' }

export type EndState = End['state']

/** Finds the thing that a job made; null: it is not there; undefined: the list of things is being asked for. */
export type FindMade = (outcome: Outcome) => Made | null | undefined

interface Seen {
  job: Job | null
  problem: Problem | null
  removed: boolean
}

const stopped: readonly Job['status'][] = ['failed', 'crashed', 'cancelled']

function endOf({ job, problem, removed }: Seen, find: FindMade): End {
  if (job?.status === 'finished') {
    // What was made is known, whether or not the job is still on the list.
    if (job.outcome === null) return { state: 'unknown', job }
    if (job.outcome.what === 'job') return { state: 'working', job }
    const made = find(job.outcome)
    if (made === undefined) return { state: 'asking' }
    if (made === null) return { state: 'deleted' }
    return { state: job.outcome.already ? 'found' : 'made', made }
  }
  if (removed || problem?.code === 'not-found') return { state: 'gone' }
  if (job === null) return problem ? { state: 'problem', problem } : { state: 'asking' }
  return stopped.includes(job.status) ? { state: 'stopped', job } : { state: 'working', job }
}

/** Follows the work of a wizard to its end, through the jobs that go on where another has ended. */
export class WizardEnd {
  readonly #lab: LabState
  readonly #find: FindMade
  #id = $state('')
  readonly #first: Resource<Job>

  constructor(client: Client, lab: LabState, jobId: string, find: FindMade) {
    this.#lab = lab
    this.#find = find
    this.#id = jobId
    this.#first = new Resource(() => client.jobs.get({ id: this.#id }))
  }

  readonly end: End = $derived.by(() => {
    const job = this.#lab.jobs.get(this.#id) ?? this.#first.value
    return endOf({ job, problem: this.#first.problem, removed: this.#lab.removedJobs.has(this.#id) }, this.#find)
  })

  load(): void {
    void this.#first.load()
  }

  /** A job that has handed its work on to another is followed there. */
  follow(): void {
    if (this.end.state !== 'working') return
    const { outcome } = this.end.job
    if (outcome?.what !== 'job') return
    this.#id = outcome.id
    this.#first.clear()
    this.load()
  }
}
