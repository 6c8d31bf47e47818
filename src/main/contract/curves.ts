import type { Column, Comparison } from './comparison.ts'
import type { StrategyName } from './strategies.ts'
import { variantKey } from './sweep.ts'

/** What a setting does to the scores, from a comparison whose experiment has varied it. */

export interface CurvePoint {
  /** Place of the value in the curve's list. */
  at: number
  /** Key of the comparison's column. */
  column: string
  /** Mean score over the rounds, in points. */
  score: number
  /** Over zero-shot at the same value, with the interval that is simultaneous over all comparisons of the table; null: untested. */
  gain: {
    /** Difference in points. */
    points: number
    /** Lower end of the interval, in points. */
    low: number
    /** Upper end of the interval, in points. */
    high: number
  } | null
}

export interface CurveLine {
  /** The strategy that the line shows. */
  strategy: StrategyName
  /** The group that was left out of the upstream data; null: none. */
  ablatedGroup: string | null
  /** The values of the other settings that are varied; empty: there are none. */
  others: Column['variant']
  /** The points of the line, by place. */
  points: CurvePoint[]
}

export interface Curve {
  /** The setting's path. */
  path: string
  /** The values of the setting, in their order. */
  values: {
    /** The value. */
    value: Column['variant'][number]['value']
    /** What the value is called. */
    label: string
  }[]
  /** A line for each strategy and each combination of the other settings. */
  lines: CurveLine[]
}

type Compared = Pick<Comparison, 'columns' | 'cells' | 'tests'>

/** A curve for every setting that was varied, for one target or, with null, for all. What does not change with it is level. */
export function curvesOf({ columns, cells, tests }: Compared, targetId: string | null): Curve[] {
  const paths = [...new Set(columns.flatMap(({ variant }) => variant.map(({ path }) => path)))]
  return paths.map((path) => {
    const own = columns.flatMap(({ variant }) => variant.filter((one) => one.path === path))
    const values = [...new Map(own.map((one) => [JSON.stringify(one.value), one])).values()]
    const sorted = values.every(({ value }) => typeof value === 'number')
      ? values.toSorted((a, b) => Number(a.value) - Number(b.value))
      : values
    const shown = sorted.map(({ value, label }) => ({ value, label: label ?? textOf(value) }))
    const keys = shown.map(({ value }) => JSON.stringify(value))
    const lines = new Map<string, CurveLine>()
    for (const { key, strategy, ablatedGroup, variant, source } of columns) {
      const others = variant.filter((one) => one.path !== path)
      const name = JSON.stringify([strategy, ablatedGroup, variantKey(others), source?.id])
      const line = lines.get(name) ?? { strategy, ablatedGroup, others, points: [] }
      lines.set(name, line)
      const summary = cells.find((cell) => cell.column === key && cell.targetId === targetId)?.summary
      if (!summary) continue
      const mine = variant.find((one) => one.path === path)
      const test = tests.find(
        (one) =>
          one.column === key &&
          one.targetId === targetId &&
          columns.find((other) => other.key === key)?.baseline === one.against
      )
      const gain = test ? { points: test.difference, low: test.interval[0], high: test.interval[1] } : null
      for (const at of mine ? [keys.indexOf(JSON.stringify(mine.value))] : keys.keys())
        line.points.push({ at, column: key, score: summary.mean, gain })
    }
    for (const line of lines.values()) line.points.sort((a, b) => a.at - b.at)
    return { path, values: shown, lines: [...lines.values()].filter(({ points }) => points.length > 0) }
  })
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
