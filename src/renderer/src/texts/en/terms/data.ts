import type { Term } from './term.ts'

/** What the data is called that an experiment works with. */
export const data = {
  'upstream-data': {
    name: 'upstream data',
    means:
      'The large collection of solved examples from many tasks that the base model was trained on; the lab picks from it.'
  },
  'target-task': {
    name: 'target task',
    means: 'The new task you care about, which the model has never been trained on.'
  },
  queries: {
    name: 'queries',
    means: 'A handful of inputs of the target task, without answers; they are all the lab needs to know about the task.'
  },
  'query-set': {
    name: 'query set',
    means:
      'One handful of queries; using several of them shows how much the result depends on which inputs you happened to pick.'
  },
  group: {
    name: 'group',
    means: 'Tasks of one kind, for example summarisation or multiple-choice questions.'
  },
  template: {
    name: 'template',
    means: 'One way of wording a task as a text; a task often has several.'
  },
  task: {
    name: 'task',
    means: 'One kind of question with its answers, for example “does this review sound happy?”.'
  },
  rejected: {
    name: 'rejected lines',
    means: 'Lines of the file that could not be read as an example; they are kept aside with the reason.'
  },
  duplicate: {
    name: 'duplicates',
    means: 'Examples with the same input and answer as another one; they are kept, and known.'
  },
  leak: {
    name: 'leak',
    means:
      'An upstream example that is (nearly) one of the test questions; tuning on it would be cheating, so it is left out.'
  },
  'source-item': {
    name: 'independent items',
    means: 'Many test rows are the same question in other words; only truly different questions count as independent.'
  }
} as const satisfies Record<string, Term>
