import type { MetricName } from '../../../../../main/contract/data.ts'
import type { Term } from './term.ts'

/** What is said of answers and of what can be concluded from them; every metric is here. */
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
  em: {
    name: 'exact match',
    means: 'The share of answers that are the expected text, but for case, punctuation and articles.'
  },
  'soft-em': {
    name: 'soft match',
    means: 'The share of answers that contain the expected text or are contained in it.'
  },
  'qa-f1': {
    name: 'answer F1',
    means: 'How many words of the answer and of the expected text are the same; half right counts half.'
  },
  'rouge-l': {
    name: 'ROUGE-L',
    means: 'How many words, in the same order, the answer shares with the expected text; usual for summaries.'
  },
  bleu: {
    name: 'BLEU',
    means: 'How many short word sequences of the answer stand in the expected text; usual for translations.'
  },
  accuracy: {
    name: 'accuracy',
    means: 'The share of answers that are exactly the expected text, but for upper and lower case.'
  },
  'macro-f1': {
    name: 'macro F1',
    means: 'How well each kind of answer is found, averaged so that rare kinds count as much as common ones.'
  },
  matthews: {
    name: 'Matthews correlation',
    means: 'Agreement with the expected answers beyond chance; 0 is guessing, 100 is perfect.'
  },
  pearson: {
    name: 'Pearson correlation',
    means: 'How well numbers given as answers rise and fall with the expected numbers; 100 is perfect.'
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
} as const satisfies Record<MetricName, Term> & Record<string, Term>
