import type { Term } from './term.ts'

/** What is said of choosing examples. */
export const retrieval = {
  strategy: {
    name: 'strategy',
    means: 'A way of choosing which upstream examples the model is tuned on.'
  },
  retriever: {
    name: 'trained retriever',
    means:
      'An encoder with a head that brings useful examples near. It is trained in minutes on the vectors of an index, from mined pairs or from the scores of a reranker.'
  },
  reranker: {
    name: 'reranker',
    means:
      'A model that reads a query and an upstream example together and says how useful the one is for the other. Slower than comparing embeddings, and a better judge if it was trained well.'
  },
  embedding: {
    name: 'embedding',
    means: 'A list of numbers that stands for a text, made so that texts that are alike get numbers that are close.'
  },
  index: {
    name: 'index',
    means: 'The embeddings of all upstream examples, stored so that the nearest ones are found in milliseconds.'
  },
  encoder: {
    name: 'encoder',
    means: 'A model that turns a text into an embedding.'
  },
  recall: {
    name: 'recall',
    means:
      'Of the ten examples that truly are nearest, the share that the fast search finds; 100 % means none is missed.'
  },
  retrieve: {
    name: 'retrieve',
    means: 'To look up the upstream examples that resemble the queries.'
  },
  budget: {
    name: 'examples to retrieve',
    means: 'How many upstream examples the model is tuned on.'
  },
  selector: {
    name: 'how queries share',
    means: 'Whether each query brings its own nearest examples, or all queries vote together.'
  },
  lineage: {
    name: 'where it came from',
    means:
      'The upstream examples the model was tuned on before it gave this answer, and the query that brought each of them.'
  },
  'task-mix': {
    name: 'task mix',
    means: 'From which upstream tasks the retrieved examples come, and how many from each.'
  },
  overlap: {
    name: 'overlap',
    means: 'How many examples two strategies both picked, as a share of all that either picked.'
  },
  'heat-map': {
    name: 'shares by group',
    means:
      'For each target, the share of retrieved examples from each group of upstream tasks: which old tasks resemble the new one.'
  },
  'embedding-map': {
    name: 'embedding map',
    means: 'The embeddings flattened to two dimensions: texts that are alike lie close together, the axes mean nothing.'
  },
  ablation: {
    name: 'leave one group out',
    means: 'Repeats the experiment without one group of upstream tasks, to see how much that group had helped.'
  }
} as const satisfies Record<string, Term>
