import { representations, type Representation } from './strategies.ts'

/**
 * What vectors are made of: inputs alone, or inputs and answers together, as the paper's code has it where queries have answers
 * (`both`). No schemas, so that the screens can read it too.
 */
export const embeddedOver = ['input', 'both'] as const
export type EmbeddedOver = (typeof embeddedOver)[number]

/** What an experiment may ask for; `by-merge`: `both` where the queries' answers are learnt from. */
export const overChoices = [...embeddedOver, 'by-merge'] as const
export type OverChoice = (typeof overChoices)[number]

/** What stands behind "an index" in sentences. */
export const overWords: Readonly<Record<EmbeddedOver, string>> = {
  input: 'over inputs alone',
  both: 'over inputs and answers'
}

/** What an experiment's indices are embedded over. With labelled queries alone nothing is retrieved. */
export function overOf(choice: OverChoice, merge: string): EmbeddedOver {
  if (choice !== 'by-merge') return choice
  return merge === 'mix' || merge === 'two-stage' ? 'both' : 'input'
}

/** Whether it is said what a model's decoder makes of an answer: the paper's code says it for BART alone. */
export function readsAnswers(architecture: string): boolean {
  return architecture === 'bart'
}

/** Whether vectors can be made of inputs and answers. */
export function canBeOverBoth(representation: Representation, architecture: string): boolean {
  const { answers } = representations[representation]
  return answers === 'joined' || (answers === 'decoded' && readsAnswers(architecture))
}

/** A text with its answer, as a sentence encoder reads them. */
export function withAnswer(input: string, answer: string): string {
  return `${input} Answer: ${answer}.`
}

/** Numbers of a vector, by the sizes of the model's own vectors and of its states. */
export function vectorSize(
  {
    representation,
    over = 'input'
  }: {
    /** What its vectors are. */
    representation: Representation
    /** What they are made of; missing: inputs alone. */
    over?: EmbeddedOver | undefined
  },
  {
    own,
    hidden
  }: {
    /** Numbers of a vector that is pooled as the model's files say. */
    own: number
    /** Numbers of a hidden state. */
    hidden: number
  }
): number {
  const { pooling, answers } = representations[representation]
  const text = pooling === 'own' ? own : hidden
  return over === 'both' && answers === 'decoded' ? text + hidden : text
}
