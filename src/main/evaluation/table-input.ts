import type { Column } from '../contract/comparison.ts'
import { columnOf, testedPairs } from './columns.ts'
import type { ComparisonInput, Planned, RunAnswers, TargetRows } from './comparison-input.ts'
import { isLabelled, metrics } from './metrics/metrics.ts'
import { answersOf, scoreKey, type Scores } from './round-scores.ts'
import { numberItems, scoreItems } from './statistics/pseudo-values.ts'
import type { TablePair, TableRun, TableTarget } from './statistics/table-tests.ts'

/** A comparison's answers, scored: what its tables show and what its tests need. Every run is scored once. */
export interface ScoredInput {
  scores: Scores
  targets: TableTarget[]
  pairs: TablePair[]
  tuned: boolean[]
}

export function scoreInput(input: ComparisonInput, columns: readonly Column[]): ScoredInput {
  const scores = new Map<string, number | null>()
  const targets = input.targets.map((target) => {
    const runs = scoreTarget(input, target, scores)
    return {
      rows: target.references.length,
      items: new Set(target.sourceItems).size,
      columns: columns.map(({ key }) => runs.get(key) ?? [])
    }
  })
  const place = new Map(columns.map(({ key }, at) => [key, at]))
  const pairs = testedPairs(columns).map(({ column, against }) => ({
    column: place.get(column.key)!,
    against: place.get(against.key)!,
    planned: (input.planned ?? []).some((one) => plans(one, column, against))
  }))
  return { scores, targets, pairs, tuned: columns.map(({ strategy }) => strategy !== 'zero-shot') }
}

/** The runs of every column on a target. A run whose score is undefined there is left out. */
function scoreTarget(
  input: ComparisonInput,
  target: TargetRows,
  scores: Map<string, number | null>
): Map<string, TableRun[]> {
  const metric = metrics[input.metric]
  const labelled = isLabelled(target.references)
  const { clusterOf, sizes } = numberItems(target.sourceItems)
  const byColumn = new Map<string, TableRun[]>()
  for (const run of input.runs) {
    const outputs = run.outputs.get(target.id)
    if (!outputs) continue
    const scored = labelled
      ? scoreItems(metric, metric.statistics(answersOf(target, outputs)), clusterOf, sizes.length)
      : null
    scores.set(scoreKey(run.runId, target.id), scored?.score ?? null)
    if (scored) pushTo(byColumn, columnOf(run).key, { round: run.round, shared: isShared(run, input.runs), scored })
  }
  return byColumn
}

/** Whether one tuning was tested on several targets, in one run or in several. */
function isShared(run: RunAnswers, runs: readonly RunAnswers[]): boolean {
  if (run.outputs.size > 1) return true
  return run.tuning != null && runs.some((other) => other !== run && isSamePlace(other, run))
}

/** The same column and round with the same weights, tested on another target. */
function isSamePlace(other: RunAnswers, run: RunAnswers): boolean {
  return (
    other.tuning === run.tuning &&
    other.round === run.round &&
    columnOf(other).key === columnOf(run).key &&
    [...other.outputs.keys()].some((target) => !run.outputs.has(target))
  )
}

function plans({ sourceId, strategy, against }: Planned, column: Column, other: Column): boolean {
  const own = (one: Column): boolean => one.ablatedGroup === null && (one.source?.id ?? sourceId) === sourceId
  const names = [column.strategy, other.strategy]
  return own(column) && own(other) && names.includes(strategy) && names.includes(against)
}

function pushTo<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
