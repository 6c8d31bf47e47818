import { describe, expect, test } from 'vitest'
import type { StrategyName } from '../../src/main/contract/strategies.ts'
import { compare } from '../../src/main/evaluation/comparison.ts'
import type { MissingRuns } from '../../src/main/evaluation/comparison-input.ts'
import { makeExperiment, type Skill } from './world.ts'

/** Every state that an experiment can be in: how many targets, with zero-shot or without, finished or not, clear or not. */
const none: MissingRuns = { open: 0, failed: 0 }
const skills = {
  flat: { 'zero-shot': 0.5, random: 0.5, semantic: 0.5 },
  semantic: { 'zero-shot': 0.4, random: 0.4, semantic: 0.85 },
  both: { 'zero-shot': 0.2, random: 0.8, semantic: 0.8 },
  hurt: { 'zero-shot': 0.85, random: 0.4, semantic: 0.4 }
}
type SkillName = keyof typeof skills

function sentenceOf(
  skill: SkillName,
  options: { targets?: number; strategies?: StrategyName[]; missing?: MissingRuns; rounds?: number } = {}
) {
  const { targets = 1, strategies = ['zero-shot', 'random', 'semantic'], missing = none, rounds = 4 } = options
  const names = ['RTE', 'CB', 'COPA'].slice(0, targets)
  const chosen = Object.fromEntries(
    Object.entries(skills[skill])
      .filter(([strategy]) => strategies.includes(strategy as StrategyName))
      .map(([strategy, right]) => [strategy, Object.fromEntries(names.map((name) => [name, right]))])
  ) as Skill
  const made = makeExperiment(chosen, { items: 150, variants: 1, rounds, seed: 3 })
  return compare({ ...made, missing }).headline
}

describe('the headline', () => {
  test.each<[string, Parameters<typeof sentenceOf>, string, RegExp]>([
    [
      'one target, one winner',
      ['semantic'],
      'best',
      /^Semantic is better than zero-shot and than every other strategy on RTE: \d+\.\d points above zero-shot\.$/
    ],
    [
      'many targets, one winner',
      ['semantic', { targets: 3 }],
      'best',
      /^Semantic is better than .* on average over these 3 targets: /
    ],
    [
      'two winners',
      ['both'],
      'better',
      /^Random and semantic are better than zero-shot on RTE; none of them is shown to be the best\.$/
    ],
    [
      'nothing',
      ['flat'],
      'open',
      /^No strategy is shown to be better than zero-shot on RTE; differences of about \d+\.\d points or more would probably have been found\.$/
    ],
    [
      'nothing, many targets',
      ['flat', { targets: 3 }],
      'open',
      /^No strategy is shown .* on average over these 3 targets; differences/
    ],
    ['tuning hurt', ['hurt'], 'worse', /^Tuning hurt: random and semantic are worse than zero-shot on RTE\.$/],
    [
      'no zero-shot, one winner',
      ['semantic', { strategies: ['random', 'semantic'] }],
      'best',
      /^semantic is better than random on RTE by \d+\.\d points\.$/i
    ],
    [
      'no zero-shot, nothing',
      ['flat', { strategies: ['random', 'semantic'] }],
      'open',
      /^No strategy is shown to be better than another on RTE; differences/
    ],
    [
      'one strategy alone',
      ['flat', { strategies: ['semantic'] }],
      'nothing',
      /^Semantic stands alone, so there is nothing to compare\.$/
    ],
    [
      'one strategy and zero-shot',
      ['semantic', { strategies: ['zero-shot', 'semantic'] }],
      'better',
      /^Semantic is better than zero-shot on RTE: \d+\.\d points above zero-shot\.$/
    ],
    [
      'nothing yet',
      ['flat', { strategies: [], missing: { open: 7, failed: 0 } }],
      'waiting',
      /^The first results are on their way\.$/
    ],
    [
      'first runs',
      ['flat', { strategies: ['zero-shot'], missing: { open: 6, failed: 0 } }],
      'waiting',
      /^The first results are there; nothing can be compared yet\.$/
    ],
    [
      'everything failed',
      ['flat', { strategies: [], missing: { open: 0, failed: 7 } }],
      'failed',
      /^No run has finished: 7 runs failed\. Their pages say why\.$/
    ],
    ['nothing asked', ['flat', { strategies: [] }], 'nothing', /^There are no results yet\.$/],
    ['partly done', ['semantic', { missing: { open: 1, failed: 0 } }], 'best', / 1 run is still to come\.$/],
    [
      'partly failed',
      ['flat', { missing: { open: 2, failed: 3 } }],
      'open',
      / 2 runs are still to come\. 3 runs failed\.$/
    ],
    ['two rounds', ['semantic', { rounds: 2 }], 'best', /, for these 2 query sets\.$/],
    ['one round', ['semantic', { rounds: 1 }], 'best', /, for this one query set\.$/]
  ])('%s', (_, [skill, options], kind, sentence) => {
    const headline = sentenceOf(skill, options)
    expect(headline.sentence).toMatch(sentence)
    expect(headline.kind).toBe(kind)
  })
  test('where targets wait for their runs, those that are there speak', () => {
    const made = makeExperiment(
      { 'zero-shot': { RTE: 0.2, CB: 0.2 }, semantic: { RTE: 0.9, CB: 0.2 } },
      { items: 150, variants: 1, rounds: 4 }
    )
    const runs = made.runs.map((run) =>
      run.strategy === 'zero-shot' ? run : { ...run, outputs: new Map([...run.outputs].slice(0, 1)) }
    )
    const { headline } = compare({ ...made, runs, missing: { open: 4, failed: 0 } })
    expect(headline.sentence).toBe('Semantic is better than zero-shot on RTE. 4 runs are still to come.')
  })
})
