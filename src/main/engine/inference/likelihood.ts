/** How likely given answers are: rank classification and losses. */
import { sourceBatch, treeBatch } from '../../models/batch.ts'
import { likelihoodGraph } from '../../models/decoding-graphs.ts'
import { LabError } from '../../contract/error.ts'
import { checkFinite } from '../finite.ts'
import type { ChoiceScores, Engine, TrainExample } from '../engine.ts'
import { floats } from '../tensors.ts'
import { feedsOf, lengthSortedBatches, positive } from './batches.ts'
import { seq2seqConfig } from './decoder.ts'
import { encodeAll, inputLimit } from './embed.ts'
import type { InferenceModel, Runners } from './model.ts'

/** Padded source tokens in a batch. */
const defaultTokenBudget = 2048
const largestBatch = 32
/** Labels in a batch: each has a row of scores over the whole vocabulary. */
const largestLabels = 1024
/** Labels of the answers that are read as one tree, in which each place looks at all: more are cut into several. */
const largestTree = 512

/** An input and answers to it, all of them or as many as go together. */
interface Question {
  /** Of the input. */
  index: number
  source: readonly number[]
  answers: readonly (readonly number[])[]
  /** Of the first of these answers among all of the input. */
  first: number
}

type RankInput = Parameters<Engine['rankChoices']>[0][number]
type RankOptions = NonNullable<Parameters<Engine['rankChoices']>[1]>
type LossOptions = NonNullable<Parameters<Engine['losses']>[1]>

/** For each input its choices' mean log-likelihood per token, longest inputs first; the encoder reads an input once. */
export async function* rankChoices(
  model: InferenceModel,
  runners: Runners,
  inputs: readonly RankInput[],
  options: RankOptions = {}
): AsyncGenerator<ChoiceScores> {
  seq2seqConfig(model)
  inputs.forEach(({ choices }, index) => {
    if (choices.length > 0) return
    throw new LabError('no-choices', `The input at position ${index} has no choices to rank. Give each at least one.`)
  })
  const tokens = positive('tokenBudget', options.tokenBudget, defaultTokenBudget)
  const limit = inputLimit(model, options.maxInputTokens)
  const sources = encodeAll(
    model.tokenizer,
    inputs.map(({ input }) => input),
    limit
  )
  const answers = inputs.map(({ choices }) => encodeAll(model.tokenizer, choices, inputLimit(model, undefined)))
  const questions = answers.flatMap((list, index) => questionsOf(index, sources[index]!, list))
  const scores = inputs.map(({ choices }) => ({ of: new Array<number>(choices.length), missing: choices.length }))
  for (const batch of likelihoodBatches(questions, tokens)) {
    options.signal?.throwIfAborted()
    const means = await meanLikelihoods(model, runners, batch)
    for (const [row, { index, first }] of batch.entries()) {
      const own = scores[index]!
      means[row]!.forEach((mean, at) => (own.of[first + at] = mean))
      own.missing -= means[row]!.length
      if (own.missing === 0) yield { index, logLikelihoods: own.of, best: own.of.indexOf(Math.max(...own.of)) }
    }
  }
}

/** Mean cross-entropy per output token of each example, in the order given. */
export async function losses(
  model: InferenceModel,
  runners: Runners,
  examples: readonly TrainExample[],
  options: LossOptions = {}
): Promise<number[]> {
  seq2seqConfig(model)
  const encode = (texts: string[], limit: number | undefined): number[][] =>
    encodeAll(model.tokenizer, texts, inputLimit(model, limit))
  const sources = encode(
    examples.map(({ input }) => input),
    options.maxInputTokens
  )
  const labels = encode(
    examples.map(({ output }) => output),
    options.maxOutputTokens
  )
  const questions = labels.map((ids, index): Question => ({ index, source: sources[index]!, answers: [ids], first: 0 }))
  const result = new Array<number>(examples.length)
  for (const batch of likelihoodBatches(questions, defaultTokenBudget)) {
    const means = await meanLikelihoods(model, runners, batch)
    batch.forEach(({ index }, row) => (result[index] = -means[row]![0]!))
  }
  return result
}

/** The answers to an input, cut where they have too many labels for one tree. */
function questionsOf(index: number, source: readonly number[], answers: readonly (readonly number[])[]): Question[] {
  const questions: (Question & { answers: (readonly number[])[] })[] = []
  let labels = Infinity
  answers.forEach((answer, first) => {
    labels += answer.length
    if (labels > largestTree) {
      questions.push({ index, source, answers: [], first })
      labels = answer.length
    }
    questions.at(-1)!.answers.push(answer)
  })
  return questions
}

/** Batches of sources of like length, cut where their answers together have too many labels. */
function likelihoodBatches(questions: readonly Question[], tokens: number): Question[][] {
  const lengths = questions.map(({ source }) => source.length)
  return lengthSortedBatches(lengths, { tokens, rows: largestBatch }).flatMap((batch) => {
    const parts: Question[][] = []
    let labels = Infinity
    for (const index of batch) {
      const question = questions[index]!
      const own = question.answers.reduce((sum, answer) => sum + answer.length, 0)
      labels += own
      if (labels > largestLabels) {
        parts.push([])
        labels = own
      }
      parts.at(-1)!.push(question)
    }
    return parts
  })
}

/** For each question the mean log-likelihood per id of each of its answers. */
async function meanLikelihoods(
  model: InferenceModel,
  runners: Runners,
  questions: readonly Question[]
): Promise<number[][]> {
  const config = seq2seqConfig(model)
  const runner = await runners.get('likelihood', (context) => likelihoodGraph(config, model.parameters, context))
  const answers = questions.map(({ answers: list }) => list)
  const outputs = await runner.run(
    feedsOf({
      ...sourceBatch(
        config,
        questions.map(({ source }) => ({ ids: source }))
      ),
      ...treeBatch(config, answers)
    })
  )
  const values = floats(outputs['log_likelihoods']!)
  checkFinite(values, 'how likely an answer is')
  let at = 0
  return answers.map((list) =>
    list.map((answer) => {
      let sum = 0
      for (let token = 0; token < answer.length; token++) sum += values[at++]!
      return sum / answer.length
    })
  )
}
