import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Comparison } from '../../src/main/contract/comparison.ts'
import type { StrategyName } from '../../src/main/contract/strategies.ts'
import { compare } from '../../src/main/evaluation/comparison.ts'
import type { ComparisonInput } from '../../src/main/evaluation/comparison-input.ts'
import { toHtml } from '../../src/main/evaluation/report/html.ts'
import { toLatex } from '../../src/main/evaluation/report/latex.ts'
import { comparisonText } from '../../src/main/hosts/cli/comparison-text.ts'
import { reportOf } from './sample-report.ts'
import { makeExperiment, type Skill } from './world.ts'

/** Any state that a comparison can be in: what has run, on what, how often, how well, and what is still missing. */
const states = fc.record({
  strategies: fc.subarray<StrategyName>(['zero-shot', 'random', 'semantic', 'dense'], { minLength: 0 }),
  targets: fc.integer({ min: 0, max: 4 }),
  rounds: fc.integer({ min: 1, max: 10 }),
  items: fc.constantFrom(1, 3, 6, 20, 90),
  variants: fc.constantFrom(1, 3),
  skills: fc.array(fc.constantFrom(0, 0.03, 0.5, 0.55, 0.9, 1), { minLength: 16, maxLength: 16 }),
  missing: fc.record({ open: fc.constantFrom(0, 1, 5), failed: fc.constantFrom(0, 1, 3) }),
  /** Every so many runs are not there: unfinished, failed, or not picked. */
  gap: fc.constantFrom(0, 2, 3, 5),
  metric: fc.constantFrom('em' as const, 'macro-f1' as const),
  planned: fc.boolean(),
  seed: fc.integer({ min: 1, max: 1e6 })
})
type State = typeof states extends fc.Arbitrary<infer T> ? T : never

function inputOf(state: State): ComparisonInput {
  const names = ['RTE', 'CB', 'COPA', 'WiC'].slice(0, state.targets)
  const skill = Object.fromEntries(
    state.strategies.map((strategy, at) => [
      strategy,
      Object.fromEntries(names.map((name, target) => [name, state.skills[4 * at + target]!]))
    ])
  ) as Skill
  const made = makeExperiment(skill, { ...state })
  const runs = made.runs.filter((_, at) => state.gap === 0 || (at + state.seed) % state.gap !== 0)
  const planned = [{ sourceId: 'experiment-1', strategy: 'semantic' as const, against: 'zero-shot' as const }]
  return { ...made, runs, metric: state.metric, missing: state.missing, ...(state.planned ? { planned } : {}) }
}

const comparing = /\b(better|worse|best|hurt)\b/i
/** What only a test beyond chance may say, without the words that say that there is none. */
function claims(sentence: string): boolean {
  const bare = sentence
    .replace(/no strategy is shown to be better than (zero-shot|another)/i, '')
    .replace(/none (of them )?is shown to be the best( of all)?/i, '')
  return comparing.test(bare)
}

function check(comparison: Comparison): void {
  const all = [...comparison.tests, ...comparison.otherTargets]
  const certain = all.filter(({ pCorrected, difference }) => pCorrected <= 0.05 && difference !== 0)
  for (const test of all) {
    const beyond = certain.includes(test)
    expect(claims(test.sentence)).toBe(beyond)
    expect(test.verdict === 'better' || test.verdict === 'worse').toBe(beyond)
    expect(beyond).toBe(test.interval[0] > 0 || test.interval[1] < 0)
    if (beyond) expect(test.sentence).toContain(test.difference > 0 ? ' is better than ' : ' is worse than ')
  }
  const { headline } = comparison
  const overall = comparison.tests.filter(({ targetId }) => targetId === null)
  const headed = overall.length > 0 ? overall : comparison.tests
  const some = headed.some((test) => certain.includes(test))
  expect(claims(headline.sentence)).toBe(some)
  if (['best', 'better', 'worse'].includes(headline.kind)) expect(some).toBe(true)
  const winner = headline.kind === 'best' ? headline.column : null
  for (const test of headed.filter(({ column, against }) => [column, against].includes(winner ?? '')))
    expect(test.verdict).toBe(test.column === winner ? 'better' : 'worse')
  for (const cell of comparison.cells) {
    const own = comparison.tests.filter(({ targetId }) => targetId === cell.targetId)
    const against = own.filter(({ column, against: other }) => [column, other].includes(cell.column))
    if (cell.best) expect(against.length).toBeGreaterThan(0)
    if (cell.best) expect(against.every((test) => certain.includes(test))).toBe(true)
    if (cell.tuningHurt) expect(certain.some((test) => test.column === cell.column && test.difference < 0)).toBe(true)
  }
  for (const warning of comparison.warnings)
    if (warning.startsWith('Tuning hurt')) expect(certain.some((test) => warning.includes(test.sentence))).toBe(true)
  spoken(comparison, certain.length)
}

/** Command line, report and LaTeX say the headline and the tests' own sentences, and mark nothing else. */
function spoken(comparison: Comparison, certain: number): void {
  const text = comparisonText(comparison)
  expect(text).toContain(comparison.headline.sentence)
  const known = [...comparison.tests, ...comparison.otherTargets].map(({ sentence }) => sentence)
  const allowed = [comparison.headline.sentence, ...known, ...comparison.warnings]
  const advice = comparison.diagnoses.map(({ sentence, next }) => `${sentence} ${next}`)
  for (const line of text.split('\n').filter((one) => one.startsWith('- ')))
    if (comparing.test(line)) expect([...allowed, ...advice].some((one) => line.slice(2) === one)).toBe(true)
  const report = reportOf(comparison)
  const html = toHtml(report)
  expect(html).toContain(comparison.headline.sentence)
  expect((html.match(/class="chip (better|worse)"/g) ?? []).length > 0).toBe(
    certain > 0 || html.includes('class="card example"')
  )
  const latex = toLatex(report).split('\\midrule').slice(1).join('')
  if (certain === 0) expect(latex).not.toMatch(/\\textbf|\^\{\*\}/)
}

describe('in any state of a comparison', () => {
  test('screen, report, command line and LaTeX say one thing, and never better, worse or best without a test beyond chance', () => {
    fc.assert(
      fc.property(states, (state) => check(compare(inputOf(state)))),
      { numRuns: 120 }
    )
  })
})
