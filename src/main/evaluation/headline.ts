import type { Cell, Column, Comparison, ComparisonTest, Headline } from '../contract/comparison.ts'
import type { MissingRuns } from './comparison-input.ts'
import { practicallyEqual } from './verdicts.ts'
import { capital, count, points } from './wording.ts'

type Facts = Pick<Comparison, 'columns' | 'targets' | 'tests'> & {
  missing: MissingRuns
  /** No target has right answers: there are answers, but no scores. */
  unscored?: boolean
}

/** What a comparison says in one sentence: for one target or many, with and without zero-shot, also before it is finished. */
export function headlineOf(facts: Facts): Headline {
  const { kind, column = null, sentence } = claimOf(facts)
  const open = kind === 'waiting' || facts.missing.open === 0 ? '' : ` ${stillOpen(facts.missing.open)}`
  const failed = kind === 'failed' || facts.missing.failed === 0 ? '' : ` ${runs(facts.missing.failed)} failed.`
  return { kind, column, sentence: `${capital(sentence)}${open}${failed}` }
}

type Claim = { kind: Headline['kind']; column?: string; sentence: string }

function claimOf(facts: Facts): Claim {
  const { columns, missing, targets, tests } = facts
  if (columns.length === 0) {
    if (missing.open > 0) return { kind: 'waiting', sentence: 'The first results are on their way.' }
    if (missing.failed > 0)
      return { kind: 'failed', sentence: `No run has finished: ${runs(missing.failed)} failed. Their pages say why.` }
    return { kind: 'nothing', sentence: 'There are no results yet.' }
  }
  if (facts.unscored)
    return {
      kind: 'nothing',
      sentence: 'these are questions without right answers: nothing is scored. Compare what the strategies answered.'
    }
  if (tests.length === 0) {
    if (missing.open > 0)
      return { kind: 'waiting', sentence: 'The first results are there; nothing can be compared yet.' }
    const only =
      columns.length === 1 ? `${columns[0]!.label} stands alone` : 'these columns have no test rows in common'
    return { kind: 'nothing', sentence: `${only}, so there is nothing to compare.` }
  }
  const overall = tests.filter((test) => test.targetId === null)
  const shown = overall.length > 0 ? overall : tests
  const place =
    overall.length > 0
      ? ` on average over these ${targets.length} targets`
      : targets.length === 1
        ? ` on ${targets[0]!.name}`
        : ''
  const untuned = shown.filter((test) => baselineOf(columns, test.column) === test.against)
  // Where some targets wait for their runs there is no average: every target speaks for itself.
  if (overall.length === 0 && targets.length > 1) return targetByTarget(facts, untuned.length > 0 ? untuned : shown)
  return untuned.length > 0 ? againstUntuned(columns, shown, untuned, place) : amongTuned(columns, shown, place)
}

function againstUntuned(
  columns: readonly Column[],
  shown: readonly ComparisonTest[],
  untuned: readonly ComparisonTest[],
  place: string
): Claim {
  const better = untuned.filter((test) => test.verdict === 'better')
  const worse = untuned.filter((test) => test.verdict === 'worse')
  const best = better.find((test) => beatsAll(test.column, shown))
  const scope = scopeOf(untuned)
  if (best) {
    const others = untuned.length > 1 ? ' and than every other strategy' : ''
    const sentence = `${labelOf(columns, best.column)} is better than zero-shot${others}${place}: ${points(best.difference)} above zero-shot${scope}.`
    return { kind: untuned.length > 1 ? 'best' : 'better', column: best.column, sentence }
  }
  if (better.length === 1)
    return {
      kind: 'better',
      column: better[0]!.column,
      sentence: `${labelOf(columns, better[0]!.column)} is better than zero-shot${place} by ${points(better[0]!.difference)}${scope}.`
    }
  if (better.length > 1) {
    const names = listed(better.map((test) => labelOf(columns, test.column)))
    return {
      kind: 'better',
      sentence: `${names} are better than zero-shot${place}${scope}; none of them is shown to be the best.`
    }
  }
  if (worse.length > 0) {
    const names = listed(worse.map((test) => labelOf(columns, test.column)))
    const sentence = `tuning hurt: ${names} ${worse.length === 1 ? 'is' : 'are'} worse than zero-shot${place}${scope}.`
    return { kind: 'worse', ...(worse.length === 1 ? { column: worse[0]!.column } : {}), sentence }
  }
  const among = pairsShown(
    columns,
    shown.filter((test) => !untuned.includes(test))
  )
  const rest = among.length === 0 ? '' : ` Of the tuned ones ${listed(among)}.`
  if (untuned.every((test) => test.verdict === 'equivalent'))
    return {
      kind: 'equivalent',
      sentence: `tuning made no difference${place}: ${untuned.length === 1 ? 'the strategy is' : 'all strategies are'} within ±${practicallyEqual} points of zero-shot${scope}.${rest}`
    }
  return {
    kind: 'open',
    sentence: `no strategy is shown to be better than zero-shot${place}${limitOf(untuned)}.${rest}`
  }
}

