import type { Comparison } from '../../../contract/comparison.ts'
import { decimal, duration } from '../../wording.ts'
import { mark, seriesClass } from './series.ts'
import { element, linearScale, logScale, picture, text } from './svg.ts'

const width = 960
const height = 320
const left = 56
const right = 24
const bottom = height - 44

/** Mean score over the targets against the time it took, one mark per strategy and round. */
export function timePlot(comparison: Comparison): string {
  const rounds = roundsOf(comparison)
  if (rounds.length < 2) return ''
  const seconds = rounds.map((round) => round.seconds)
  const [fastest, slowest] = [Math.min(...seconds), Math.max(...seconds)]
  const wide = slowest / fastest > 20
  const x = wide
    ? logScale([fastest * 0.8, slowest * 1.25], [left, width - right])
    : linearScale([0, slowest], [left, width - right])
  const y = linearScale(
    [Math.min(...rounds.map((round) => round.score)), Math.max(...rounds.map((round) => round.score))],
    [bottom, 16],
    5
  )
  const grid = [
    ...y.ticks.map(
      (tick) =>
        element('line', { class: 'grid', x1: left, x2: width - right, y1: y(tick), y2: y(tick) }) +
        text(left - 10, y(tick) + 4, decimal(tick, Number.isInteger(tick) ? 0 : 1), {
          class: 'tick',
          'text-anchor': 'end'
        })
    ),
    ...x.ticks.map((tick) =>
      text(x(tick), bottom + 20, tick === 0 ? '0' : duration(tick), { class: 'tick', 'text-anchor': 'middle' })
    )
  ]
  const marks = rounds.map((round) =>
    element(
      'g',
      { class: seriesClass(round.column) },
      element(
        'title',
        {},
        `${round.column.label}, round ${round.round + 1}: ${decimal(round.score)} in ${duration(round.seconds)}`.replace(
          /[<&]/g,
          ''
        )
      ),
      mark(round.column, x(round.seconds), y(round.score))
    )
  )
  const label = `Score against time, one mark per strategy and round${wide ? '; time is on a logarithmic scale' : ''}.`
  const axis = text(width - right, height - 6, `time of the round${wide ? ' (logarithmic)' : ''}`, {
    class: 'tick',
    'text-anchor': 'end'
  })
  return picture(width, height, label, ...grid, axis, ...marks)
}

/** Mean score and whole time of every round that has all targets. */
function roundsOf(comparison: Comparison) {
  return comparison.columns.flatMap((column) => {
    const points = comparison.points.filter((point) => point.column === column.key)
    return [...new Set(points.map((point) => point.round))].flatMap((round) => {
      const ofRound = points.filter((point) => point.round === round)
      if (ofRound.length < comparison.targets.length) return []
      const seconds = ofRound.reduce((sum, point) => sum + point.seconds, 0)
      const score = ofRound.reduce((sum, point) => sum + point.score, 0) / ofRound.length
      return seconds > 0 ? [{ column, round, seconds, score }] : []
    })
  })
}
