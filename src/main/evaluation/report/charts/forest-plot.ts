import type { Comparison } from '../../../contract/comparison.ts'
import { testsAgainst } from '../../columns.ts'
import { decimal, signedPoints } from '../../wording.ts'
import { shorten, strips } from './dot-plot.ts'
import { mark, seriesClass } from './series.ts'
import { element, linearScale, picture, text } from './svg.ts'

const width = 960
const gutter = 210
const figures = 190
const lane = 19

/**
 * Difference of every strategy to zero-shot or random with its 95 % interval. Filled marks are differences beyond chance, hollow
 * ones are not.
 */
export function forestPlot(comparison: Comparison, against: 'zero-shot' | 'random'): string {
  const tests = testsAgainst(comparison, against)
  if (tests.length === 0) return ''
  const columns = comparison.columns.filter((column) => tests.some((test) => test.column === column.key))
  const rows = [
    ...comparison.targets.map((target) => ({ id: target.id, name: target.name })),
    { id: null, name: 'All targets' }
  ].filter((row) => tests.some((test) => test.targetId === row.id))
  const x = linearScale(
    [Math.min(0, ...tests.map((test) => test.interval[0])), Math.max(0, ...tests.map((test) => test.interval[1]))],
    [gutter, width - figures]
  )
  const band = columns.length * lane + 14
  const bottom = rows.length * band + 8
  const lines = x.ticks.map(
    (tick) =>
      element('line', { class: tick === 0 ? 'zero' : 'grid', x1: x(tick), x2: x(tick), y1: 0, y2: bottom }) +
      text(x(tick), bottom + 18, tick === 0 ? '0' : signedTick(tick), { class: 'tick', 'text-anchor': 'middle' })
  )
  const bands = rows.map((row, at) => {
    const top = at * band + 4
    const marks = columns.map((column, place) => {
      const test = tests.find((one) => one.targetId === row.id && one.column === column.key)
      if (!test) return ''
      const y = top + 7 + lane * (place + 0.5)
      const sure = test.verdict === 'better' || test.verdict === 'worse'
      const interval = `${signedPoints(test.interval[0])} to ${signedPoints(test.interval[1])}`
      return element(
        'g',
        { class: `${seriesClass(column)}${sure ? '' : ' unsure'}` },
        element('title', {}, test.sentence.replace(/[<&]/g, '')),
        element('line', { class: 'whisker', x1: x(test.interval[0]), x2: x(test.interval[1]), y1: y, y2: y }),
        mark(column, x(test.difference), y),
        text(width - figures + 20, y + 4, signedPoints(test.difference), { class: sure ? 'figure strong' : 'figure' }),
        text(width - figures + 72, y + 4, interval, { class: 'figure faint' })
      )
    })
    return (
      text(12, top + band / 2 + 4, shorten(row.name), { class: row.id === null ? 'label strong' : 'label' }) +
      marks.join('')
    )
  })
  const label = `Differences to ${against} in points with 95 % intervals; the sentences below say the same in words.`
  return picture(width, bottom + 28, label, ...strips(rows.length, band, width), ...lines, ...bands)
}

function signedTick(tick: number): string {
  const digits = Number.isInteger(tick) ? 0 : 1
  return tick > 0 ? `+${decimal(tick, digits)}` : decimal(tick, digits)
}
