import type { Column, ComparisonTest } from '../contract/comparison.ts'
import { columnOf } from './columns.ts'
import type { ComparisonInput, TargetRows } from './comparison-input.ts'
import { metrics } from './metrics/metrics.ts'
import { answersOf, overTargets, roundScores, type Scores } from './round-scores.ts'
import { holm } from './statistics/correction.ts'
import { detectableAfterwards } from './statistics/detectable.ts'
import { pairAnswers, type PairedSample } from './statistics/paired.ts'
import { testDifference, testMeanDifference, type TestedDifference } from './statistics/resampling.ts'
import { verdictOf } from './verdicts.ts'

/** The tests of one column against another: on every target, then over all of them. */
export async function testPair(
  input: ComparisonInput,
  column: Column,
  against: Column,
  scores: Scores,
  breathe: () => Promise<void>
): Promise<ComparisonTest[]> {
  const seed = input.seed ?? 1
  const samples: { target: TargetRows; sample: PairedSample; tested: TestedDifference; rounds: Map<number, number> }[] =
    []
  for (const target of input.targets) {
    const sample = pairRuns(input, target, column, against)
    const tested = sample && testDifference(sample, { seed })
    if (sample && tested)
      samples.push({ target, sample, tested, rounds: roundDifferences(input, target, column, against, scores) })
    await breathe()
  }
  const corrected = holm(samples.map(({ tested }) => tested.p))
  const comparisons = samples.length
  const tests = samples.map(({ target, sample, tested, rounds }, at) =>
    describeTest({
      ...{ target, column, against, tested, comparisons },
      pCorrected: corrected[at]!,
      samples: [sample],
      roundDifferences: [...rounds.values()]
    })
  )
  if (samples.length < 2) return tests
  const all = samples.map(({ sample }) => sample)
  const tested = testMeanDifference(all, { seed })
  await breathe()
  if (!tested) return tests
  return [
    ...tests,
    describeTest({
      ...{ target: null, column, against, tested, comparisons: 1, samples: all },
      pCorrected: tested.p,
      roundDifferences: overTargets(samples.map(({ rounds }) => rounds))
    })
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
  roundDifferences: readonly number[]
}): ComparisonTest {
  const { target, column, against, tested, pCorrected, comparisons, samples, roundDifferences } = parts
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
    detectable: detectableAfterwards(tested.standardError, sourceItems, { comparisons }),
    roundDifferences
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

/** The difference of two columns' scores round by round; a zero-shot run stands for every round. */
function roundDifferences(
  input: ComparisonInput,
  target: TargetRows,
  column: Column,
  against: Column,
  scores: Scores
): Map<number, number> {
  const ours = roundScores(input, column.key, target.id, scores)
  const theirs = roundScores(input, against.key, target.id, scores)
  const base = (round: number) => (against.strategy === 'zero-shot' ? [...theirs.values()][0] : theirs.get(round))
  return new Map(
    [...ours].flatMap(([round, score]) => {
      const other = base(round)
      return other === undefined ? [] : [[round, score - other] as const]
    })
  )
}

function answersByRound(input: ComparisonInput, column: Column, target: TargetRows): Map<number, readonly string[]> {
  const byRound = new Map<number, readonly string[]>()
  for (const run of input.runs) {
    const outputs = run.outputs.get(target.id)
    if (outputs && columnOf(run).key === column.key) byRound.set(run.round, outputs)
  }
  return byRound
}
