import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tellsHurt } from '../../src/main/contract/minings.ts'
import { fitLogistic } from '../../src/main/evaluation/logistic.ts'
import { Random } from '../../src/main/random/random.ts'
import { HurtCases, type HurtCase } from '../../src/main/worker/reranking/hurt-cases.ts'
import { judgeCases, judgeHurt } from '../../src/main/worker/reranking/hurt.ts'
import type { MinedSet } from '../../src/main/worker/reranking/mined-set.ts'

const others = (cases: readonly HurtCase[]) => (task: string) => cases.filter((one) => one.task !== task)

/** `chance`: of helping, by the first feature, which stands near −1 or 1, and the task. */
function made(
  seed: number,
  tasks: number,
  each: number,
  chance: (feature: number, task: number) => number
): HurtCase[] {
  const random = new Random(`hurt ${seed}`)
  return Array.from({ length: tasks * each }, (_, at) => {
    const feature = random.chance(0.5) ? 1 : -1
    const task = at % tasks
    const features = [feature + random.normal() / 4, random.normal()]
    return { task: `task ${task}`, features, helped: random.chance(chance(feature, task)) ? 1 : 0 }
  })
}
const seeds = fc.integer({ min: 0, max: 1e6 })

describe('whether tuning hurts, told task by task', () => {
  test('is told where the inputs say it, and not where they do not', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const clear = judgeCases(...both(made(seed, 8, 40, (feature) => (feature > 0 ? 0.95 : 0.1))))
        expect(clear.judged!.brier).toBeLessThan(0.13)
        expect(clear.judged!.baseRate).toBeGreaterThan(0.2)
        expect(tellsHurt(clear.judged!)).toBe(true)
        // Better than tuning always is also who only knows how often it helps; that is not telling.
        const blind = judgeCases(...both(made(seed, 8, 40, () => 0.4)))
        expect(blind.judged!.againstAlways.mean).toBeLessThan(0)
        expect(blind.judged!.brier).toBeGreaterThan(blind.judged!.baseRate - 0.02)
      }),
      { numRuns: 20, seed: 9 }
    )
  })

  test('calls blind cases told no more often than its level says', () => {
    const told = Array.from({ length: 200 }, (_, seed) => {
      const { judged } = judgeCases(...both(made(seed, 6, 12, () => 0.5)))
      return judged !== null && tellsHurt(judged)
    }).filter(Boolean)
    // Level 0.05 over 200 seeds that are fixed: more than 18 would come by chance in fewer than one of a hundred such lists.
    expect(told.length).toBeLessThanOrEqual(18)
  })

  test('comes out as by brute force, with no case of a task among those that it is told by', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 3, max: 6 }), (seed, tasks) => {
        const cases = made(seed, tasks, 10, (feature) => (feature > 0 ? 0.8 : 0.3))
        const { judged } = judgeCases(...both(cases))
        const names = [...new Set(cases.map(({ task }) => task))]
        const byTask = names.map((name) => {
          const seen = cases.filter(({ task }) => task !== name)
          const model = fitLogistic(
            seen.map(({ features }) => features),
            seen.map(({ helped }) => helped)
          )
          const own = cases.filter(({ task }) => task === name)
          return own.reduce((sum, one) => sum + (model.predict(one.features) - one.helped) ** 2, 0) / own.length
        })
        expect(judged!.brier).toBeCloseTo(byTask.reduce((sum, value) => sum + value, 0) / names.length, 10)
      }),
      { numRuns: 20, seed: 9 }
    )
  })

  test('does not know a task by having seen it: what only the task decides is not told', () => {
    // Every task has its own place and its own outcome. Whoever leaves out cases instead of tasks would tell nearly all.
    const random = new Random('places')
    const cases = Array.from({ length: 160 }, (_, at): HurtCase => {
      const task = at % 16
      const features = [Math.cos(task * 7) + random.normal() / 100, Math.sin(task * 5) + random.normal() / 100]
      return { task: `task ${task}`, features, helped: [0, 3, 5, 6, 9, 10, 12, 15].includes(task) ? 1 : 0 }
    })
    const { judged } = judgeCases(...both(cases))
    expect(judged!.brier).toBeGreaterThan(0.2)
    expect(tellsHurt(judged!)).toBe(false)
  })

  test('is not known of too few cases or tasks, nor where the outcome is always the same', () => {
    expect(judgeCases([], () => [])).toEqual({ cases: 0, tasks: 0, helped: 0, unknown: 'too-few', judged: null })
    expect(judgeCases(...both(made(1, 2, 40, () => 0.5)))).toMatchObject({ tasks: 2, unknown: 'too-few', judged: null })
    expect(judgeCases(...both(made(1, 4, 4, () => 0.5)))).toMatchObject({ cases: 16, unknown: 'too-few', judged: null })
    for (const always of [0, 1])
      expect(judgeCases(...both(made(1, 4, 10, () => always)))).toMatchObject({
        ...{ helped: always, unknown: 'one-sided', judged: null }
      })
  })

  test('goes on where the outcome of the other tasks is always the same', () => {
    const { judged } = judgeCases(...both(made(1, 4, 10, (_, task) => (task === 0 ? 0 : 1))))
    // What is told of that task is wrong and stays a probability; the three others have seen both outcomes.
    expect(judged!.brier).toBeGreaterThan(0.2)
    expect(judged!.brier).toBeLessThan(0.35)
    expect(judged!.always).toBe(0.25)
    expect(tellsHurt(judged!)).toBe(false)
  })
})

