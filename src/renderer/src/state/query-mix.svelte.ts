import type { Example, QuerySet } from '../../../main/contract/data.ts'
import {
  strategyOfIndex,
  usualStrategy,
  type SelectorName,
  type StrategyName
} from '../../../main/contract/strategies.ts'
import type { Index } from '../../../main/contract/models.ts'
import { retrievalSettingsSchema } from '../../../main/contract/run-settings.ts'
import type { Client, Outputs } from '../api/client.ts'
import { Resource } from './resource.svelte.ts'

type Retrieved = Outputs['indices']['retrieve']['retrieved'][number]

interface Brought {
  retrieved: Retrieved[]
  seconds: number
  /** False: nobody has looked yet whether any of these is the target's own data. */
  leaksChecked: boolean
  /** The first of them in full. */
  first: (Retrieved & Pick<Example, 'input' | 'outputs'>)[]
}

interface Choices {
  setId: string
  /** Null: that of the index. */
  strategy: StrategyName | null
  selector: SelectorName
  budget: number
}

const shown = 20

/** What a query set brings out of an index, without an experiment. */
export class QueryMix {
  readonly choices: Choices = $state({ setId: '', strategy: null, selector: 'aggregate-choices', budget: 512 })
  readonly brought: Resource<Brought>
  readonly #index: () => Index | null
  readonly #sets: () => readonly QuerySet[]

  constructor(client: Client, index: () => Index | null, sets: () => readonly QuerySet[]) {
    this.#index = index
    this.#sets = sets
    this.brought = new Resource(async () => {
      const { strategy } = this
      const { setId: querySetId, selector, budget } = this.choices
      const { id = null, datasetId = '', over = 'input' } = index() ?? {}
      const own = strategy === index()?.representation
      const { retrieved, seconds } = await client.indices.retrieve({
        datasetId,
        indexId: own ? id : null,
        strategy,
        querySetId,
        settings: retrievalSettingsSchema.parse({ selector, budget, over: own ? over : 'input' })
      })
      const { checked } = await client.targets.leaks({ id: this.set?.targetId ?? '', datasetId })
      const first = await Promise.all(
        retrieved.slice(0, shown).map(async (one) => {
          const { input, outputs } = await client.data.example({ id: datasetId, exampleId: one.exampleId })
          return { ...one, input, outputs }
        })
      )
      return { retrieved, seconds, leaksChecked: checked, first }
    })
  }

  get strategy(): StrategyName {
    const index = this.#index()
    return this.choices.strategy ?? (index ? strategyOfIndex(index.representation) : usualStrategy)
  }

  get set(): QuerySet | null {
    return this.#sets().find((set) => set.id === this.choices.setId) ?? null
  }

  async retrieve(change: Partial<Choices>): Promise<void> {
    Object.assign(this.choices, change)
    if (this.choices.setId !== '') await this.brought.load()
  }

  /** How many of what was brought are of each group, or of each task. */
  mix(by: 'group' | 'task'): { label: string; value: number }[] {
    const counts = new Map<string, number>()
    for (const one of this.brought.value?.retrieved ?? []) counts.set(one[by], (counts.get(one[by]) ?? 0) + 1)
    return [...counts].map(([label, value]) => ({ label, value })).sort((a, b) => b.value - a.value)
  }
}
