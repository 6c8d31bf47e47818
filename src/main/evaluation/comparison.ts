import type { Cell, Column, Comparison, ComparisonTest, Subject } from '../contract/comparison.ts'
import type { MetricName } from '../contract/data.ts'
import { columnsOf, columnOf, testedPairs, testsAgainst, type RunPlace } from './columns.ts'
import { metrics, scoreRows } from './metrics/metrics.ts'
import { holm } from './statistics/correction.ts'
import { detectableAfterwards } from './statistics/detectable.ts'
import { pairAnswers, type PairedSample } from './statistics/paired.ts'
import { testDifference, testMeanDifference, type TestedDifference } from './statistics/resampling.ts'
import { meanOf, summarise } from './summary.ts'
import { count } from './wording.ts'
import { belowZeroShotSentence, nothingHelpedSentence, tuningHurtSentence, verdictOf } from './verdicts.ts'

/** The test rows of one target, which all runs answered in the same order. */
export interface TargetRows {
  id: string
  name: string
  references: readonly (readonly string[])[]
  /** Source item of every row. */
  sourceItems: readonly number[]
}

/** What one run answered. Zero-shot has one run, which stands for every round. */
export interface RunAnswers extends RunPlace {
  runId: string
  round: number
  /** Wall time of the whole run; null where it is unknown. */
  seconds: number | null
  /** Outputs by target, in the order of the target's rows. */
  outputs: ReadonlyMap<string, readonly string[]>
}

export interface ComparisonInput {
  subject: Subject
  name: string
  metric: MetricName
  metrics: readonly MetricName[]
  targets: readonly TargetRows[]
  runs: readonly RunAnswers[]
  /** Resampling is seeded by it: the same answers always give the same p-values. */
  seed?: number
}

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
    tests.push(...(await testPair(input, column, against, breathe)))
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

type Scores = ReadonlyMap<string, number | null>

function scoreEveryRun({ runs, targets, metric }: ComparisonInput): Scores {
  const scores = new Map<string, number | null>()
  for (const run of runs) {
    for (const target of targets) {
      const outputs = run.outputs.get(target.id)
      if (outputs) scores.set(scoreKey(run.runId, target.id), scoreRows(metric, answersOf(target, outputs)))
    }
  }
  return scores
}

function scoreKey(runId: string, targetId: string): string {
  return `${runId}\n${targetId}`
}

function answersOf(target: TargetRows, outputs: readonly string[]) {
  return target.references.map((references, row) => ({ output: outputs[row] ?? '', references }))
}

/** Scores of a column on a target, by round; none for the column null. */
function roundScores(
  input: ComparisonInput,
  column: string | null,
  targetId: string,
  scores: Scores
): Map<number, number> {
  const byRound = new Map<number, number>()
  for (const run of input.runs) {
    if (columnOf(run).key !== column) continue
    const score = scores.get(scoreKey(run.runId, targetId)) ?? null
    if (score !== null) byRound.set(run.round, score)
  }
  return byRound
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

/** Mean over the targets for every round that all targets have. */
function overTargets(byTarget: readonly ReadonlyMap<number, number>[]): number[] {
  const rounds = [...(byTarget[0]?.keys() ?? [])].filter((round) => byTarget.every((scores) => scores.has(round)))
  return rounds.map((round) => meanOf(byTarget.map((scores) => scores.get(round)!)))
}

async function testPair(
  input: ComparisonInput,
  column: Column,
  against: Column,
  breathe: () => Promise<void>
): Promise<ComparisonTest[]> {
  const seed = input.seed ?? 1
  const samples: { target: TargetRows; sample: PairedSample; tested: TestedDifference }[] = []
  for (const target of input.targets) {
    const sample = pairRuns(input, target, column, against)
    const tested = sample && testDifference(sample, { seed })
    if (sample && tested) samples.push({ target, sample, tested })
    await breathe()
  }
  const corrected = holm(samples.map(({ tested }) => tested.p))
  const comparisons = samples.length
  const tests = samples.map(({ target, sample, tested }, at) =>
    describeTest({ target, column, against, tested, pCorrected: corrected[at]!, comparisons, samples: [sample] })
  )
  if (samples.length < 2) return tests
  const all = samples.map(({ sample }) => sample)
  const tested = testMeanDifference(all, { seed })
  await breathe()
  if (!tested) return tests
  return [
    ...tests,
    describeTest({ target: null, column, against, tested, pCorrected: tested.p, comparisons: 1, samples: all })
  ]
}

function describeTest(parts: {
  target: TargetRows | null
  column: Column
  against: Column
  tested: TestedDifference
  pCorrected: number
  comparisons: number
  samples: readonly PairedSample[]
}): ComparisonTest {
  const { target, column, against, tested, pCorrected, comparisons, samples } = parts
  const rows = samples.reduce((sum, sample) => sum + sample.rows, 0)
  const sourceItems = samples.reduce((sum, sample) => sum + sample.clusters, 0)
  const facts = {
    column: column.label,
    against: against.label,
    target: target?.name ?? null,
    difference: tested.difference,
    interval: tested.interval,
    pCorrected,
    rows,
    sourceItems,
    comparisons,
    detectable: detectableAfterwards(tested.standardError, sourceItems, { comparisons })
  }
  return {
    targetId: target?.id ?? null,
    column: column.key,
    against: against.key,
    difference: tested.difference,
    interval: tested.interval,
    p: tested.p,
    pCorrected,
    rows,
    sourceItems,
    ...verdictOf(facts)
  }
}

/** Pairs two columns round by round; a zero-shot run stands for every round. Null without a common round. */
function pairRuns(input: ComparisonInput, target: TargetRows, column: Column, against: Column): PairedSample | null {
  const ofColumn = answersByRound(input, column, target)
  const ofAgainst = answersByRound(input, against, target)
  const rounds = column.strategy === 'zero-shot' ? ofAgainst : ofColumn
  const pick = (answers: ReadonlyMap<number, readonly string[]>, side: Column, round: number) =>
    side.strategy === 'zero-shot' ? [...answers.values()][0] : answers.get(round)
  const pairs = [...rounds.keys()].flatMap((round) => {
    const a = pick(ofColumn, column, round)
    const b = pick(ofAgainst, against, round)
    return a && b ? [{ a: answersOf(target, a), b: answersOf(target, b) }] : []
  })
  return pairs.length === 0 ? null : pairAnswers(metrics[input.metric], target.sourceItems, pairs)
}

function answersByRound(input: ComparisonInput, column: Column, target: TargetRows): Map<number, readonly string[]> {
  const byRound = new Map<number, readonly string[]>()
  for (const run of input.runs) {
    const outputs = run.outputs.get(target.id)
    if (outputs && columnOf(run).key === column.key) byRound.set(run.round, outputs)
  }
  return byRound
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
