import type { Cell, Column, Comparison, ComparisonTest } from '../contract/comparison.ts'
import { columnsOf, columnOf, testedPairs, testsAgainst } from './columns.ts'
import type { ComparisonInput } from './comparison-input.ts'
import { testPair } from './pair-tests.ts'
import { overTargets, roundScores, scoreEveryRun, scoreKey, type Scores } from './round-scores.ts'
import { meanOf, summarise } from './summary.ts'
import { count } from './wording.ts'
import { belowZeroShotSentence, nothingHelpedSentence, tuningHurtSentence } from './verdicts.ts'

/**
 * The whole comparison of an experiment. Slow parts are separated by `breathe`, so that a process that also serves
 * other requests stays responsive; each takes some tens of milliseconds.
 */
export async function compare(
  input: ComparisonInput,
  breathe: () => Promise<void> = () => Promise.resolve()
): Promise<Comparison> {
  const columns = columnsOf(input.runs)
  const scores = scoreEveryRun(input)
  const tests: ComparisonTest[] = []
  for (const { column, against } of testedPairs(columns)) {
    tests.push(...(await testPair(input, column, against, scores, breathe)))
  }
  const cells = columns.flatMap((column) => cellsOf(input, column, scores))
  return {
    subject: input.subject,
    name: input.name,
    metric: input.metric,
    metrics: [...input.metrics],
    columns,
    targets: input.targets.map((target) => ({
      id: target.id,
      name: target.name,
      rows: target.references.length,
      sourceItems: new Set(target.sourceItems).size
    })),
    cells,
    tests,
    warnings: warningsOf(input, columns, cells, tests),
    points: input.runs.flatMap((run) =>
      [...run.outputs.keys()].flatMap((targetId) => {
        const score = scores.get(scoreKey(run.runId, targetId)) ?? null
        return score === null || run.seconds === null
          ? []
          : [
              {
                runId: run.runId,
                column: columnOf(run).key,
                round: run.round,
                targetId,
                score,
                seconds: run.seconds / run.outputs.size
              }
            ]
      })
    )
  }
}

/** A column's cells: one per target, then the one over all targets (mean of the targets' scores, round by round). */
function cellsOf(input: ComparisonInput, column: Column, scores: Scores): Cell[] {
  const ofColumn = input.targets.map((target) => roundScores(input, column.key, target.id, scores))
  const baseline = input.targets.map((target) => roundScores(input, column.baseline, target.id, scores))
  const cell = (targetId: string | null, values: readonly number[], base: readonly number[]): Cell => {
    const summary = summarise(values)
    const delta = !summary || base.length === 0 ? null : summary.mean - meanOf(base)
    return {
      targetId,
      column: column.key,
      summary,
      deltaToZeroShot: delta,
      tuningHurt: delta !== null && delta < -1e-9
    }
  }
  return [
    ...input.targets.map((target, at) => cell(target.id, [...ofColumn[at]!.values()], [...baseline[at]!.values()])),
    cell(null, overTargets(ofColumn), overTargets(baseline))
  ]
}

function warningsOf(
  input: ComparisonInput,
  columns: readonly Column[],
  cells: readonly Cell[],
  tests: readonly ComparisonTest[]
): string[] {
  const label = new Map(columns.map((column) => [column.key, column.label]))
  const name = new Map(input.targets.map((target) => [target.id, target.name]))
  const untuned = testsAgainst({ columns, tests }, 'zero-shot')
  const worse = untuned.filter((test) => test.verdict === 'worse')
  const falls = cells
    .filter((cell) => cell.tuningHurt)
    .map((cell) => ({
      column: cell.column,
      target: cell.targetId === null ? null : (name.get(cell.targetId) ?? cell.targetId),
      delta: cell.deltaToZeroShot!,
      certain: worse.some((test) => test.targetId === cell.targetId && test.column === cell.column)
    }))
  const hurt = falls
    .filter((fall) => fall.certain)
    .map((fall) => tuningHurtSentence(label.get(fall.column)!, fall.target, fall.delta))
  const below = columns.flatMap((column) => {
    const own = falls.filter((fall) => fall.column === column.key && !fall.certain)
    return own.length === 0 ? [] : [belowZeroShotSentence(column.label, own)]
  })
  const unhelped = input.targets.filter(({ id }) => {
    const own = untuned.filter((test) => test.targetId === id)
    return own.length > 0 && own.every((test) => test.verdict !== 'better')
  })
  const unhelpful = unhelped.length === 0 ? [] : [nothingHelpedSentence(unhelped.map((target) => target.name))]
  const missing = columns.some((column) => column.strategy === 'zero-shot')
    ? []
    : ['There is no zero-shot run, so nobody can tell whether tuning helped or hurt.']
  const clustered = input.targets
    .map((target) => ({ target, items: new Set(target.sourceItems).size }))
    .filter(({ target, items }) => items < target.references.length)
    .map(({ target, items }) => `${target.name} ${count(target.references.length)} rows of ${count(items)} items`)
  const variants =
    clustered.length === 0
      ? []
      : [`Test rows are prompt variants of fewer source items, and are tested as such: ${clustered.join('; ')}.`]
  return [...missing, ...hurt, ...below, ...unhelpful, ...variants]
}
