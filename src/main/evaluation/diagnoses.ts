import type { Cell, Column, Diagnosis } from '../contract/comparison.ts'
import type { ComparisonInput, TargetRows } from './comparison-input.ts'
import { about, meansOn } from './diagnoses/about.ts'
import { commonAnswer, oneLabel, otherFormat, sameAnswers } from './diagnoses/of-answers.ts'
import { losses, outliers, sameRetrieved } from './diagnoses/of-tuning.ts'
import { isLabelled, metrics } from './metrics/metrics.ts'
import type { Scores } from './round-scores.ts'
import { count, points } from './wording.ts'

/**
 * What stands beside the verdicts: why a result may be as it is, and what to do next. Each is a fact about the answers, the
 * losses or what was retrieved, never a guess from a score alone.
 */
export function diagnose(
  input: ComparisonInput,
  columns: readonly Column[],
  cells: readonly Cell[],
  scores: Scores
): Diagnosis[] {
  const ofTargets = input.targets.flatMap((target) => {
    const level = levelOf(input, target, columns, cells)
    return [
      ...queriesInTest(input, target),
      ...level,
      ...commonAnswer(input, target, cells),
      ...otherFormat(input, target),
      ...sameAnswers(input, target, columns),
      ...oneLabel(input, target, columns),
      ...outliers(input, target, columns, scores)
    ]
  })
  return [...losses(input, columns), ...sameRetrieved(input, columns), ...ofTargets]
}

const floor = 5
const ceiling = 95
/** Scores of these run from 0 for nothing right to 100. */
const isShare = (input: ComparisonInput): boolean => metrics[input.metric].isMean

/** Nearly nothing right, or nearly everything: then no strategy can show what it is worth. */
function levelOf(
  input: ComparisonInput,
  target: TargetRows,
  columns: readonly Column[],
  cells: readonly Cell[]
): Diagnosis[] {
  const means = meansOn(target, cells)
  if (!isShare(input) || means.length < columns.length || means.length === 0) return []
  if (Math.max(...means) <= floor)
    return [
      about('floor', target, {
        sentence: `On ${target.name} nearly nothing is right: at most ${points(Math.max(...means))} of 100. Differences cannot show there.`,
        next: 'This model cannot do the task as it is asked. Take a larger base model, or look at the answers: perhaps only their form is wrong.',
        action: 'examples'
      })
    ]
  if (Math.min(...means) >= ceiling)
    return [
      about('ceiling', target, {
        sentence: `On ${target.name} nearly everything is right: at least ${points(Math.min(...means))} of 100. Differences cannot show there.`,
        next: 'The task is too easy for this model. Take a harder target, or a smaller base model.',
        action: 'new-experiment'
      })
    ]
  return []
}

/** Queries that are test rows: what is near them is near the very questions that are scored. */
function queriesInTest(input: ComparisonInput, target: TargetRows): Diagnosis[] {
  // Where nothing is scored, nothing is flattered.
  if (!isLabelled(target.references)) return []
  const plain = (text: string): string => text.trim()
  const questions = new Set((target.inputs ?? []).map(plain))
  const sizes = input.runs.flatMap(({ queries = [], outputs }) => {
    const asked = outputs.has(target.id) ? new Set(queries.map(plain)) : new Set<string>()
    return asked.size === 0 ? [] : [{ all: asked.size, inTest: [...asked].filter((one) => questions.has(one)).length }]
  })
  const worst = sizes.sort((a, b) => b.inTest - a.inTest)[0]
  if (!worst || worst.inTest === 0) return []
  return [
    about('queries-in-test', target, {
      sentence: `On ${target.name} ${count(worst.inTest)} of the ${count(worst.all)} queries of a round are test rows too. That flatters every strategy that retrieves by queries, against zero-shot and random as well.`,
      next: 'Draw query sets from rows that are left out of the test, and run again.',
      action: 'query-sets'
    })
  ]
}
