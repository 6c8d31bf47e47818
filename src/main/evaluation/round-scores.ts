import { columnOf } from './columns.ts'
import type { ComparisonInput, TargetRows } from './comparison-input.ts'
import { mean } from '../sums/sums.ts'

/** The score of every run on every target that it answered; null where the metric is undefined for the answers. */
export type Scores = ReadonlyMap<string, number | null>

export function scoreKey(runId: string, targetId: string): string {
  return `${runId}\n${targetId}`
}

export function answersOf(target: TargetRows, outputs: readonly string[]) {
  return target.references.map((references, row) => ({ output: outputs[row] ?? '', references }))
}

/** Scores of a column on a target, by round; none for the column null. */
export function roundScores(
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

/** Mean over the targets for every round that all targets have. */
export function overTargets(byTarget: readonly ReadonlyMap<number, number>[]): number[] {
  const rounds = [...(byTarget[0]?.keys() ?? [])].filter((round) => byTarget.every((scores) => scores.has(round)))
  return rounds.map((round) => mean(byTarget.map((scores) => scores.get(round)!)))
}
