import type { Term } from './term.ts'

/** What is said of answers and of what can be concluded from them. */
export const scores = {
  round: {
    name: 'round',
    means: 'One repetition of the experiment with another query set; scores are averaged over the rounds.'
  },
  run: {
    name: 'run',
    means: 'One cell of an experiment: one strategy, tuned once and tested, in one round.'
  },
  evaluate: {
    name: 'evaluate',
    means: 'To let the tuned model answer test questions of the target task and count how many are right.'
  },
  metric: {
    name: 'metric',
    means: 'The rule that turns answers into a score from 0 to 100; more is better.'
  },
  sd: {
    name: '± standard deviation',
    means: 'How much the score varies from round to round; a difference smaller than this says little.'
  },
  delta: {
    name: 'Δ to zero-shot',
    means: 'Points gained or lost against the base model without any tuning.'
  },
  significance: {
    name: 'significance',
    means:
      'How sure one can be that a difference is more than luck, given how few independent test questions there are.'
  },
  'planned-comparisons': {
    name: 'planned comparisons',
    means:
      'The few comparisons that an experiment is made for, named before it starts. The fewer are looked at together, the less is put down to luck.'
  },
  detectable: {
    name: 'smallest detectable difference',
    means: 'A gain smaller than this cannot be told from luck with so few independent test questions.'
  },
  'tuning-hurt': {
    name: 'tuning hurt',
    means: 'After tuning, the model answers this task worse than before it: zero-shot is the better choice here.'
  }
} as const satisfies Record<string, Term>
