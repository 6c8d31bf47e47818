/** Rotary positions (Su et al., 2021): a token's place turns its queries and keys, pair of numbers by pair. */
import type { GraphBuilder, Value } from '../../graph/index.ts'
import type { SourceInputs } from '../inputs.ts'
import type { SourceTable } from '../source-table.ts'

/**
 * The cosines and sines of one base, each `[T, size]`, as Transformers computes them: in single precision, the angles twice
 * side by side. The first half of the sines is negative, for what `rotated` multiplies it with.
 * @param kind names the base where a model has several
 * @param size width of a head
 */
export function rotary(kind: string, size: number, theta: number): SourceTable[] {
  const half = size >> 1
  const frequencies = Array.from({ length: half }, (_, pair) =>
    Math.fround(1 / Math.fround(theta ** Math.fround((2 * pair) / size)))
  )
  const table = (name: string, value: (angle: number, column: number) => number): SourceTable => ({
    name,
    dtype: 'float32',
    dims: ['T', size],
    fill: (lengths) =>
      Float32Array.from({ length: Math.max(...lengths) * size }, (_, at) => {
        const column = at % size
        return value(Math.fround(Math.floor(at / size) * frequencies[column % half]!), column)
      })
  })
  return [
    table(cosines(kind), (angle) => Math.cos(angle)),
    table(sines(kind), (angle, column) => (column < half ? -1 : 1) * Math.sin(angle))
  ]
}

const cosines = (kind: string): string => `source_cosines_${kind}`
const sines = (kind: string): string => `source_sines_${kind}`

/** Queries or keys `[B, heads, T, size]` turned by their places. */
export function rotated(g: GraphBuilder, x: Value, source: SourceInputs, kind: string): Value {
  const size = x.dims[3] as number
  const [left, right] = g.split(x, 3, [size / 2, size / 2]) as [Value, Value]
  const crossed = g.concat([right, left], 3)
  return g.add(g.mul(x, source.table(cosines(kind))), g.mul(crossed, source.table(sines(kind))))
}
