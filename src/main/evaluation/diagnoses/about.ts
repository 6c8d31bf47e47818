import type { Cell, Column, Diagnosis } from '../../contract/comparison.ts'
import { columnOf } from '../columns.ts'
import type { ComparisonInput, RunAnswers, TargetRows } from '../comparison-input.ts'
import { normaliseAnswer } from '../metrics/normalise.ts'

/** A diagnosis of one target. */
export function about(
  kind: Diagnosis['kind'],
  target: TargetRows,
  rest: Pick<Diagnosis, 'sentence' | 'next' | 'action'>
): Diagnosis {
  return { kind, targetId: target.id, ...rest }
}

/** The columns' means on a target, in points. */
export function meansOn(target: TargetRows, cells: readonly Cell[]): number[] {
  return cells.flatMap((cell) => (cell.targetId === target.id && cell.summary ? [cell.summary.mean] : []))
}

/** The answers of a target that is a choice among few; none where they are free. */
export function labelsOf(target: TargetRows): string[] {
  const labels = new Set(target.references.map(([first = '']) => normaliseAnswer(first)))
  return labels.size <= 10 && labels.size < target.references.length / 2 ? [...labels] : []
}

export function runsOf(input: ComparisonInput, column: Column): RunAnswers[] {
  return input.runs.filter((run) => columnOf(run).key === column.key)
}

/** Pairs of columns that have an untuned one beside them, so that both are tuned. */
export function pairsOf(columns: readonly Column[]): [Column, Column][] {
  const tuned = columns.filter((column) => column.strategy !== 'zero-shot')
  return tuned.flatMap((a, at) => tuned.slice(at + 1).map((b): [Column, Column] => [a, b]))
}

/** What two columns have in every round that both have. */
export function roundsOf<T>(
  input: ComparisonInput,
  a: Column,
  b: Column,
  pick: (run: RunAnswers) => T | undefined
): [T, T][] {
  const theirs = runsOf(input, b)
  return runsOf(input, a).flatMap((run): [T, T][] => {
    const other = theirs.find(
      (one) => one.round === run.round && [...one.outputs.keys()].some((target) => run.outputs.has(target))
    )
    const ours = pick(run)
    const rest = other && pick(other)
    return ours === undefined || rest === undefined ? [] : [[ours, rest]]
  })
}

export function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}
