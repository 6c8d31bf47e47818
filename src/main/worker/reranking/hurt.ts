import type { Hurt } from '../../contract/minings.ts'
import { fitLogistic } from '../../evaluation/logistic.ts'
import { belowZero, mean } from '../../evaluation/ranking.ts'
import { HurtCases, type HurtCase } from './hurt-cases.ts'
import type { MinedSet } from './mined-set.ts'

/** With fewer there is no telling: a task is told by at least two others. */
const fewestTasks = 3
const fewestCases = 20

/**
 * Whether it can be told before any tuning that tuning helps or hurts: by a ridge-regularised logistic regression that is judged
 * task by task, each by the others alone, against tuning always and against how often it helps on the others (Brier scores).
 */
export function judgeHurt(sets: readonly MinedSet[], inputsOf: (ids: readonly number[]) => readonly string[]): Hurt {
  const world = new HurtCases(sets, inputsOf)
  return judgeCases(world.without(null), (task) => world.without(task))
}

/** `without`: the cases that a task is told by. */
export function judgeCases(cases: readonly HurtCase[], without: (task: string) => readonly HurtCase[]): Hurt {
  const byTask = Map.groupBy(cases, ({ task }) => task)
  const helped = mean(cases.map((one) => one.helped))
  const found = { cases: cases.length, tasks: byTask.size, helped }
  if (byTask.size < fewestTasks || cases.length < fewestCases) return { ...found, unknown: 'too-few', judged: null }
  if (helped === 0 || helped === 1) return { ...found, unknown: 'one-sided', judged: null }
  const tasks = [...byTask].map(([task, own]) => {
    const others = without(task)
    const labels = others.map((one) => one.helped)
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
  const over = (valueOf: (task: (typeof tasks)[number]) => number): number => mean(tasks.map(valueOf))
  const against = (name: 'always' | 'baseRate') => ({
    mean: over((task) => task.brier - task[name]),
    p: belowZero(tasks.map((task) => task.brier - task[name]))!
  })
  const scores = { brier: over(({ brier }) => brier), always: over(({ always }) => always) }
  return {
    ...{ ...found, unknown: null },
    judged: {
      ...{ ...scores, baseRate: over(({ baseRate }) => baseRate) },
      ...{ againstAlways: against('always'), againstBaseRate: against('baseRate') }
    }
  }
}

/** Mean squared distance of what was said from what came (Brier 1950): 0 is perfect, 0.25 is what saying 0.5 always gets. */
function brier(cases: readonly HurtCase[], said: (one: HurtCase) => number): number {
  return mean(cases.map((one) => (said(one) - one.helped) ** 2))
}
