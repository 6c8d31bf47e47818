import type { Comparison } from '../../../main/contract/comparison.ts'
import type { Client, Outputs } from '../api/client.ts'
import { Resource } from './resource.svelte.ts'

/** What each strategy retrieved for one target in one round. */
export class RetrievedPage {
  targetId = $state('')
  round = $state(0)
  column = $state('')
  readonly rounds: number
  readonly retrieved: Resource<Outputs['compare']['retrieved']>

  constructor(client: Client, comparison: Comparison) {
    this.targetId = comparison.targets[0]?.id ?? ''
    this.rounds = comparison.rounds
    this.retrieved = new Resource(() =>
      client.compare.retrieved({ ...comparison.subject, targetId: this.targetId, round: this.round })
    )
  }

  async ask(change: Partial<Pick<RetrievedPage, 'targetId' | 'round'>> = {}): Promise<void> {
    Object.assign(this, change)
    await this.retrieved.load()
    const columns = this.retrieved.value?.columns ?? []
    if (!columns.some((entry) => entry.column === this.column)) this.column = columns.at(-1)?.column ?? ''
  }
}
