import type { Cell, Column, Comparison, Summary } from '../../contract/comparison.ts'
import { testAgainstZeroShot } from '../columns.ts'
import { count, decimal, signedPoints } from '../wording.ts'
import { escape, table } from './markup.ts'

/** The main table: mean ± sd per target and strategy with the difference to zero-shot, then the rounds over all targets. */
export function scoreTable(comparison: Comparison): string {
  const { columns, targets } = comparison
  const rows = targets.map((target) => ({
    cells: [
      `${escape(target.name)}<span class="items">${rowsAndItems(target)}</span>`,
      ...scoreCells(comparison, target.id)
    ]
  }))
  const overall = columns.map((column) => cellOf(comparison, null, column)?.summary ?? null)
  const minor = (name: string, pick: (summary: Summary) => number) => ({
    className: 'minor',
    cells: [name, ...overall.map((summary) => (summary ? decimal(pick(summary)) : '–'))]
  })
  return table(
    ['Target', ...columns.map((column) => escape(column.label))],
    [
      ...rows,
      { className: 'total', cells: ['All targets', ...scoreCells(comparison, null)] },
      minor('median of the rounds', (summary) => summary.median),
      minor('lowest round', (summary) => summary.min),
      minor('highest round', (summary) => summary.max)
    ],
    {
      caption:
        'Mean ± standard deviation over the rounds; bold where one is better than every other beyond chance. Below it the difference to zero-shot in points: ▲ and ▼ mark differences beyond chance.'
    }
  )
}

function scoreCells(comparison: Comparison, targetId: string | null): string[] {
  const cells = comparison.columns.map((column) => cellOf(comparison, targetId, column))
  return cells.map((cell, at) => {
    if (!cell?.summary) return '–'
    const { mean, sd, rounds } = cell.summary
    const score = cell.best ? `<span class="best">${decimal(mean)}</span>` : decimal(mean)
    const spread = rounds > 1 ? ` <span class="sd">± ${decimal(sd)}</span>` : ''
    return score + spread + delta(comparison, cell, comparison.columns[at]!)
  })
}

function delta(comparison: Comparison, cell: Cell, column: Column): string {
  if (cell.deltaToZeroShot === null) return ''
  const verdict = testAgainstZeroShot(comparison, cell.targetId, column.key)?.verdict
  const sign = verdict === 'better' ? ' ▲' : verdict === 'worse' ? ' ▼' : ''
  const className = verdict === 'better' || verdict === 'worse' ? `delta ${verdict}` : 'delta'
  return `<span class="${className}">${signedPoints(cell.deltaToZeroShot)}${sign}</span>`
}

function cellOf(comparison: Comparison, targetId: string | null, column: Column): Cell | undefined {
  return comparison.cells.find((cell) => cell.targetId === targetId && cell.column === column.key)
}

function rowsAndItems({ rows, sourceItems }: { rows: number; sourceItems: number }): string {
  return rows === sourceItems ? `${count(rows)} test rows` : `${count(rows)} rows, ${count(sourceItems)} source items`
}
