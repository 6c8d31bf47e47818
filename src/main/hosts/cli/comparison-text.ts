import { isUnscored } from '../../contract/comparison.ts'
import type { Cell, Column, Comparison, ComparisonTest } from '../../contract/comparison.ts'
import { curvesOf } from '../../contract/curves.ts'
import { reference, referenceOf, referenceText } from '../../contract/reference-results.ts'
import { variantKey } from '../../contract/sweep.ts'
import { chance } from '../../contract/strategies.ts'
import { table } from './table.ts'

/** A comparison for the terminal: the paper's table, then what the tests say. */
export function comparisonText(comparison: Comparison): string {
  const { columns, targets } = comparison
  if (columns.length === 0) return `${comparison.name}: ${comparison.headline.sentence}`
  if (isUnscored(comparison)) return unscoredText(comparison)
  const rows = [...targets.map((target) => ({ id: target.id, name: target.name })), { id: null, name: 'All targets' }]
  const header = ['target', ...columns.map((column) => column.label)]
  const body = rows.map(({ id, name }) => [
    name,
    ...columns.map((column) =>
      cellText(
        comparison,
        column,
        comparison.cells.find((cell) => cell.targetId === id && cell.column === column.key)
      )
    )
  ])
  const overall = comparison.tests.filter((test) => test.targetId === null)
  const byKey = new Map(columns.map((column) => [column.key, column]))
  const single = comparison.tests.filter(({ targetId, column, against }) => {
    const [ours, theirs] = [byKey.get(column), byKey.get(against)]
    const random = theirs?.strategy === chance && theirs.source?.id === ours?.source?.id
    return targetId !== null && (ours?.baseline === against || random)
  })
  return [
    `${comparison.name} (${comparison.metric})`,
    comparison.headline.sentence,
    '',
    table(header, body, header.slice(1)),
    '',
    'Mean ± standard deviation over the rounds, in brackets the difference to zero-shot; * differs beyond chance.',
    ...reported(comparison),
    ...curves(comparison),
    ...lines(
      'Planned before the start, a family of their own',
      said([...comparison.tests, ...comparison.otherTargets], true)
    ),
    ...lines('Over all targets', said(overall, false)),
    ...lines('Over targets like these', said(comparison.otherTargets, false)),
    ...lines('Target by target', targetSentences(single.filter((test) => !test.planned))),
    ...lines('Take care', comparison.warnings),
    ...lines(
      'Why it may be so, and what to do next',
      comparison.diagnoses.map(({ sentence, next }) => `${sentence} ${next}`)
    )
  ].join('\n')
}

/** Answers without a score: what they are like, and how to see them. */
function unscoredText({ name, subject, headline, warnings, diagnoses }: Comparison): string {
  const id = 'experimentId' in subject ? subject.experimentId : '<id>'
  return [
    name,
    headline.sentence,
    ...lines('Take care', warnings),
    ...lines(
      'What to do next',
      diagnoses.map(({ sentence, next }) => `${sentence} ${next}`)
    ),
    '',
    `See where they differ: experiment answers ${id} --target <target>`,
    `All of them as a file: experiment export ${id} --format answers-xlsx (or answers, answers-jsonl)`
  ].join('\n')
}

/** What the authors report of the same tasks, where the same is measured. */
function reported({ metric, targets }: Comparison): string[] {
  const rows = targets.flatMap(({ name }) => {
    const found = metric === reference.metric ? referenceOf(name) : null
    return found ? [[name, ...found.cells.map(referenceText)]] : []
  })
  if (rows.length === 0) return []
  const note = `Reported, SoftEM, 406 million weights; in no test here. ${reference.cited}.`
  return ['', note, table(['target', ...reference.columns], rows, [...reference.columns])]
}

/** What a varied setting does: gains over zero-shot with intervals that hold for all comparisons at once. */
function curves(comparison: Comparison): string[] {
  const single = comparison.targets.length === 1 ? comparison.targets[0]!.id : null
  return curvesOf(comparison, single).flatMap(({ path, values, lines: own }) => {
    const header = values.map(({ label }) => label)
    const body = own
      .filter(({ points }) => points.some(({ gain }) => gain !== null))
      .map(({ strategy, others, points }) => [
        [strategy, ...(others.length === 0 ? [] : [variantKey(others)])].join(', '),
        ...values.map((_, at) => gainText(points.find((one) => one.at === at)?.gain ?? null))
      ])
    return ['', `Gain over zero-shot by ${path} (95 %, simultaneous):`, table(['strategy', ...header], body, header)]
  })
}

function gainText(gain: { points: number; low: number; high: number } | null): string {
  return gain === null ? '–' : `${gain.points.toFixed(1)} (${gain.low.toFixed(1)} to ${gain.high.toFixed(1)})`
}

function cellText(comparison: Comparison, column: Column, cell: Cell | undefined): string {
  if (!cell?.summary) return '–'
  const { mean, sd, rounds } = cell.summary
  const spread = rounds > 1 ? ` ± ${sd.toFixed(1)}` : ''
  if (cell.deltaToZeroShot === null) return mean.toFixed(1) + spread
  const beyond = comparison.tests.some(
    (test) =>
      test.targetId === cell.targetId &&
      test.column === column.key &&
      test.against === column.baseline &&
      (test.verdict === 'better' || test.verdict === 'worse')
  )
  const delta = `${cell.deltaToZeroShot < 0 ? '−' : '+'}${Math.abs(cell.deltaToZeroShot).toFixed(1)}`
  return `${mean.toFixed(1)}${spread} (${delta})${beyond ? '*' : ' '}`
}

function said(tests: readonly ComparisonTest[], planned: boolean): string[] {
  return tests.filter((test) => test.planned === planned).map((test) => test.sentence)
}

/** What is shown, each in a sentence; the rest as a number and the largest difference that could have gone unseen. */
function targetSentences(tests: readonly ComparisonTest[]): string[] {
  const open = tests.filter((test) => test.verdict === 'no-evidence')
  const sure = tests.filter((test) => test.verdict !== 'no-evidence').map((test) => test.sentence)
  // One or two say all of it themselves.
  if (open.length <= 2) return tests.map((test) => test.sentence)
  const sizes = open.flatMap(({ detectable }) => (detectable === null ? [] : [detectable]))
  const unseen =
    sizes.length === 0
      ? 'there are too few test items to tell'
      : `differences from ${Math.min(...sizes).toFixed(1)} to ${Math.max(...sizes).toFixed(1)} points on would probably have been found`
  return [
    ...sure,
    `No evidence of a difference in ${open.length} of ${tests.length} comparisons with zero-shot and random: ${unseen}. The report lists them.`
  ]
}

function lines(title: string, sentences: readonly string[]): string[] {
  return sentences.length === 0 ? [] : ['', `${title}:`, ...sentences.map((sentence) => `- ${sentence}`)]
}
