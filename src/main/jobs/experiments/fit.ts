import { isTuned } from '../../contract/strategies.ts'
import type { QuestionOutput } from '../../contract/questions.ts'
import type { ResolvedSpec } from './resolve.ts'

/** The tested rows of every target, by its id. */
export type Shapes = ReadonlyMap<string, QuestionOutput<'plan-power'>['targets'][number]['shape']>

/** A token is at least this many characters of a language that a model knows; so no answer is wrongly said to be too long. */
const charactersPerToken = 6
const fewItems = 20

/**
 * Whether data and settings, each fine alone, fit one another: more to retrieve than there is, test items too few to
 * show anything, answers longer than the model may write, questions without answers. Each a sentence with its number.
 */
export function fitWarnings({ spec, targets, dataset }: ResolvedSpec, shapes: Shapes): string[] {
  const warnings: string[] = []
  if (spec.strategies.some(isTuned) && spec.retrieval.budget >= dataset.examples)
    warnings.push(
      `${number(spec.retrieval.budget)} examples are to be retrieved, but ${dataset.name} has only ${number(dataset.examples)}: every strategy gets all of it, and all are the same. Retrieve fewer, or take more upstream data.`
    )
  else if (spec.strategies.some(isTuned) && spec.retrieval.budget * 2 > dataset.examples)
    warnings.push(
      `${number(spec.retrieval.budget)} of the ${number(dataset.examples)} examples of ${dataset.name} are to be retrieved: strategies will share at least ${Math.round((2 - dataset.examples / spec.retrieval.budget) * 100)} % of them.`
    )
  for (const { target } of targets) {
    const shape = shapes.get(target.id)!
    if (!shape.labelled) {
      warnings.push(
        `${target.name} has no right answers: its ${number(shape.rows)} questions are answered, and nothing is scored.`
      )
      continue
    }
    if (shape.itemSizes.length < fewItems)
      warnings.push(
        `${target.name} has ${number(shape.itemSizes.length)} independent test ${shape.itemSizes.length === 1 ? 'item' : 'items'}: one answer more or less is ${Math.round(100 / shape.itemSizes.length)} points.`
      )
    const most = spec.evaluation.maxOutputTokens * charactersPerToken
    const long = shape.answerLengths.filter((length) => length > most).length / shape.answerLengths.length
    if (long > 0.01)
      warnings.push(
        `${Math.round(long * 100)} % of the right answers of ${target.name} are longer than the ${spec.evaluation.maxOutputTokens} tokens that an answer may have: these can never be matched.`
      )
  }
  return warnings
}

function number(value: number): string {
  return value.toLocaleString('en')
}
