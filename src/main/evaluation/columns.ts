import { inColumnOrder, type Column, type ComparisonTest } from '../contract/comparison.ts'
import { variantKey } from '../contract/sweep.ts'
import { inWords, settingName } from './settings.ts'
import { strategies, type StrategyName } from '../contract/strategies.ts'

/** What tells to which column a run belongs. `source` is set where runs of several experiments are compared. */
export interface RunPlace {
  strategy: StrategyName
  ablatedGroup: string | null
  variant?: Column['variant']
  source?: Column['source']
}

/** The column that a run belongs to: its strategy, without the group that was left out, with the values that a sweep gave it. */
export function columnOf({ strategy, ablatedGroup, variant = [], source = null }: RunPlace): Omit<Column, 'baseline'> {
  const without = ablatedGroup === null ? '' : ` without ${ablatedGroup}`
  const varied = variant.length === 0 ? '' : ` [${variantKey(variant)}]`
  const values = variant.map(({ path, value, label }) => `, ${settingName(path)} ${label ?? inWords(value)}`).join('')
  return {
    key: `${strategy}${without}${varied}${source === null ? '' : ` @${source.id}`}`,
    label: `${strategies[strategy].label}${without}${values}${source === null ? '' : ` (${source.name})`}`,
    strategy,
    ablatedGroup,
    variant,
    source
  }
}

/** The columns of some runs, zero-shot first, each strategy followed by its ablations. */
export function columnsOf(runs: readonly RunPlace[]): Column[] {
  const byKey = new Map(runs.map((run) => columnOf(run)).map((column) => [column.key, column]))
  const columns = inColumnOrder([...byKey.values()])
  const untuned = columns.filter((column) => column.strategy === 'zero-shot')
  return columns.map((column) => ({ ...column, baseline: baselineOf(column, untuned)?.key ?? null }))
}

/** The untuned model of the column's own experiment; else one with the same base model. */
function baselineOf<C extends Omit<Column, 'baseline'>>(column: C, untuned: readonly C[]): C | undefined {
  if (column.strategy === 'zero-shot') return undefined
  const own = untuned.filter((one) => one.source?.id === column.source?.id)
  return (
    own.find((one) => isSameVariant(one, column)) ??
    own.find((one) => one.variant.length === 0) ??
    untuned.find((one) => one.source?.modelId === column.source?.modelId && isSameVariant(one, column))
  )
}

function isSameVariant(a: Pick<Column, 'variant'>, b: Pick<Column, 'variant'>): boolean {
  return variantKey(a.variant) === variantKey(b.variant)
}

/**
 * Whether two columns of a sweep are tested against each other: strategies at the same value, or with one that is the same for
 * all values; and every value of a strategy with its first.
 */
function meetInSweep(column: Column, against: Column, columns: readonly Column[]): boolean {
  if (column.source?.id !== against.source?.id) return isSameVariant(column, against)
  const alike = column.strategy === against.strategy && column.ablatedGroup === against.ablatedGroup
  if (!alike) return isSameVariant(column, against) || column.variant.length === 0 || against.variant.length === 0
  const first = columns.find(
    (one) =>
      one.strategy === against.strategy &&
      one.ablatedGroup === against.ablatedGroup &&
      one.source?.id === against.source?.id
  )
  return against.key === first?.key
}

/** Which columns are tested against which: every one against zero-shot, retrieval against random and each other. */
export function testedPairs(columns: readonly Column[]): { column: Column; against: Column }[] {
  const pairs: { column: Column; against: Column }[] = []
  columns.forEach((column, at) => {
    for (const against of columns.slice(0, at)) {
      const ablation = column.ablatedGroup !== null || against.ablatedGroup !== null
      const sameSource = column.source?.id === against.source?.id
      const ownBase = sameSource && against.ablatedGroup === null && against.strategy === column.strategy
      const untuned = against.strategy === 'zero-shot' && column.strategy !== 'zero-shot'
      if (!untuned && !meetInSweep(column, against, columns)) continue
      if (untuned ? against.key === column.baseline : !ablation || ownBase) pairs.push({ column, against })
    }
  })
  return pairs
}

interface TestedColumns {
  columns: readonly Column[]
  tests: readonly ComparisonTest[]
}

/** The tests of tuned columns against their untuned model, or against random of the same experiment. */
export function testsAgainst({ columns, tests }: TestedColumns, strategy: 'zero-shot' | 'random'): ComparisonTest[] {
  const byKey = new Map(columns.map((column) => [column.key, column]))
  return tests.filter((test) => {
    const column = byKey.get(test.column)
    const against = byKey.get(test.against)
    if (strategy === 'zero-shot') return column?.baseline === test.against
    if (against?.strategy !== 'random' || against.source?.id !== column?.source?.id) return false
    return column?.strategy !== 'random'
  })
}

/** The test of a tuned column against its untuned model; undefined where there is none. `targetId` null: all targets. */
export function testAgainstZeroShot(
  comparison: TestedColumns,
  targetId: string | null,
  column: string
): ComparisonTest | undefined {
  return testsAgainst(comparison, 'zero-shot').find((test) => test.targetId === targetId && test.column === column)
}
