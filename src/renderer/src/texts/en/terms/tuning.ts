import type { Term } from './term.ts'

/** What is said of models and of tuning them. */
export const tuning = {
  'base-model': {
    name: 'base model',
    means: 'A language model that has already learned many tasks, and that the lab teaches a little more.'
  },
  parameters: {
    name: 'parameters',
    means: 'The numbers a model consists of; more of them know more, and need more memory and time.'
  },
  prefix: {
    name: 'prefix',
    means: 'A text that this model expects before every input and output, because it was trained that way.'
  },
  tokens: {
    name: 'tokens',
    means: 'The pieces a model reads a text in: a token is a short word or a part of a long one.'
  },
  tune: {
    name: 'tune',
    means: 'To train the base model for a moment longer on the retrieved examples (also called fine-tuning).'
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
  step: { name: 'step', means: 'One correction of the model, after it has looked at one batch of examples.' },
  beams: {
    name: 'beams',
    means: 'How many alternative answers the model follows at a time before it settles on one.'
  },
  merge: {
    name: 'tuned on',
    means:
      'Whether the labels of your queries join in. The paper uses none: then the target task needs no labelled example.'
  },
  lora: {
    name: 'LoRA',
    means: 'Tuning a small add-on instead of the whole model: far less memory and disk, nearly the same result.'
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
  precision: {
    name: 'precision',
    means: 'How many bits each number takes; half as many need half the disk and lose almost nothing.'
  }
} as const satisfies Record<string, Term>
