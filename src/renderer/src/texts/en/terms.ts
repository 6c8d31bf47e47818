import type { MetricName } from '../../../../main/contract/data.ts'

interface Term {
  name: string
  means: string
}

/** What the field's words mean, one sentence each; every metric has one. Shown where the word stands. */
export const terms = {
  'base-model': {
    name: 'base model',
    means: 'A language model that has already learned many tasks, and that the lab teaches a little more.'
  },
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
  round: {
    name: 'round',
    means: 'One repetition of the experiment with another query set; scores are averaged over the rounds.'
  },
  run: {
    name: 'run',
    means: 'One cell of an experiment: one strategy, tuned once and tested, in one round.'
  },
  strategy: {
    name: 'strategy',
    means: 'A way of choosing which upstream examples the model is tuned on.'
  },
  'zero-shot': {
    name: 'zero-shot',
    means: 'The base model as it is, tuned on nothing: the line that every other strategy has to beat.'
  },
  random: {
    name: 'random',
    means: 'Tuning on upstream examples picked by chance: shows whether choosing cleverly is worth it.'
  },
  semantic: {
    name: 'semantic',
    means: 'Tuning on the upstream examples whose meaning, as a sentence encoder sees it, is nearest to the queries.'
  },
  dense: {
    name: 'dense',
    means:
      'Tuning on the upstream examples that the base model itself finds most alike to the queries (ReCross without its reranker).'
  },
  lexical: {
    name: 'lexical',
    means:
      'Tuning on the upstream examples that share the most telling words with the queries (BM25, as search engines do).'
  },
  recross: {
    name: 'recross',
    means:
      'Like dense, but with four times as many candidates, of which a reranker keeps those that it judges most useful for the queries (ReCross, whole).'
  },
  trained: {
    name: 'trained',
    means:
      'Tuning on the upstream examples that a trained retriever finds most useful: the vectors of an index, turned by a head that has learnt from mined pairs.'
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
  tune: {
    name: 'tune',
    means: 'To train the base model for a moment longer on the retrieved examples (also called fine-tuning).'
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
  'source-item': {
    name: 'independent items',
    means: 'Many test rows are the same question in other words; only truly different questions count as independent.'
  },
  detectable: {
    name: 'smallest detectable difference',
    means: 'A gain smaller than this cannot be told from luck with so few independent test questions.'
  },
  'tuning-hurt': {
    name: 'tuning hurt',
    means: 'After tuning, the model answers this task worse than before it: zero-shot is the better choice here.'
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
  parameters: {
    name: 'parameters',
    means: 'The numbers a model consists of; more of them know more, and need more memory and time.'
  },
  prefix: {
    name: 'prefix',
    means: 'A text that this model expects before every input and output, because it was trained that way.'
  },
  budget: {
    name: 'examples to retrieve',
    means: 'How many upstream examples the model is tuned on.'
  },
  selector: {
    name: 'how queries share',
    means: 'Whether each query brings its own nearest examples, or all queries vote together.'
  },
  loss: {
    name: 'loss',
    means: 'How surprised the model is by the right answers while it is tuned; it should go down.'
  },
  'learning-rate': {
    name: 'learning rate',
    means: 'How big a step the model takes at each correction; too big and it forgets what it knew.'
  },
  'range-test': {
    name: 'test of learning rates',
    means:
      'Short trainings with growing learning rates, each from the same beginning; the loss afterwards shows which of them help.'
  },
  epochs: { name: 'epochs', means: 'How often the model sees each retrieved example while it is tuned.' },
  'batch-size': { name: 'batch size', means: 'How many examples the model looks at before each correction.' },
  beams: {
    name: 'beams',
    means: 'How many alternative answers the model follows at a time before it settles on one.'
  },
  merge: {
    name: 'tuned on',
    means:
      'Whether the labels of your queries join in. The paper uses none: then the target task needs no labelled example.'
  },
  'lora-rank': {
    name: 'rank',
    means: 'How large the add-on is: a higher rank can learn more and takes more memory and disk.'
  },
  blocks: {
    name: 'layers',
    means: 'The model works in layers, one after the other; tuning only the last ones takes less memory and time.'
  },
  'early-stopping': {
    name: 'early stopping',
    means:
      'Looks at held-out examples now and then, ends the tuning when it gets worse on them, and keeps the best state.'
  },
  'held-out': {
    name: 'held out',
    means: 'Retrieved examples that the model is not tuned on, so that one can see whether it still learns.'
  },
  step: { name: 'step', means: 'One correction of the model, after it has looked at one batch of examples.' },
  lora: {
    name: 'LoRA',
    means: 'Tuning a small add-on instead of the whole model: far less memory and disk, nearly the same result.'
  },
  seed: {
    name: 'seed',
    means: 'The number that all chance in the lab is drawn from; the same seed gives the same result.'
  },
  provider: {
    name: 'compute provider',
    means: 'The part of the computer that does the heavy arithmetic: the processor, or a graphics card.'
  },
  precision: {
    name: 'precision',
    means: 'How many bits each number takes; half as many need half the disk and lose almost nothing.'
  },
  ablation: {
    name: 'leave one group out',
    means: 'Repeats the experiment without one group of upstream tasks, to see how much that group had helped.'
  },
  'embedding-map': {
    name: 'embedding map',
    means: 'The embeddings flattened to two dimensions: texts that are alike lie close together, the axes mean nothing.'
  },
  hub: {
    name: 'Hugging Face',
    means: 'A public web site where models and data sets are shared; the lab can download from it or from a mirror.'
  },
  proxy: {
    name: 'proxy',
    means: 'A computer of your organisation through which all its network traffic has to go.'
  },
  tokens: {
    name: 'tokens',
    means: 'The pieces a model reads a text in: a token is a short word or a part of a long one.'
  },
  licence: {
    name: 'licence',
    means: 'What its authors allow others to do with it.'
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
  token: {
    name: 'access token',
    means: 'A password-like key from your Hugging Face account, needed only for models that ask for a login.'
  },
  job: { name: 'job', means: 'A piece of work that runs in the background and survives closing the window.' },
  fingerprint: {
    name: 'fingerprint',
    means: 'A short code computed from the content itself: if anything changes, the code changes.'
  }
} as const satisfies Record<MetricName, Term> & Record<string, Term>

export type TermName = keyof typeof terms
