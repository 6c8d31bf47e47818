import { isTuned } from '../../../main/contract/strategies.ts'
import { isUnscored, type Comparison } from '../../../main/contract/comparison.ts'
import type { ExampleRow } from '../../../main/contract/answers.ts'
import type { Client, Outputs } from '../api/client.ts'
import { PagedList } from './paged.svelte.ts'
import { Resource } from './resource.svelte.ts'

export const exampleFilters = ['all', 'fixed', 'broken', 'differ', 'all-wrong', 'all-right'] as const
export type ExampleFilter = (typeof exampleFilters)[number]

interface Win {
  column: string
  fixed: number
  broken: number
}

/** Test questions with every strategy's answer: filter, search, and where an answer came from. */
export class Explorer {
  targetId = $state('')
  round = $state(0)
  column = $state('')
  against = $state('')
  filter = $state<ExampleFilter>('all')
  text = $state('')
  counts = $state.raw<Record<string, number>>({})
  chosen = $state<number | null>(null)
  lineageOf = $state<string | null>(null)
  readonly rounds: number
  readonly list: PagedList<ExampleRow>
  readonly lineage: Resource<Outputs['compare']['lineage']>
  readonly wins: Resource<Win[]>

  constructor(client: Client, comparison: Comparison) {
    const { subject, metric } = comparison
    const zero = comparison.columns.find((column) => !isTuned(column.strategy)) ?? comparison.columns[0]
    const others = comparison.columns.filter((column) => column !== zero)
    this.against = zero?.key ?? ''
    this.column = (others.findLast((column) => column.ablatedGroup === null) ?? others.at(-1) ?? zero)?.key ?? ''
    this.targetId = comparison.targets[0]?.id ?? ''
    // Nothing is right or wrong there: where the answers differ is what there is to see.
    if (isUnscored(comparison)) this.filter = 'differ'
    this.rounds = comparison.rounds
    const question = () => ({ ...subject, metric, targetId: this.targetId, round: this.round, text: this.text })
    this.list = new PagedList<ExampleRow>(async (offset, limit) => {
      const { column, against, filter } = this
      const found = await client.compare.examples({ ...question(), column, against, filter, offset, limit })
      this.counts = found.counts
      return { total: found.total, items: found.rows }
    })
    this.wins = new Resource(() =>
      Promise.all(
        others.map(async ({ key }) => {
          const against = zero?.key ?? ''
          const { counts } = await client.compare.examples({ ...question(), text: '', column: key, against, limit: 1 })
          return { column: key, fixed: counts['fixed'] ?? 0, broken: counts['broken'] ?? 0 }
        })
      )
    )
    this.lineage = new Resource(() => {
      const answer = this.row?.answers[this.lineageOf ?? '']
      return client.compare.lineage({
        runId: answer?.runId ?? '',
        targetId: this.targetId,
        exampleId: this.row?.exampleId ?? 0
      })
    })
  }

  get row(): ExampleRow | null {
    return this.chosen === null ? null : this.list.at(this.chosen)
  }

  /** Another question: the list starts anew. Counts of fixed and broken depend on target and round only. */
  async ask(
    change: Partial<Pick<Explorer, 'targetId' | 'round' | 'column' | 'against' | 'filter' | 'text'>> = {}
  ): Promise<void> {
    Object.assign(this, change)
    this.chosen = null
    this.lineageOf = null
    const otherTest = 'targetId' in change || 'round' in change || this.wins.value === null
    await Promise.all([this.list.restart(), otherTest ? this.wins.load() : null])
  }

  /** Null goes back to the overview. */
  choose(index: number | null): void {
    this.chosen = index
    this.lineageOf = null
  }

  showLineage(column: string): void {
    if (this.lineageOf === column) {
      this.lineageOf = null
      return
    }
    this.lineageOf = column
    this.lineage.clear()
    void this.lineage.load()
  }
}
