import { describe, expect, test } from 'vitest'
import { verdictOf, type TestFacts } from '../../src/main/evaluation/verdicts.ts'

const facts: TestFacts = {
  column: 'semantic',
  against: 'random',
  place: { over: 'target', name: 'RTE' },
  scope: 'any-query-sets',
  planned: false,
  difference: 4.2,
  interval: [1.1, 7.3],
  pCorrected: 0.004,
  comparisons: 12,
  rounds: 5,
  rows: 1000,
  sourceItems: 200,
  detectable: 4.4
}

describe('verdicts', () => {
  test.each<[string, TestFacts, string, string]>([
    [
      'better',
      facts,
      'better',
      'semantic is better than random on RTE by 4.2 points (95 % interval 1.1 to 7.3; p = 0.004, corrected for 12 comparisons), with query sets like these 5.'
    ],
    [
      'planned',
      { ...facts, planned: true, comparisons: 3 },
      'better',
      'semantic is better than random on RTE by 4.2 points (95 % interval 1.1 to 7.3; p = 0.004, corrected for 3 planned comparisons), with query sets like these 5.'
    ],
    [
      'two rounds',
      { ...facts, scope: 'these-query-sets', rounds: 2, comparisons: 1 },
      'better',
      'semantic is better than random on RTE by 4.2 points (95 % interval 1.1 to 7.3; p = 0.004), for these 2 query sets only: fewer than 3 say nothing about others.'
    ],
    [
      'worse, on average',
      {
        ...facts,
        difference: -4.2,
        interval: [-7.3, -1.1],
        place: { over: 'these-targets', targets: 4 },
        comparisons: 1
      },
      'worse',
      'semantic is worse than random on average over these 4 targets by 4.2 points (95 % interval 1.1 to 7.3; p = 0.004), with query sets like these 5.'
    ],
    [
      'nothing shown, prompt variants',
      { ...facts, pCorrected: 0.2, interval: [-1, 9.4], rows: 280, sourceItems: 58 },
      'no-evidence',
      'No evidence of a difference between semantic and random on RTE (+4.2 points, 95 % interval −1.0 to +9.4): 280 rows are only 58 source items, 5 query sets; a difference of about 4.4 points or more would probably have been found.'
    ],
    [
      'nothing shown, one round',
      { ...facts, pCorrected: 0.2, interval: [-1, 9.4], rows: 200, scope: 'these-query-sets', rounds: 1 },
      'no-evidence',
      'No evidence of a difference between semantic and random on RTE (+4.2 points, 95 % interval −1.0 to +9.4): 200 rows, and only one query set, about which alone this speaks; a difference of about 4.4 points or more would probably have been found.'
    ],
    [
      'nothing shown for others',
      { ...facts, pCorrected: 0.2, interval: [-1, 9.4], place: { over: 'targets-like-these', targets: 3 } },
      'no-evidence',
      'No evidence of a difference between semantic and random on average over targets like these 3 (+4.2 points, 95 % interval −1.0 to +9.4): 3 targets, 5 query sets; a difference of about 4.4 points or more would probably have been found.'
    ],
    [
      'practically equal',
      { ...facts, difference: 0.3, pCorrected: 0.9, interval: [-0.9, 1.5] },
      'equivalent',
      'semantic and random are within ±2 points of each other on RTE (+0.3 points, 95 % interval −0.9 to +1.5), with query sets like these 5.'
    ],
    [
      'too few items',
      { ...facts, pCorrected: 1, rows: 20, sourceItems: 4, detectable: null },
      'no-evidence',
      'No test can tell a difference between semantic and random on RTE: 20 rows are only 4 source items, fewer than 6.'
    ],
    [
      'too few items for so many comparisons',
      { ...facts, pCorrected: 1, interval: [0, 9], rows: 8, sourceItems: 8, detectable: null },
      'no-evidence',
      'No test can tell a difference between semantic and random on RTE: 8 rows, too few for 12 comparisons at once.'
    ],
    [
      'the same answers',
      { ...facts, pCorrected: 1, difference: 0, interval: [0, 0] },
      'no-evidence',
      'No difference between semantic and random on RTE: every answer scores the same.'
    ]
  ])('%s', (_, given, verdict, sentence) => {
    expect(verdictOf(given)).toEqual({ verdict, sentence })
  })
})
