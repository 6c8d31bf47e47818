import type { ComparisonTest } from '../contract/comparison.ts'
import { count, decimal, points, pValue, signedPoints } from './wording.ts'

/** What a verdict needs to know about a test. */
export interface TestFacts {
  column: string
  against: string
  /** Name of the target; null: the mean over all targets. */
  target: string | null
  difference: number
  interval: readonly [number, number]
  pCorrected: number
  rows: number
  sourceItems: number
  /** How many targets the p-value was corrected for. */
  comparisons: number
  /** Smallest difference that this test would probably have found, in points. */
  detectable: number
  /** The difference on each query set alone. */
  roundDifferences: readonly number[]
}

const significant = 0.05

/** Below this many items even a clean sweep cannot be told from chance at 5 % by a two-sided sign-flip test. */
const fewestItems = 6

/** The verdict of a test and its one sentence in plain words. */
export function verdictOf(facts: TestFacts): Pick<ComparisonTest, 'verdict' | 'sentence'> {
  if (facts.pCorrected <= significant && facts.difference !== 0) {
    const verdict = facts.difference > 0 ? 'better' : 'worse'
    return {
      verdict,
      sentence: `${facts.column} is ${verdict} than ${facts.against} ${where(facts)} by ${sizeOf(facts)}${roundsOf(facts)}.`
    }
  }
  return { verdict: 'no-evidence', sentence: noEvidence(facts) }
}

/** The alarm for a strategy that ended below the untuned model, more than chance explains. `target` null: on average. */
export function tuningHurtSentence(column: string, target: string | null, delta: number): string {
  return `Tuning hurt: ${column} is ${points(-delta)} below zero-shot ${placeOf(target)}, more than chance explains.`
}

/** Where a strategy ended below the untuned model, perhaps by chance. */
export function belowZeroShotSentence(
  column: string,
  falls: readonly { target: string | null; delta: number }[]
): string {
  const places = falls.map(({ target, delta }) => `${placeOf(target)} (${decimal(-delta)})`)
  const last = places.pop()!
  const listed = places.length === 0 ? last : `${places.join(', ')} and ${last}`
  return `${column} is below zero-shot ${listed}; that may be chance, but tuning brought nothing there.`
}

/** Where no strategy beat the untuned model beyond chance. */
export function nothingHelpedSentence(targets: readonly string[]): string {
  return `No strategy is better than zero-shot beyond chance on ${targets.join(', ')}: what is needed there may not be in the upstream data.`
}

function noEvidence(facts: TestFacts): string {
  const pair = `between ${facts.column} and ${facts.against} ${where(facts)}`
  if (facts.difference === 0 && facts.detectable === 0) return `No difference ${pair}: every answer scores the same.`
  const items = describeItems(facts)
  if (facts.sourceItems < fewestItems)
    return `No test can tell a difference ${pair}: ${items}, fewer than ${fewestItems}.`
  const interval = `95 % interval ${signedPoints(facts.interval[0])} to ${signedPoints(facts.interval[1])}`
  return (
    `No evidence of a difference ${pair} (${signedPoints(facts.difference)} points, ${interval}): ` +
    `${items}, too few to see differences below about ${points(facts.detectable)}.`
  )
}

function describeItems({ rows, sourceItems }: TestFacts): string {
  return rows === sourceItems
    ? `${count(rows)} rows`
    : `${count(rows)} rows are only ${count(sourceItems)} source items`
}

function sizeOf({ difference, interval, pCorrected, comparisons }: TestFacts): string {
  const correction = comparisons > 1 ? `, corrected for ${comparisons} targets` : ''
  const [near, far] = difference > 0 ? interval : [-interval[1], -interval[0]]
  return `${points(Math.abs(difference))} (95 % interval ${decimal(near)} to ${decimal(far)}; ${pValue(pCorrected)}${correction})`
}

/** Whether the difference hangs on some of the query sets; the test itself is only about the test items. */
function roundsOf({ difference, roundDifferences }: TestFacts): string {
  const all = roundDifferences.length
  if (all < 2) return ''
  const agreeing = roundDifferences.filter((one) => one * difference > 0).length
  return agreeing === all ? `, in all ${all} rounds` : `, but in only ${agreeing} of ${all} rounds`
}

function where({ target }: TestFacts): string {
  return placeOf(target)
}

function placeOf(target: string | null): string {
  return target === null ? 'on average over the targets' : `on ${target}`
}
