import type { ComparisonTest, Verdict } from '../contract/comparison.ts'
import { count, decimal, pValue, points, signedPoints } from './wording.ts'
import { fewestItems, fewestRounds } from './statistics/table-tests.ts'

/** The one place where tests become words: screens, reports and the command line show these sentences. */

/** Differences within this many points count as practically none, where the whole interval lies there. */
export const practicallyEqual = 2

/** What a verdict needs to know about a test. */
export interface TestFacts extends Pick<
  ComparisonTest,
  | 'scope'
  | 'planned'
  | 'difference'
  | 'interval'
  | 'pCorrected'
  | 'comparisons'
  | 'detectable'
  | 'rounds'
  | 'rows'
  | 'sourceItems'
> {
  column: string
  against: string
  place: TestPlace
}

/** Where a test speaks: on a target by name, on average over targets, or over others like them. */
export type TestPlace =
  { over: 'target'; name: string } | { over: 'these-targets' | 'targets-like-these'; targets: number }

const significant = 0.05

/** The verdict of a test and its one sentence in plain words. */
export function verdictOf(facts: TestFacts): { verdict: Verdict; sentence: string } {
  const verdict = decide(facts)
  return { verdict, sentence: sentenceOf(verdict, facts) }
}

function decide({ pCorrected, difference, interval, sourceItems, detectable }: TestFacts): Verdict {
  if (pCorrected <= significant && difference !== 0) return difference > 0 ? 'better' : 'worse'
  // A handful of items can agree by luck: there the interval is not to be believed.
  const tellable = sourceItems >= fewestItems && detectable !== null && interval[1] > interval[0]
  return tellable && Math.max(-interval[0], interval[1]) <= practicallyEqual ? 'equivalent' : 'no-evidence'
}

function sentenceOf(verdict: Verdict, facts: TestFacts): string {
  const { column, against, difference, interval } = facts
  if (verdict === 'better' || verdict === 'worse') {
    const [near, far] = difference > 0 ? interval : [-interval[1], -interval[0]]
    return (
      `${column} is ${verdict} than ${against} ${placeOf(facts)} by ${points(Math.abs(difference))} ` +
      `(95 % interval ${decimal(near)} to ${decimal(far)}; ${correctedP(facts)})${scopeOf(facts)}.`
    )
  }
  const found = `${signedPoints(difference)} points, 95 % interval ${signedPoints(interval[0])} to ${signedPoints(interval[1])}`
  if (verdict === 'equivalent') {
    const margin = `within ±${practicallyEqual} points of each other`
    return `${column} and ${against} are ${margin} ${placeOf(facts)} (${found})${scopeOf(facts)}.`
  }
  return noEvidence(facts, found)
}

function noEvidence(facts: TestFacts, found: string): string {
  const pair = `between ${facts.column} and ${facts.against} ${placeOf(facts)}`
  const nothingVaries = facts.interval[0] === facts.interval[1] && facts.difference === 0
  if (nothingVaries && facts.place.over !== 'targets-like-these')
    return `No difference ${pair}: every answer scores the same.`
  if (facts.detectable === null) {
    const why =
      facts.sourceItems < fewestItems
        ? `fewer than ${fewestItems}`
        : `too few for ${count(facts.comparisons)} comparisons at once`
    return `No test can tell a difference ${pair}: ${itemsOf(facts)}, ${why}.`
  }
  return (
    `No evidence of a difference ${pair} (${found}): ${itemsOf(facts)}${roundsOf(facts)}; ` +
    `a difference of about ${points(facts.detectable)} or more would probably have been found.`
  )
}

function itemsOf({ rows, sourceItems, place }: TestFacts): string {
  if (place.over === 'targets-like-these') return `${place.targets} targets`
  return rows === sourceItems
    ? `${count(rows)} rows`
    : `${count(rows)} rows are only ${count(sourceItems)} source items`
}

function roundsOf({ scope, rounds }: TestFacts): string {
  if (scope === 'no-query-sets') return ''
  const sets = rounds === 1 ? 'one query set' : `${rounds} query sets`
  return scope === 'these-query-sets' ? `, and only ${sets}, about which alone this speaks` : `, ${sets}`
}

function scopeOf({ scope, rounds }: TestFacts): string {
  if (scope === 'no-query-sets') return ''
  if (scope === 'any-query-sets') return `, with query sets like these ${rounds}`
  const these = rounds === 1 ? 'this one query set' : `these ${rounds} query sets`
  return `, for ${these} only: fewer than ${fewestRounds} say nothing about others`
}

function correctedP({ pCorrected, comparisons, planned }: TestFacts): string {
  if (comparisons === 1) return pValue(pCorrected)
  return `${pValue(pCorrected)}, corrected for ${comparisons} ${planned ? 'planned ' : ''}comparisons`
}

function placeOf({ place }: Pick<TestFacts, 'place'>): string {
  if (place.over === 'target') return `on ${place.name}`
  return place.over === 'these-targets'
    ? `on average over these ${place.targets} targets`
    : `on average over targets like these ${place.targets}`
}
