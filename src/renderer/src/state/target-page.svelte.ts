import type { MetricName, QuerySet, Target } from '../../../main/contract/data.ts'
import { usualQueries } from '../../../main/contract/kinds/data.ts'
import type { Client, Outputs } from '../api/client.ts'
import type { LabState } from './lab.svelte.ts'
import { Resource } from './resource.svelte.ts'

/** One target task: its query sets, how it is scored, and the leak check against upstream data. */
export class TargetPage {
  readonly target: Resource<Target>
  readonly querySets: Resource<QuerySet[]>
  readonly leaks: Resource<Outputs['targets']['leaks']>
  size = $state(usualQueries.size)
  rounds = $state(usualQueries.rounds)
  seed = $state(usualQueries.seed)
  against = $state('')
  checkJob = $state<string | null>(null)
  readonly #client: Client
  readonly #lab: LabState
  readonly #id: string

  constructor(client: Client, lab: LabState, id: string) {
    this.#client = client
    this.#lab = lab
    this.#id = id
    this.target = new Resource(() => client.targets.get({ id }))
    this.querySets = new Resource(() => client.targets.querySets({ id }))
    this.leaks = new Resource(() => client.targets.leaks({ id, datasetId: this.against }))
  }

  async sample(): Promise<void> {
    const sets = await this.#lab.attempt(() =>
      this.#client.targets.sampleQueries({ id: this.#id, size: this.size, rounds: this.rounds, seed: this.seed })
    )
    if (sets) await this.querySets.load()
  }

  /** Questions that were typed or pasted become a query set. */
  async addQueries(text: string): Promise<boolean> {
    const texts = text.split(/\r\n?|\n/).filter((line) => line.trim() !== '')
    const sets = await this.#lab.attempt(() => this.#client.targets.addQueries({ id: this.#id, texts }))
    if (sets) this.querySets.set(sets)
    return sets !== null
  }

  async update(change: { metrics?: MetricName[]; answerBy?: Target['answerBy'] }): Promise<void> {
    const target = await this.#lab.attempt(() => this.#client.targets.update({ id: this.#id, ...change }))
    if (target) this.target.set(target)
  }

  setAgainst(datasetId: string): void {
    this.against = datasetId
    if (datasetId) void this.leaks.load()
    else this.leaks.clear()
  }

  async check(): Promise<void> {
    const job = await this.#lab.attempt(() =>
      this.#client.targets.checkLeaks({ id: this.#id, datasetId: this.against })
    )
    this.checkJob = job?.id ?? null
  }
}
