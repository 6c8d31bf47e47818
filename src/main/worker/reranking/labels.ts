import type { MinedPair, MiningSettings } from '../../contract/minings.ts'
import type { MinedSet } from './mined-set.ts'

type Candidate = MinedSet['candidates'][number]

/**
 * The pairs that query sets give: of each its most useful candidates where they help at all, and as many of its less useful half,
 * so that a set in which little helps does not teach that nothing does. Most useful first in every set.
 */
export function labelledPairs(
  sets: readonly MinedSet[],
  settings: Pick<MiningSettings, 'positives' | 'negatives'>,
  iteration: number
): MinedPair[] {
  const ranked = sets.map((mined) => {
    const order = [...mined.candidates].sort(byUsefulness)
    const count = Math.min(settings.positives, Math.floor(order.length / 2))
    const positives = order.slice(0, count).filter(({ delta }) => delta < 0)
    return { mined, positives, others: order.slice(Math.ceil(order.length / 2)) }
  })
  const negatives = settings.negatives === 'balanced' ? balanced(ranked) : ranked.map(leastUseful)
  return ranked.flatMap(({ mined: { set, task, queryIds }, positives }, at) => {
    const labelled = (label: 0 | 1) => (candidate: Candidate) => ({
      ...{ set, task, queryIds },
      ...{ candidateId: candidate.id, delta: candidate.delta, label, iteration }
    })
    return [...positives.map(labelled(1)), ...negatives[at]!.map(labelled(0))]
  })
}

interface Ranked {
  positives: readonly Candidate[]
  /** The less useful half, the least useful last. */
  others: readonly Candidate[]
}

function leastUseful({ positives, others }: Ranked): readonly Candidate[] {
  return others.slice(others.length - positives.length)
}

/**
 * Rows of tasks that are useful in some sets and do not help in others. Sets take turns in choosing one; each takes its least useful
 * row of the task that has been useful most often and not yet as often not.
 */
function balanced(sets: readonly Ranked[]): Candidate[][] {
  const owed = new Map<string, number>()
  const count = (task: string, by: number): unknown => owed.set(task, (owed.get(task) ?? 0) + by)
  for (const { positives } of sets) for (const { task } of positives) count(task, 1)
  const left = sets.map(({ others }) => others.toReversed())
  const chosen: Candidate[][] = sets.map(() => [])
  for (let turn = 0; left.some((_, at) => turn < sets[at]!.positives.length); turn++) {
    for (const [at, { positives }] of sets.entries()) {
      if (turn >= positives.length) continue
      const debtOf = ({ task }: Candidate): number => Math.max(0, owed.get(task) ?? 0)
      // The first of those that are owed most: the least useful one.
      const next = left[at]!.reduce((best, one) => (debtOf(one) > debtOf(best) ? one : best))
      left[at] = left[at]!.filter((one) => one !== next)
      chosen[at]!.push(next)
      count(next.task, -1)
    }
  }
  return chosen.map((own) => own.sort(byUsefulness))
}

function byUsefulness(a: Candidate, b: Candidate): number {
  return a.delta - b.delta || a.id - b.id
}
