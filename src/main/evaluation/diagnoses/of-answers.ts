import type { Cell, Column, Diagnosis } from '../../contract/comparison.ts'
import { columnOf } from '../columns.ts'
import type { ComparisonInput, TargetRows } from '../comparison-input.ts'
import { metrics, scoreRows } from '../metrics/metrics.ts'
import { normaliseAnswer } from '../metrics/normalise.ts'
import { answersOf } from '../round-scores.ts'
import { count, decimal, points } from '../wording.ts'
import { about, labelsOf, meansOn, pairsOf, roundsOf, runsOf, shorten } from './about.ts'

/** Always giving the most common answer would have scored more than any strategy. */
export function commonAnswer(input: ComparisonInput, target: TargetRows, cells: readonly Cell[]): Diagnosis[] {
  const means = meansOn(target, cells)
  if (means.length === 0 || target.references.length < 10) return []
  const counts = new Map<string, number>()
  for (const [first = ''] of target.references) counts.set(first, (counts.get(first) ?? 0) + 1)
  const [answer, times] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a))
  if (times < 0.2 * target.references.length) return []
  const constant = target.references.map((references) => ({ output: answer, references }))
  const score = scoreRows(input.metric, constant)
  if (score === null || score <= Math.max(...means)) return []
  return [
    about('common-answer', target, {
      sentence: `On ${target.name} the answer "${shorten(answer)}" to every question would score ${decimal(score)}, more than any strategy (${decimal(Math.max(...means))}).`,
      next: 'No strategy has learnt the task yet. Look at the answers, and consider a larger base model or a larger learning rate.',
      action: 'examples'
    })
  ]
}

/** Answers that hold the right one, but not in the form that the metric counts. */
export function otherFormat(input: ComparisonInput, target: TargetRows): Diagnosis[] {
  const { ofRow, isMean } = metrics[input.metric]
  if (!isMean || ofRow === null) return []
  const labels = labelsOf(target)
  const worst = input.runs
    .flatMap((run) => {
      const outputs = run.outputs.get(target.id)
      if (!outputs) return []
      const rows = answersOf(target, outputs)
      const right = rows.filter((row) => ofRow(row) >= 50).length
      const rescued = rows.filter((row) => ofRow(row) < 50 && holdsAnswer(row.output, row.references, labels)).length
      return [{ run, right, rescued, rows: rows.length }]
    })
    .sort((a, b) => b.rescued - a.rescued)[0]
  if (!worst || worst.rescued < 0.1 * worst.rows) return []
  const label = columnOf(worst.run).label
  return [
    about('format', target, {
      sentence: `On ${target.name} ${count(worst.rescued)} of ${count(worst.rows)} answers of ${label} hold the right one in another form than the reference: ${count(worst.right + worst.rescued)} would be right if the form were, not ${count(worst.right)}.`,
      next: 'Look at the answers. Choose a metric that forgives the form (SoftEM), answer by choices, or bring the references into the form that the model answers in.',
      action: 'examples'
    })
  ]
}

/** The reference stands in the answer as words of its own, and no other label does. */
function holdsAnswer(output: string, references: readonly string[], labels: readonly string[]): boolean {
  const text = ` ${normaliseAnswer(output)} `
  const has = (words: string): boolean => words !== '' && text.includes(` ${words} `)
  const right = references.map(normaliseAnswer)
  return right.some(has) && !labels.some((label) => !right.includes(label) && has(label))
}

/** Two tuned columns gave the same answers in every round that both have. */
export function sameAnswers(input: ComparisonInput, target: TargetRows, columns: readonly Column[]): Diagnosis[] {
  return pairsOf(columns).flatMap(([a, b]) => {
    const both = roundsOf(input, a, b, (run) => run.outputs.get(target.id))
    const same = both.length > 0 && both.every(([ours, theirs]) => ours.every((text, row) => text === theirs[row]))
    if (!same) return []
    return [
      about('same-answers', target, {
        sentence: `On ${target.name} ${a.label} and ${b.label} gave the same answer to every question.`,
        next: 'Tuning changed nothing that shows. Compare what they retrieved, and consider a larger learning rate or more epochs.',
        action: 'retrieved'
      })
    ]
  })
}

/** All that a column gains or loses against its untuned model is on questions with one of the labels. */
export function oneLabel(input: ComparisonInput, target: TargetRows, columns: readonly Column[]): Diagnosis[] {
  const { ofRow } = metrics[input.metric]
  const labels = labelsOf(target)
  if (ofRow === null || labels.length < 2) return []
  return columns.flatMap((column) => {
    const untuned = columns.find(({ key }) => key === column.baseline)
    if (!untuned) return []
    const net = new Map<string, number>()
    const ours = runsOf(input, column)
    const base = runsOf(input, untuned)[0]?.outputs.get(target.id)
    if (!base || ours.length === 0) return []
    for (const run of ours) {
      run.outputs.get(target.id)?.forEach((output, row) => {
        const references = target.references[row]!
        const change = (ofRow({ output, references }) - ofRow({ output: base[row] ?? '', references })) / ours.length
        const label = normaliseAnswer(references[0] ?? '')
        net.set(label, (net.get(label) ?? 0) + change / target.references.length)
      })
    }
    const sizes = [...net].sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]))
    const all = sizes.reduce((sum, [, size]) => sum + Math.abs(size), 0)
    const [label, size] = sizes[0] ?? ['', 0]
    if (all < 3 || Math.abs(size) < 0.9 * all) return []
    return [
      about('one-label', target, {
        sentence: `On ${target.name} nearly all that ${column.label} ${size > 0 ? 'gains' : 'loses'} against zero-shot (${points(Math.abs(size))} of ${decimal(all)}) is on questions whose answer is "${shorten(label)}".`,
        next: 'It may only say that answer more or less often. Look at macro-F1 as well, and at the answers.',
        action: 'examples'
      })
    ]
  })
}
