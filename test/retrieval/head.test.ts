import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Random } from '../../src/main/random/random.ts'
import {
  applyHead,
  headLoss,
  HeadTrainer,
  identityHead,
  type Head,
  type HeadList
} from '../../src/main/retrieval/head.ts'

const shapes = fc.record({
  seed: fc.integer(),
  inputs: fc.integer({ min: 1, max: 6 }),
  outputs: fc.integer({ min: 1, max: 5 }),
  queries: fc.integer({ min: 1, max: 3 }),
  candidates: fc.integer({ min: 2, max: 5 })
})

describe('a head on stored vectors', () => {
  it('gives the cosine of W x and W y, whatever the lengths of x and y', () => {
    fc.assert(
      fc.property(shapes, ({ seed, inputs, outputs, candidates }) => {
        const random = new Random(seed)
        const head = headOf(random, inputs, outputs)
        const vectors = normals(random, candidates * inputs)
        const out = applyHead(head, vectors)
        const longer = applyHead(
          head,
          vectors.map((value) => 3 * value)
        )
        for (let row = 0; row < candidates; row++) {
          const y = product(head, vectors.subarray(row * inputs, (row + 1) * inputs))
          const length = Math.hypot(...y)
          for (let place = 0; place < outputs; place++) {
            expect(out[row * outputs + place]).toBeCloseTo(y[place]! / length, 4)
            expect(longer[row * outputs + place]).toBeCloseTo(y[place]! / length, 4)
          }
        }
      }),
      { numRuns: 50 }
    )
  })

  it('has the loss that is written down, and its gradient', () => {
    fc.assert(
      fc.property(shapes, ({ seed, inputs, outputs, queries, candidates }) => {
        const random = new Random(seed)
        const head = headOf(random, inputs, outputs)
        const list = listOf(random, { inputs, queries, candidates })
        const gradient = new Float64Array(head.weights.length)
        expect(headLoss(head, list, 0.3, gradient)).toBeCloseTo(plainLoss(head, list, 0.3), 5)
        const weights = Float64Array.from(head.weights)
        for (let place = 0; place < weights.length; place++) {
          const at = (shift: number): number => {
            const moved = weights.slice()
            moved[place]! += shift
            return plainLoss({ ...head, weights: moved }, list, 0.3)
          }
          const slope = (at(1e-5) - at(-1e-5)) / 2e-5
          // Vectors that come out near zero turn quickly: there the difference itself is coarse.
          expect(Math.abs(gradient[place]! - slope)).toBeLessThan(1e-3 * (1 + Math.abs(slope)))
        }
      }),
      { numRuns: 60 }
    )
  })

  it('begins as the vectors themselves, and learns which directions matter', () => {
    const random = new Random('directions')
    const size = 8
    // Only the first two numbers say what a text is about; the others are louder.
    const text = (kind: number): number[] =>
      Array.from({ length: size }, (_, place) => (place === kind ? 1 : 0) + (place > 1 ? 1.5 * random.normal() : 0))
    const list = (): HeadList => {
      const kinds = [0, 1, 0, 1, 0, 1]
      const queries = [0, 1]
      return {
        queries: Float32Array.from(queries.flatMap(text)),
        candidates: Float32Array.from(kinds.flatMap(text)),
        targets: Float32Array.from(queries.flatMap((query) => kinds.map((kind) => (kind === query ? 1 / 3 : 0))))
      }
    }
    const trainer = new HeadTrainer(identityHead(size), { learningRate: 0.02, temperature: 0.1, decay: 0 })
    const unseen = Array.from({ length: 40 }, list)
    const before = unseen.reduce((sum, one) => sum + headLoss(identityHead(size), one, 0.1), 0)
    for (let step = 0; step < 400; step++) trainer.step(list())
    const after = unseen.reduce((sum, one) => sum + headLoss(trainer.head, one, 0.1), 0)
    expect(after).toBeLessThan(before / 3)
  })
})

/** Weights of 64 bits too, so that small steps of them show. */
type ExactHead = Omit<Head, 'weights'> & { weights: Float32Array | Float64Array }

function plainLoss(head: ExactHead, { queries, candidates, targets }: HeadList, temperature: number): number {
  const rows = (vectors: Float32Array): number[][] =>
    Array.from({ length: vectors.length / head.inputs }, (_, row) => {
      const y = product(head, vectors.subarray(row * head.inputs, (row + 1) * head.inputs))
      const length = Math.hypot(...y) || 1
      return y.map((value) => value / length)
    })
  const [q, c] = [rows(queries), rows(candidates)]
  const losses = q.map((query, at) => {
    const scores = c.map((other) => other.reduce((sum, value, place) => sum + value * query[place]!, 0) / temperature)
    const log = Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0))
    return scores.reduce((sum, score, other) => sum + targets[at * c.length + other]! * (log - score), 0)
  })
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length
}

function product({ inputs, outputs, weights }: ExactHead, x: ArrayLike<number>): number[] {
  return Array.from({ length: outputs }, (_, output) =>
    Array.from({ length: inputs }, (_, input) => weights[output * inputs + input]! * x[input]!).reduce(
      (a, b) => a + b,
      0
    )
  )
}

function headOf(random: Random, inputs: number, outputs: number): Head {
  return { inputs, outputs, weights: normals(random, inputs * outputs) }
}

function listOf(random: Random, size: { inputs: number; queries: number; candidates: number }): HeadList {
  const shares = Array.from({ length: size.queries }, () => {
    const raw = Array.from({ length: size.candidates }, () => random.uniform() + 0.01)
    const sum = raw.reduce((a, b) => a + b, 0)
    return raw.map((value) => value / sum)
  })
  return {
    queries: normals(random, size.queries * size.inputs),
    candidates: normals(random, size.candidates * size.inputs),
    targets: Float32Array.from(shares.flat())
  }
}

function normals(random: Random, count: number): Float32Array {
  return Float32Array.from({ length: count }, () => random.normal())
}
