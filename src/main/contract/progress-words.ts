/**
 * What jobs say that they do, and what they count, in the words of the backend; screens say them in the reader's language
 * (texts.jobs.phases, texts.jobs.units). test/contract/progress-words.test.ts finds those that stand nowhere here.
 */
export const jobPhases = [
  'answering',
  'building the graph',
  'cancelling',
  'checking',
  'choosing the learning rate',
  'comparing',
  'copying',
  'done',
  'drawing the map',
  'embedding',
  'evaluating',
  'fetching',
  'finding neighbours',
  'fingerprint',
  'full text',
  'hashes',
  'judging',
  'learning rate',
  'looking at the model',
  'measuring recall',
  'merging',
  'merging full text',
  'mining',
  'model card',
  'moving',
  'nearness',
  'not answering',
  'packing',
  'pausing',
  'preparing',
  'publishing',
  'reading',
  'report',
  'reranking',
  'retrieving',
  'saving',
  'scoring',
  'source items',
  'stepping',
  'training',
  'tuning',
  'verifying'
] as const
export type JobPhase = (typeof jobPhases)[number]

/** Beside bytes. */
export const jobUnits = [
  'chunks',
  'examples',
  'experiments',
  'pairs',
  'points',
  'queries',
  'query sets',
  'questions',
  'rounds',
  'rows',
  'samples',
  'steps',
  'test rows',
  'things',
  'trials',
  'vectors'
] as const
export type JobUnit = (typeof jobUnits)[number]
