import {
  inColumnOrder,
  type Cell,
  type Column,
  type Comparison,
  type ComparisonTest,
  type Subject
} from '../../../main/contract/comparison.ts'
import type { ScoringRule } from '../../../main/contract/scoring-rule.ts'
import type { MetricName } from '../../../main/contract/data.ts'
import type { Client } from '../api/client.ts'
import { texts } from '../texts/texts.ts'
import { Resource } from './resource.svelte.ts'

/** A comparison as the screen shows it: which columns are shown, who is best, what the tests say. */
export class ComparePage {
  readonly table: Resource<Comparison>
  metric = $state<MetricName | null>(null)
  hidden = $state.raw<ReadonlySet<string>>(new Set())

  /** `rule`: judges the kept answers in place of the metric. */
  constructor(client: Client, subject: Subject, rule: () => ScoringRule | null = () => null) {
    this.table = new Resource(async () => {
      const judge = rule()
      const table = await client.compare.table({
        ...subject,
        ...(this.metric ? { metric: this.metric } : {}),
        ...(judge ? { rule: judge } : {})
      })
      return { ...table, columns: inColumnOrder(table.columns).map(named) }
    })
  }

  async setMetric(metric: MetricName): Promise<void> {
    this.metric = metric
    await this.table.load()
  }

  /** All columns in the usual order of strategies; left-out groups come after their strategy. */
  readonly columns: Column[] = $derived.by(() => this.comparison?.columns ?? [])
  readonly shown: Column[] = $derived(this.columns.filter((column) => !this.hidden.has(column.key)))
  readonly #cells = $derived.by(
    () =>
      new Map((this.comparison?.cells ?? []).map((cell): [string, Cell] => [keyOf(cell.targetId, cell.column), cell]))
  )
  readonly #tests = $derived.by(
    () =>
      new Map(
        (this.comparison?.tests ?? [])
          .filter((test) => this.#baseline(test.column) === test.against)
          .map((test): [string, ComparisonTest] => [keyOf(test.targetId, test.column), test])
      )
  )

  get comparison(): Comparison | null {
    return this.table.value
  }

  cell(targetId: string | null, column: string): Cell | null {
    return this.#cells.get(keyOf(targetId, column)) ?? null
  }

  /** The paired test of a column against zero-shot, where there is one. */
  test(targetId: string | null, column: string): ComparisonTest | null {
    return this.#tests.get(keyOf(targetId, column)) ?? null
  }

  /** Whether any shown column was tested against zero-shot. */
  get tested(): boolean {
    return this.shown.some(({ key }) => [...this.#tests.values()].some((test) => test.column === key))
  }

  /** The shown column that is better than every other one beyond chance; null where none is. */
  best(targetId: string | null): string | null {
    return this.shown.find((column) => this.cell(targetId, column.key)?.best)?.key ?? null
  }

  /** Keeps at least one column. */
  toggle(column: string): void {
    const hidden = new Set(this.hidden)
    if (!hidden.delete(column)) hidden.add(column)
    if (hidden.size < this.columns.length) this.hidden = hidden
  }

  /** Where tuning made a target worse beyond chance, the worst first. */
  get hurt(): { column: Column; target: string; points: number }[] {
    const names = new Map((this.comparison?.targets ?? []).map((target) => [target.id, target.name]))
    return (this.comparison?.cells ?? [])
      .flatMap((cell) => {
        const column = this.columns.find((entry) => entry.key === cell.column)
        const target = cell.targetId === null ? undefined : names.get(cell.targetId)
        if (!cell.tuningHurt || !column || !target) return []
        return [{ column, target, points: cell.deltaToZeroShot ?? 0 }]
      })
      .sort((a, b) => a.points - b.points)
  }

  /** The column that the headline is about, for its mark. */
  get headlined(): Column | null {
    return this.columns.find((column) => column.key === this.comparison?.headline.column) ?? null
  }

  /** From a little below the lowest to a little above the highest score, in whole fives. */
  get domain(): [number, number] {
    const values = this.shown.flatMap((column) =>
      [...(this.comparison?.targets ?? []).map((target) => target.id), null].flatMap((target) => {
        const summary = this.cell(target, column.key)?.summary
        return summary ? [summary.mean - summary.sd, summary.mean + summary.sd] : []
      })
    )
    if (values.length === 0) return [0, 100]
    const low = Math.floor(Math.min(...values) / 5) * 5
    const high = Math.ceil(Math.max(...values) / 5) * 5
    return low === high ? [low - 5, high + 5] : [low, high]
  }

  #baseline(key: string): string | null {
    return this.columns.find((column) => column.key === key)?.baseline ?? null
  }
}

/** Columns are called as everywhere on the screens, in the user's language. */
function named(column: Column): Column {
  const of = column.source === null ? '' : ` (${column.source.name})`
  return { ...column, label: `${methodOf(column)}${of}` }
}

/** The column's name without that of its experiment: its strategy, the group that was left out, the values of a sweep. */
export function methodOf({
  strategy,
  ablatedGroup,
  variant
}: Pick<Column, 'strategy' | 'ablatedGroup' | 'variant'>): string {
  const without = ablatedGroup === null ? '' : `, ${texts.experiments.page.without(ablatedGroup)}`
  const values = variant.map((one) => `, ${texts.experiments.varied(one)}`).join('')
  return `${texts.strategies[strategy]}${without}${values}`
}

function keyOf(targetId: string | null, column: string): string {
  return `${targetId ?? ''}|${column}`
}
