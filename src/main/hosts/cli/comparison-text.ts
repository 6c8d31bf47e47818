import type { Cell, Column, Comparison, ComparisonTest } from '../../contract/comparison.ts'
import { chance } from '../../contract/strategies.ts'
import { table } from './table.ts'

/** A comparison for the terminal: the paper's table, then what the tests say. */
export function comparisonText(comparison: Comparison): string {
  const { columns, targets } = comparison
  if (columns.length === 0) return `${comparison.name}: no run has finished yet.`
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
    '',
    table(header, body, header.slice(1)),
    '',
    'Mean ± standard deviation over the rounds, in brackets the difference to zero-shot; * differs beyond chance.',
    ...lines(
      'Over all targets',
      overall.map((test) => test.sentence)
    ),
    ...lines('Target by target', targetSentences(single)),
    ...lines('Take care', comparison.warnings)
  ].join('\n')
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
      test.verdict !== 'no-evidence'
  )
  const delta = `${cell.deltaToZeroShot < 0 ? '−' : '+'}${Math.abs(cell.deltaToZeroShot).toFixed(1)}`
  return `${mean.toFixed(1)}${spread} (${delta})${beyond ? '*' : ' '}`
}

/** What holds up, each in a sentence; what does not, as a number. */
function targetSentences(tests: readonly ComparisonTest[]): string[] {
  const sure = tests.filter((test) => test.verdict !== 'no-evidence').map((test) => test.sentence)
  const rest = tests.length - sure.length
  return rest === 0
    ? sure
    : [
        ...sure,
        `No evidence of a difference in ${rest} of ${tests.length} comparisons with zero-shot and random; the report lists them.`
      ]
}

function lines(title: string, sentences: readonly string[]): string[] {
  return sentences.length === 0 ? [] : ['', `${title}:`, ...sentences.map((sentence) => `- ${sentence}`)]
}
