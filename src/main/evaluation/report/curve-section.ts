import type { Comparison } from '../../contract/comparison.ts'
import { curvesOf, type CurvePoint } from '../../contract/curves.ts'
import { reference, referenceOf, referenceText } from '../../contract/reference-results.ts'
import { strategies } from '../../contract/strategies.ts'
import { settingName, inWords } from '../settings.ts'
import { decimal, signedPoints } from '../wording.ts'
import { card, escape, section, table } from './markup.ts'

/** What varied settings do: a table for each, over all targets. Nothing where nothing was varied. */
export function curveSection(comparison: Comparison): string {
  const single = comparison.targets.length === 1 ? comparison.targets[0]!.id : null
  const curves = curvesOf(comparison, single)
  if (curves.length === 0) return ''
  const tables = curves.map(({ path, values, lines }) =>
    card(
      table(
        ['Strategy', ...values.map(({ label }) => escape(label))],
        lines
          .filter(({ points }) => points.some(({ gain }) => gain !== null))
          .map(({ strategy, others, points }) => ({
            cells: [
              escape(
                [
                  strategies[strategy].label,
                  ...others.map((one) => `${settingName(one.path)} ${one.label ?? inWords(one.value)}`)
                ].join(', ')
              ),
              ...values.map((_, at) => gainText(points.find((one) => one.at === at)))
            ]
          })),
        { caption: `Gain over zero-shot by ${escape(settingName(path))}, in points` }
      )
    )
  )
  return section(
    'curves',
    'What the varied settings do',
    'Gain over zero-shot at each value with its 95 % interval; the intervals hold for all comparisons at once.',
    ...tables
  )
}

function gainText(point: CurvePoint | undefined): string {
  if (!point?.gain) return '–'
  const { points, low, high } = point.gain
  return `${signedPoints(points)} <span class="sd">${decimal(low)} to ${decimal(high)}</span>`
}

/** What the authors report of the same tasks, beside the same metric only. */
export function reportedSection({ metric, targets }: Comparison): string {
  if (metric !== reference.metric) return ''
  const rows = targets.flatMap(({ name }) => {
    const found = referenceOf(name)
    return found ? [{ className: 'minor', cells: [escape(name), ...found.cells.map(referenceText)] }] : []
  })
  if (rows.length === 0) return ''
  return section(
    'reported',
    'As reported by the authors',
    `SoftEM, 406 million weights (T0-3B: 3 billion), ± over five query sets; in no test of this report. ${reference.cited}.`,
    card(table(['Target', ...reference.columns], rows))
  )
}
