import { expect, test } from 'vitest'
import { Random } from '../../src/main/random/random.ts'
import { principalPlane } from '../../src/main/retrieval/principal-plane.ts'

test('the plane keeps what varies most, whatever direction that lies in, and shuts out the rest', () => {
  const random = new Random(3)
  const [count, dimension] = [400, 24]
  const axes = [0, 1].map(() => unit(Array.from({ length: dimension }, () => random.normal())))
  const vectors = new Float32Array(count * dimension)
  const places = Array.from({ length: count }, (_, row) => {
    const at = [10 * random.normal(), 4 * random.normal()]
    for (let i = 0; i < dimension; i++)
      vectors[row * dimension + i] = 5 + at[0]! * axes[0]![i]! + at[1]! * axes[1]![i]! + 0.05 * random.normal()
    return at
  })
  const points = principalPlane(vectors, count, dimension, new Random(1))
  // Distances in the picture are those between the vectors, but for the noise.
  for (let pair = 0; pair < 200; pair++) {
    const [a, b] = [random.below(count), random.below(count)]
    const far = Math.hypot(
      ...Array.from({ length: dimension }, (_, i) => vectors[a * dimension + i]! - vectors[b * dimension + i]!)
    )
    const shown = Math.hypot(points[a]![0] - points[b]![0], points[a]![1] - points[b]![1])
    expect(Math.abs(far - shown)).toBeLessThan(0.5)
  }
  expect(places).toHaveLength(count)
  expect(principalPlane(vectors, count, dimension, new Random(1))).toEqual(points)
})

test('rows that are all the same lie in one place', () => {
  const points = principalPlane(new Float32Array(5 * 3).fill(2), 5, 3, new Random(1))
  expect(points.flat().every((value) => value === 0)).toBe(true)
})

function unit(values: readonly number[]): number[] {
  const length = Math.hypot(...values)
  return values.map((value) => value / length)
}
