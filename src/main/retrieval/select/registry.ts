import type { SelectorName } from '../../contract/strategies.ts'
import { aggregateScores, maxScore } from './scores.ts'
import type { Selector } from './selector.ts'
import { aggregateChoices, roundRobin } from './turns.ts'

/** How the queries' lists become one set. */
export const selectors: Record<SelectorName, Selector> = {
  'aggregate-choices': aggregateChoices,
  'aggregate-scores': aggregateScores,
  'max-score': maxScore,
  'round-robin': roundRobin
}
