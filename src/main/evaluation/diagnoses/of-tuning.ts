import type { Column, Diagnosis } from '../../contract/comparison.ts'
import type { ComparisonInput, TargetRows } from '../comparison-input.ts'
import { roundScores, type Scores } from '../round-scores.ts'
import { count, decimal } from '../wording.ts'
import { mean, median } from '../../sums/sums.ts'
import { about, pairsOf, roundsOf, runsOf } from './about.ts'

/** What two columns retrieved is the same in every round: then they are one strategy under two names. */
export function sameRetrieved(input: ComparisonInput, columns: readonly Column[]): Diagnosis[] {
  return pairsOf(columns).flatMap(([a, b]) => {
    const both = roundsOf(input, a, b, (run) => (run.retrieved.length > 0 ? run.retrieved : undefined))
    const same = both.length > 0 && both.every(([ours, theirs]) => sameSet(ours, theirs))
    if (!same) return []
    return [
      {
        kind: 'same-retrieved' as const,
        targetId: null,
        sentence: `${a.label} and ${b.label} retrieved the same ${count(both[0]![0].length)} examples in every round, so they are the same thing here.`,
        next: 'Retrieve fewer examples, or take upstream data with more rows than are retrieved.',
        action: 'retrieved' as const
      }
    ]
  })
}

/** A round far from the others of its column. */
export function outliers(
  input: ComparisonInput,
  target: TargetRows,
  columns: readonly Column[],
  scores: Scores
): Diagnosis[] {
  return columns.flatMap((column) => {
    const byRound = [...roundScores(input, column.key, target.id, scores)]
    if (byRound.length < 4) return []
    return byRound.flatMap(([round, score]) => {
      const others = byRound.filter(([other]) => other !== round).map(([, value]) => value)
      const middle = median(others)
      const spread = median(others.map((value) => Math.abs(value - middle))) * 1.4826
      if (Math.abs(score - middle) < Math.max(8, 6 * spread)) return []
      return [
        about('outlier', target, {
          sentence: `On ${target.name} round ${round + 1} of ${column.label} scores ${decimal(score)}, the others around ${decimal(middle)}.`,
          next: 'Look at what that round retrieved and at its loss. It counts in every mean; more rounds make it count less.',
          action: 'retrieved'
        })
      ]
    })
  })
}

/** The loss of tuning hardly fell, or fell and rose again. */
export function losses(input: ComparisonInput, columns: readonly Column[]): Diagnosis[] {
  return columns.flatMap((column): Diagnosis[] => {
    const known = runsOf(input, column).flatMap(({ loss }) => (loss ? [loss] : []))
    if (known.length === 0) return []
    const flat = known.filter(({ start, end }) => end > 0.95 * start)
    const risen = known.filter(({ start, least, end }) => least < 0.9 * start && end > 1.25 * least)
    const sizes = (shown: typeof known) =>
      `${decimal(mean(shown.map(({ start }) => start)), 2)} to ${decimal(mean(shown.map(({ end }) => end)), 2)}`
    const share = (shown: typeof known) => `${shown.length} of ${known.length} ${known.length === 1 ? 'run' : 'runs'}`
    if (flat.length > known.length / 2)
      return [
        {
          kind: 'loss-flat' as const,
          targetId: null,
          sentence: `In ${share(flat)} of ${column.label} the loss hardly fell (${sizes(flat)}): the model has learnt next to nothing.`,
          next: 'Raise the learning rate tenfold, or tune for more epochs.',
          action: 'new-experiment' as const
        }
      ]
    if (risen.length > known.length / 2)
      return [
        {
          kind: 'loss-rose' as const,
          targetId: null,
          sentence: `In ${share(risen)} of ${column.label} the loss fell and rose again (it ended ${sizes(risen)}).`,
          next: 'Lower the learning rate, or stop early on held-out examples.',
          action: 'new-experiment' as const
        }
      ]
    return []
  })
}

function sameSet(a: readonly number[], b: readonly number[]): boolean {
  const set = new Set(a)
  return set.size === new Set(b).size && b.every((id) => set.has(id))
}