describe('the cases of a mining', () => {
  test('are told by a world in which the task is not there: neither its sets nor its rows count', () => {
    const { sets, inputs } = minedWorld()
    const inputsOf = (ids: readonly number[]) => ids.map((id) => inputs.get(id)!)
    const cases = new HurtCases(sets, inputsOf)
    expect(new Set(cases.without(new Set()).map(({ task }) => task)).size).toBe(cases.tasks.length)
    for (const hidden of cases.tasks) {
      const changed = sets.map((set) => ({
        ...set,
        candidates: set.candidates.map((one) =>
          set.task === hidden || one.task === hidden ? { ...one, delta: -one.delta, rank: 99 } : one
        )
      }))
      expect(cases.without(new Set([hidden])).some(({ task }) => task === hidden)).toBe(false)
      expect(new HurtCases(changed, inputsOf).without(new Set([hidden]))).toEqual(cases.without(new Set([hidden])))
      // Really gone: whoever drops the sets and rows beforehand has the same, up to how rare the words are.
      const dropped = sets
        .filter(({ task }) => task !== hidden)
        .map((set) => ({ ...set, candidates: set.candidates.filter(({ task }) => task !== hidden) }))
      const outcomes = (list: readonly HurtCase[]) => list.map(({ task, helped }) => `${task}: ${helped}`).sort()
      expect(outcomes(new HurtCases(dropped, inputsOf).without(new Set()))).toEqual(
        outcomes(cases.without(new Set([hidden])))
      )
    }
  })

  test('of a new kind are told without their group, which is no candidate of them either', () => {
    const { sets, inputs } = minedWorld(4)
    const inputsOf = (ids: readonly number[]) => ids.map((id) => inputs.get(id)!)
    const cases = new HurtCases(sets, inputsOf)
    expect([...cases.groups()].map(([group, tasks]) => [group, tasks.size])).toEqual([
      ...['sea', 'wood', 'town', 'sky'].map((group) => [group, 3])
    ])
    // Only rows of the own group help: of a new kind nothing does, so that there is nothing to tell apart.
    const { judged, newKind } = judgeHurt(sets, inputsOf)
    expect(judged!.brier).toBeLessThan(0.1)
    expect(newKind).toBeNull()
    // What an own kind's rows do is turned round, and every other set finds the others useful by chance: nothing of it is told.
    const random = new Random('kinds')
    const turned = (set: MinedSet): MinedSet => {
      const helps = new Set(['sea', 'wood', 'town', 'sky'].filter(() => random.chance(0.5)))
      return { ...set, candidates: set.candidates.map((one) => ({ ...one, delta: helps.has(one.group) ? -1 : 1 })) }
    }
    const blind = judgeHurt(sets.map(turned), inputsOf).newKind!
    expect(blind.brier).toBeGreaterThan(0.2)
    expect(tellsHurt(blind)).toBe(false)
    // Neither rows of the own group nor, where a group is told, any of its sets and rows.
    for (const [group, tasks] of cases.groups()) {
      const told = cases.without(tasks, { kin: false })
      expect(told.some(({ task }) => tasks.has(task))).toBe(false)
      // Of the four groups it is not there, and the own one is no candidate.
      expect(told.length).toBe(2 * sets.filter((set) => set.group !== group).length)
      const changed = sets.map((set) => ({
        ...set,
        candidates: set.candidates.map((one) =>
          set.group === group || one.group === group || one.group === set.group ? { ...one, delta: -one.delta } : one
        )
      }))
      expect(new HurtCases(changed, inputsOf).without(tasks, { kin: false })).toEqual(told)
    }
  })

  test('are told by their texts, are finite with odd ones, and do not look at the name of a group', () => {
    const { sets, inputs } = minedWorld()
    const renamed = sets.map((set) => ({ ...set, group: 'x' }))
    const inputsOf = (ids: readonly number[]) => ids.map((id) => inputs.get(id)!)
    const hurt = judgeHurt(sets, inputsOf)
    expect(judgeHurt(renamed, inputsOf)).toEqual(hurt)
    expect(hurt.judged!.brier).toBeLessThan(0.1)
    expect(tellsHurt(hurt.judged!)).toBe(true)
    for (const odd of ['', '?!', 'same', 'Ж 漢字 🙂'.repeat(400)]) {
      const cases = new HurtCases(sets, (ids) => ids.map(() => odd)).without(new Set())
      expect(cases.flatMap(({ features }) => features).every(Number.isFinite)).toBe(true)
      expect(judgeHurt(sets, (ids) => ids.map(() => odd)).judged!.brier).toBeGreaterThan(0.2)
    }
  })
})

