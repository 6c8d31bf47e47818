import type { Cell, Column, Comparison, ComparisonTest } from '../contract/comparison.ts'
import { columnOf, columnsOf, testsAgainst } from './columns.ts'
import type { ComparisonInput } from './comparison-input.ts'
import { diagnose } from './diagnoses.ts'
import { headlineOf, markBest } from './headline.ts'
import { isLabelled } from './metrics/metrics.ts'
import { overTargets, roundScores, scoreKey, type Scores } from './round-scores.ts'
import { testTable, type TestedDifference } from './statistics/table-tests.ts'
import { mean } from '../sums/sums.ts'
import { summarise } from './summary.ts'
import { scoreInput } from './table-input.ts'
import { verdictOf, type TestPlace } from './verdicts.ts'
import { count } from './wording.ts'

/** The whole comparison of an experiment. Takes up to a second for large ones, so it runs in a worker. */
export function compare(input: ComparisonInput): Comparison {
  const columns = columnsOf(input.runs)
  const { scores, targets, pairs, tuned } = scoreInput(input, columns)
  const tested = testTable(targets, tuned, pairs, { seed: input.seed ?? 1 })
  const tests = tested.filter((one) => one.over !== 'targets-like-these').map((one) => describe(input, columns, one))
  const cells = markBest(
    columns.flatMap((column) => cellsOf(input, column, scores, tests)),
    tests
  )
  const shown = { columns, targets: describeTargets(input), tests }
  const unscored = input.targets.length > 0 && !input.targets.some(({ references }) => isLabelled(references))
  return {
    ...shown,
    subject: input.subject,
    name: input.name,
    metric: input.metric,
    metrics: [...input.metrics],
    cells,
    otherTargets: tested.filter((one) => one.over === 'targets-like-these').map((one) => describe(input, columns, one)),
    headline: headlineOf({ ...shown, unscored, missing: input.missing ?? { open: 0, failed: 0 } }),
    warnings: warningsOf(input, columns, tests),
    diagnoses: diagnose(input, columns, cells, scores),
    rounds: Math.max(1, ...input.runs.map(({ round }) => round + 1)),
    points: pointsOf(input, scores)
  }
}

function describe(input: ComparisonInput, columns: readonly Column[], tested: TestedDifference): ComparisonTest {
  const { pair, over, target, targets, detectable } = tested
  const [column, against] = [columns[pair.column]!, columns[pair.against]!]
  const place: TestPlace = over === 'target' ? { over, name: input.targets[target!]!.name } : { over, targets }
  const facts = {
    scope: tested.scope,
    planned: pair.planned,
    difference: tested.difference,
    interval: tested.interval,
    pCorrected: tested.pCorrected,
    comparisons: tested.family,
    // The contract's numbers are finite.
    detectable: Number.isFinite(detectable) ? detectable : null,
    rounds: tested.rounds,
    rows: tested.rows,
    sourceItems: tested.items
  }
  return {
    ...facts,
    targetId: target === null ? null : input.targets[target]!.id,
    column: column.key,
    against: against.key,
    p: tested.p,
    ...verdictOf({ ...facts, column: column.label, against: against.label, place })
  }
}

function describeTargets({ targets }: ComparisonInput): Comparison['targets'] {
  return targets.map(({ id, name, references, sourceItems }) => ({
    id,
    name,
    rows: references.length,
    sourceItems: new Set(sourceItems).size
  }))
}

/** A column's cells: one per target, then the one over all targets (mean of the targets' scores, round by round). */
function cellsOf(
  input: ComparisonInput,
  column: Column,
  scores: Scores,
  tests: readonly ComparisonTest[]
): Omit<Cell, 'best'>[] {
  const ofColumn = input.targets.map((target) => roundScores(input, column.key, target.id, scores))
  const baseline = input.targets.map((target) => roundScores(input, column.baseline, target.id, scores))
  // Questions without right answers have no part in an average.
  const scored = input.targets.flatMap(({ references }, at) => (isLabelled(references) ? [at] : []))
  const cell = (targetId: string | null, values: readonly number[], base: readonly number[]): Omit<Cell, 'best'> => {
    const summary = summarise(values)
    const test = tests.find(
      (one) => one.targetId === targetId && one.column === column.key && one.against === column.baseline
    )
    return {
      targetId,
      column: column.key,
      summary,
      deltaToZeroShot: !summary || base.length === 0 ? null : summary.mean - mean(base),
      tuningHurt: test?.verdict === 'worse'
    }
  }
  return [
    ...input.targets.map((target, at) => cell(target.id, [...ofColumn[at]!.values()], [...baseline[at]!.values()])),
    cell(null, overTargets(scored.map((at) => ofColumn[at]!)), overTargets(scored.map((at) => baseline[at]!)))
  ]
}

/** What the tests and the data say beside the verdicts. */
function warningsOf(input: ComparisonInput, columns: readonly Column[], tests: readonly ComparisonTest[]): string[] {
  const untuned = testsAgainst({ columns, tests }, 'zero-shot')
  const hurt = untuned.filter((test) => test.verdict === 'worse').map((test) => `Tuning hurt: ${test.sentence}`)
  const missing =
    columns.length === 0 || columns.some((column) => column.strategy === 'zero-shot')
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
  const unscored = input.targets
    .filter(({ references }) => !isLabelled(references))
    .map(
      ({ name }) =>
        `${name} has no right answers: nothing is scored there. What the strategies answered stands side by side under Examples.`
    )
  return [...unscored, ...missing, ...hurt, ...variants]
}

/** Score against time of every run. */
function pointsOf(input: ComparisonInput, scores: Scores): Comparison['points'] {
  return input.runs.flatMap((run) =>
    [...run.outputs.keys()].flatMap((targetId) => {
      const score = scores.get(scoreKey(run.runId, targetId)) ?? null
      if (score === null || run.seconds === null) return []
      const seconds = run.seconds / run.outputs.size
      return [{ runId: run.runId, column: columnOf(run).key, round: run.round, targetId, score, seconds }]
    })
  )
}