/** Who is better than whom, beyond chance. */
function pairsShown(columns: readonly Column[], tests: readonly ComparisonTest[]): string[] {
  const certain = tests.filter((test) => test.verdict === 'better' || test.verdict === 'worse')
  return certain.map((test) => {
    const [first, second] = test.difference > 0 ? [test.column, test.against] : [test.against, test.column]
    return `${labelOf(columns, first)} is better than ${labelOf(columns, second)}`
  })
}

function amongTuned(columns: readonly Column[], shown: readonly ComparisonTest[], place: string): Claim {
  const best = columns.find(({ key }) => beatsAll(key, shown))
  if (best) {
    const own = shown.filter((test) => test.column === best.key || test.against === best.key)
    const others = own.length === 1 ? labelOf(columns, otherOf(own[0]!, best.key)) : 'every other strategy'
    const size = own.length === 1 ? ` by ${points(Math.abs(own[0]!.difference))}` : ''
    return {
      kind: 'best',
      column: best.key,
      sentence: `${best.label} is better than ${others}${place}${size}${scopeOf(own)}.`
    }
  }
  if (shown.every((test) => test.verdict === 'equivalent'))
    return {
      kind: 'equivalent',
      sentence: `all are within ±${practicallyEqual} points of each other${place}${scopeOf(shown)}.`
    }
  const certain = shown.filter((test) => test.verdict === 'better' || test.verdict === 'worse')
  if (certain.length > 0) {
    return {
      kind: 'better',
      sentence: `${listed(pairsShown(columns, certain))}${place}${scopeOf(certain)}; none is shown to be the best of all.`
    }
  }
  return { kind: 'open', sentence: `no strategy is shown to be better than another${place}${limitOf(shown)}.` }
}

function targetByTarget({ columns, targets }: Facts, tests: readonly ComparisonTest[]): Claim {
  const certain = tests.filter((test) => test.verdict === 'better' || test.verdict === 'worse')
  if (certain.length === 0)
    return {
      kind: 'open',
      sentence: `no difference is shown on any of these ${targets.length} targets${limitOf(tests)}.`
    }
  const name = (id: string | null): string => targets.find((target) => target.id === id)?.name ?? ''
  const said = certain
    .slice(0, 3)
    .map(
      (test) =>
        `${labelOf(columns, test.column)} is ${test.verdict} than ${labelOf(columns, test.against)} on ${name(test.targetId)}`
    )
  const more = certain.length > 3 ? `; ${certain.length - 3} more below` : ''
  return {
    kind: certain.some((test) => test.verdict === 'better') ? 'better' : 'worse',
    sentence: `${listed(said)}${more}.`
  }
}

/** The cells whose column is better than every other column tested on the same target, beyond chance. */
export function markBest(cells: readonly Omit<Cell, 'best'>[], tests: readonly ComparisonTest[]): Cell[] {
  return cells.map((cell) => ({
    ...cell,
    best: beatsAll(
      cell.column,
      tests.filter((test) => test.targetId === cell.targetId)
    )
  }))
}

function beatsAll(column: string, tests: readonly ComparisonTest[]): boolean {
  const own = tests.filter((test) => test.column === column || test.against === column)
  return own.length > 0 && own.every((test) => test.verdict === (test.column === column ? 'better' : 'worse'))
}

function otherOf(test: ComparisonTest, column: string): string {
  return test.column === column ? test.against : test.column
}

function baselineOf(columns: readonly Column[], key: string): string | null {
  return columns.find((column) => column.key === key)?.baseline ?? null
}

function labelOf(columns: readonly Column[], key: string): string {
  return columns.find((column) => column.key === key)?.label ?? key
}

/** What the tests would have found; the worst of them, so that it is true of all. */
function limitOf(tests: readonly ComparisonTest[]): string {
  const sizes = tests.map((test) => test.detectable ?? Infinity)
  const largest = Math.max(...sizes)
  return Number.isFinite(largest)
    ? `; differences of about ${points(largest)} or more would probably have been found`
    : '; there are too few test items to tell any difference'
}

function scopeOf(tests: readonly ComparisonTest[]): string {
  const only = tests.find((test) => test.scope === 'these-query-sets')
  if (!only) return ''
  return only.rounds === 1 ? ', for this one query set' : `, for these ${only.rounds} query sets`
}

function stillOpen(open: number): string {
  return `${runs(open)} ${open === 1 ? 'is' : 'are'} still to come.`
}

function runs(number: number): string {
  return `${count(number)} ${number === 1 ? 'run' : 'runs'}`
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`
}