const both = (cases: readonly HurtCase[]): Parameters<typeof judgeCases> => [cases, others(cases)]

/** Groups of three tasks with words of their own; rows of the own group help, the others hurt. */
function minedWorld(groups = 2): { sets: MinedSet[]; inputs: Map<number, string> } {
  const random = new Random('mined world')
  const words = {
    ...{ sea: ['ship', 'wave', 'salt', 'crew'], wood: ['oak', 'moss', 'fern', 'deer'] },
    ...{ town: ['mayor', 'tram', 'shop', 'lane'], sky: ['cloud', 'star', 'hawk', 'moon'] }
  }
  const rows = Object.entries(words)
    .slice(0, groups)
    .flatMap(([group, own]) =>
      [0, 1, 2].flatMap((task) =>
        Array.from({ length: 20 }, () => ({ group, task: `${group} ${task}`, text: random.sample(own, 3).join(' ') }))
      )
    )
  const inputs = new Map(rows.map(({ text }, at) => [at + 1, text]))
  const tasks = [...new Set(rows.map(({ task }) => task))]
  const sets = Array.from({ length: 9 * groups }, (_, set): MinedSet => {
    const task = tasks[set % tasks.length]!
    const ids = rows.flatMap((row, at) => (row.task === task ? [at + 1] : []))
    const { group } = rows[ids[0]! - 1]!
    const drawn = random.sample(
      rows.flatMap((row, at) => (row.task === task ? [] : [at + 1])),
      24
    )
    return {
      ...{ set, task, group, queryIds: random.sample(ids, 4), baseLoss: 1, ownRows: -0.1, best: -0.1, worst: 0.1 },
      ...{ cpuSeconds: 0, trials: 0 },
      candidates: drawn.map((id, rank) => {
        const row = rows[id - 1]!
        const delta = (row.group === group ? -0.2 : 0.2) + random.normal() / 10
        return { id, query: 0, rank, task: row.task, group: row.group, draws: [delta], delta }
      })
    }
  })
  return { sets, inputs }
}
