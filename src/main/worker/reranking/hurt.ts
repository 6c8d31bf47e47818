import type { Hurt } from '../../contract/minings.ts'
import { fitLogistic } from '../../evaluation/logistic.ts'
import { belowZero } from '../../evaluation/ranking.ts'
import { meanOrZero } from '../../sums/sums.ts'
import { HurtCases, type HurtCase } from './hurt-cases.ts'
import type { MinedSet } from './mined-set.ts'

/** With fewer there is no telling: a task, or a group, is told by at least two others. */
const fewestParts = 3
const fewestCases = 20

type Judged = NonNullable<Hurt['judged']>

/**
 * Whether it can be told before any tuning that tuning helps or hurts: by a ridge-regularised logistic regression that is judged
 * task by task, each by the others alone, against tuning always and against how often it helps on the others (Brier scores); and the
 * same for targets of a new kind, each told by the other groups.
 */
export function judgeHurt(sets: readonly MinedSet[], inputsOf: (ids: readonly number[]) => readonly string[]): Hurt {
  const world = new HurtCases(sets, inputsOf)
  const tasks = judgeCases(world.without(new Set()), (task) => world.without(new Set([task])))
  return { ...tasks, newKind: judgeKinds(world) }
}

/** `without`: the cases that a task is told by. */
export function judgeCases(
  cases: readonly HurtCase[],
  without: (task: string) => readonly HurtCase[]
): Omit<Hurt, 'newKind'> {
  const byTask = [...Map.groupBy(cases, ({ task }) => task)]
  const found = { cases: cases.length, tasks: byTask.length, helped: meanOrZero(cases.map(({ helped }) => helped)) }
  const unknown = whyUnknown(byTask.map(([, own]) => own))
  if (unknown !== null) return { ...found, unknown, judged: null }
  return { ...found, unknown, judged: scores(byTask.map(([task, own]) => ({ own, others: without(task) }))) }
}

/**
 * Of a target of a new kind nothing akin is upstream: its group is no candidate of it and does not help to tell, and those that tell
 * are of new kinds too. Null where it is not known.
 */
function judgeKinds(world: HurtCases): Judged | null {
  const all = world.without(new Set(), { kin: false })
  const kinds = [...world.groups().values()].flatMap((tasks) => {
    const own = all.filter(({ task }) => tasks.has(task))
    return own.length === 0 ? [] : [{ own, others: world.without(tasks, { kin: false }) }]
  })
  return whyUnknown(kinds.map(({ own }) => own)) === null ? scores(kinds) : null
}

/** `parts`: cases by task, or by group. */
function whyUnknown(parts: readonly (readonly HurtCase[])[]): Hurt['unknown'] {
  const cases = parts.flat()
  if (parts.length < fewestParts || cases.length < fewestCases) return 'too-few'
  return cases.every(({ helped }) => helped === cases[0]!.helped) ? 'one-sided' : null
}

/** Means over parts, each of which is told by what `others` says. */
function scores(parts: readonly { own: readonly HurtCase[]; others: readonly HurtCase[] }[]): Judged {
  const told = parts.map(({ own, others }) => {
    const labels = others.map(({ helped }) => helped)
    const model = fitLogistic(
      others.map(({ features }) => features),
      labels
    )
    const share = (labels.filter((label) => label === 1).length + 1) / (labels.length + 2)
    return {
      brier: brier(own, ({ features }) => model.predict(features)),
      always: brier(own, () => 1),
      baseRate: brier(own, () => share)
    }
  })
  const against = (rival: 'always' | 'baseRate') => {
    const differences = told.map((part) => part.brier - part[rival])
    return { mean: meanOrZero(differences), p: belowZero(differences)! }
  }
  return {
    brier: meanOrZero(told.map(({ brier }) => brier)),
    always: meanOrZero(told.map(({ always }) => always)),
    baseRate: meanOrZero(told.map(({ baseRate }) => baseRate)),
    ...{ againstAlways: against('always'), againstBaseRate: against('baseRate') }
  }
}

/** Mean squared distance of what was said from what came (Brier 1950): 0 is perfect, 0.25 is what saying 0.5 always gets. */
function brier(cases: readonly HurtCase[], said: (one: HurtCase) => number): number {
  return meanOrZero(cases.map((one) => (said(one) - one.helped) ** 2))
}
