import type { Comparison } from '../../../contract/comparison.ts'
import { decimal } from '../../wording.ts'
import { mark, seriesClass } from './series.ts'
import { element, linearScale, picture, text } from './svg.ts'

const width = 960
const gutter = 210
const margin = 24
const lane = 17

/** Mean score of every strategy on every target, with the standard deviation over the rounds as a whisker. */
export function dotPlot(comparison: Comparison): string {
  const { columns, cells } = comparison
  const rows = [
    ...comparison.targets.map((target) => ({ id: target.id, name: target.name })),
    { id: null, name: 'All targets' }
  ]
  const summaries = cells.flatMap((cell) => (cell.summary ? [cell.summary] : []))
  if (summaries.length === 0) return ''
  const x = linearScale(
    [
      Math.min(...summaries.map((summary) => summary.mean - summary.sd)),
      Math.max(...summaries.map((summary) => summary.mean + summary.sd))
    ],
    [gutter, width - margin]
  )
  const band = columns.length * lane + 14
  const bottom = rows.length * band + 8
  const lines = x.ticks.map(
    (tick) =>
      element('line', { class: 'grid', x1: x(tick), x2: x(tick), y1: 0, y2: bottom }) +
      text(x(tick), bottom + 18, decimal(tick, Number.isInteger(tick) ? 0 : 1), {
        class: 'tick',
        'text-anchor': 'middle'
      })
  )
  const bands = rows.map((row, at) => {
    const top = at * band + 4
    const dots = columns.map((column, place) => {
      const summary = cells.find((cell) => cell.targetId === row.id && cell.column === column.key)?.summary
      if (!summary) return ''
      const y = top + 7 + lane * (place + 0.5)
      return element(
        'g',
        { class: seriesClass(column) },
        element(
          'title',
          {},
          `${column.label}, ${row.name}: ${decimal(summary.mean)} ± ${decimal(summary.sd)}`.replace(/[<&]/g, '')
        ),
        summary.sd > 0
          ? element('line', {
              class: 'whisker',
              x1: x(summary.mean - summary.sd),
              x2: x(summary.mean + summary.sd),
              y1: y,
              y2: y
            })
          : '',
        mark(column, x(summary.mean), y)
      )
    })
    return (
      text(12, top + band / 2 + 4, shorten(row.name), { class: row.id === null ? 'label strong' : 'label' }) +
      dots.join('')
    )
  })
  const label = `Mean score of ${columns.map((column) => column.label).join(', ')} on ${rows.length - 1} targets; the table above has the figures.`
  return picture(width, bottom + 28, label, ...strips(rows.length, band, width), ...lines, ...bands)
}

/** Alternating backgrounds of the rows. */
export function strips(rows: number, band: number, width: number): string[] {
  return Array.from({ length: rows }, (_, at) =>
    element('rect', { class: at % 2 === 0 ? 'strip' : 'strip odd', x: 0, y: at * band + 4, width, height: band })
  )
}

/** Names of targets can be long; the full one stands in the table. */
export function shorten(name: string, length = 28): string {
  return name.length <= length ? name : `${name.slice(0, length - 1)}…`
}
