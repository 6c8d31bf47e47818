import type { Random } from '../random/random.ts'

const rounds = 12

/**
 * Coordinates of `count` row-major vectors along their two directions of largest variance (by power iteration): a picture in a
 * moment, of which only what lies along these two can be seen.
 */
export function principalPlane(
  vectors: Float32Array,
  count: number,
  dimension: number,
  random: Random
): (readonly [number, number])[] {
  const middle = new Float64Array(dimension)
  for (let row = 0; row < count; row++)
    for (let at = 0; at < dimension; at++) middle[at]! += vectors[row * dimension + at]! / count
  const directions: Float64Array[] = []
  for (let axis = 0; axis < 2; axis++) {
    let direction = cleared(
      Float64Array.from({ length: dimension }, () => random.normal()),
      directions
    )
    for (let round = 0; round < rounds; round++) {
      const next = new Float64Array(dimension)
      for (let row = 0; row < count; row++) {
        const along = project(vectors, row, middle, direction)
        for (let at = 0; at < dimension; at++) next[at]! += along * (vectors[row * dimension + at]! - middle[at]!)
      }
      const found = cleared(next, directions)
      // All rows are the same along what is left: any direction shows as much.
      if (length(found) === 0) break
      direction = found
    }
    directions.push(direction)
  }
  return Array.from({ length: count }, (_, row) => [
    project(vectors, row, middle, directions[0]!),
    project(vectors, row, middle, directions[1]!)
  ])
}

function project(vectors: Float32Array, row: number, middle: Float64Array, direction: Float64Array): number {
  let sum = 0
  for (let at = 0; at < direction.length; at++)
    sum += direction[at]! * (vectors[row * direction.length + at]! - middle[at]!)
  return sum
}

/** Of length 1 and at right angles to the others; zeros where nothing is left. */
function cleared(direction: Float64Array, others: readonly Float64Array[]): Float64Array {
  const begun = length(direction)
  for (const other of others) {
    const along = direction.reduce((sum, value, at) => sum + value * other[at]!, 0)
    direction.forEach((value, at) => (direction[at] = value - along * other[at]!))
  }
  const left = length(direction)
  return direction.map((value) => (left <= 1e-9 * begun ? 0 : value / left))
}

function length(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
}
