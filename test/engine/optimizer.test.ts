/** The optimisers' kernels against their formulas in double precision. */
import { afterEach, describe, expect, it } from 'vitest'
import { adafactor } from '../../src/main/engine/optimizer/adafactor.ts'
import { adamw } from '../../src/main/engine/optimizer/adamw.ts'
import { assembleKernels } from '../../src/main/engine/optimizer/kernels.ts'
import { paddedLength, ParameterMemory } from '../../src/main/engine/optimizer/memory.ts'
import { sizeOf, type Optimizer, type Slot } from '../../src/main/engine/optimizer/optimizer.ts'
import { KernelTeam, type Chunk } from '../../src/main/engine/optimizer/team.ts'
import { normals } from '../gradient/random.ts'

const teams: KernelTeam[] = []
afterEach(async () => {
  for (const team of teams.splice(0)) await team.close()
})

function makeSlots(
  optimizer: Optimizer,
  shapes: readonly (readonly number[])[],
  threads: number,
  chunk: number,
  shared = true
) {
  const memory = new ParameterMemory(
    shapes.map((dims) => ({ lengths: [sizeOf(dims), sizeOf(dims), ...optimizer.stateLengths(dims)] })),
    shared
  )
  const slots = shapes.map((dims, index): Slot => {
    const [weight, gradient, ...state] = memory.allocations[index]!.arrays as [
      Float32Array,
      Float32Array,
      ...Float32Array[]
    ]
    weight.set(normals(weight.length, index + 1))
    return { name: `w${index}`, dims, memory: 0, weight, gradient, state, decays: index % 2 === 0 }
  })
  const chunks = slots.flatMap(({ weight, gradient, state, decays }) => {
    const list: Chunk[] = []
    for (let start = 0; start < weight.length; start += chunk) {
      const arrays = [weight, gradient, state[0]!, state[1] ?? state[0]!]
      const addresses = arrays.map((array) => array.byteOffset + 4 * start) as unknown as Chunk['addresses']
      list.push({ memory: 0, addresses, count: Math.min(chunk, paddedLength(weight.length) - start), decays })
    }
    return list
  })
  const team = new KernelTeam(memory.memories, chunks, threads)
  teams.push(team)
  return { slots, team }
}

const shapes = [[7, 13], [64, 32], [5], [33], [3, 4], [1000]]
const [learningRate, epsilon, weightDecay, scale] = [0.01, 1e-8, 0.1, 0.5]

describe('kernels', () => {
  it('are a valid module of a few kilobytes', () => {
    const bytes = assembleKernels()
    expect(WebAssembly.validate(bytes)).toBe(true)
    expect(bytes.length).toBeLessThan(4096)
  })

  it('compute the same in memory that is not shared, whatever number of threads is asked for', () => {
    const [shared, plain] = [true, false].map((share) => {
      const { slots, team } = makeSlots(adamw({ betas: [0.9, 0.999], epsilon, weightDecay }), shapes, 3, 16, share)
      slots.forEach(({ gradient }, index) => gradient.set(normals(gradient.length, 50 + index)))
      const rate = { rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon, decay: 0.001, scale, correction: 1 }
      team.adamw(rate)
      return { squares: team.sumSquares(), weights: slots.map(({ weight }) => [...weight]) }
    })
    expect(plain).toEqual(shared)
  })

  it.each([1, 2, 3])('sum squares the same way on %i threads', (threads) => {
    const { slots, team } = makeSlots(adamw({ betas: [0.9, 0.999], epsilon, weightDecay }), shapes, threads, 16)
    slots.forEach(({ gradient }, index) => gradient.set(normals(gradient.length, 50 + index)))
    const exact = slots.reduce(
      (sum, { gradient }) => sum + gradient.reduce((part, value) => part + value * value, 0),
      0
    )
    const single = makeSlots(adamw({ betas: [0.9, 0.999], epsilon, weightDecay }), shapes, 1, 16)
    single.slots.forEach(({ gradient }, index) => gradient.set(normals(gradient.length, 50 + index)))
    expect(team.sumSquares()).toBe(single.team.sumSquares())
    expect(Math.abs(team.sumSquares() - exact) / exact).toBeLessThan(1e-6)
  })
})

describe('AdamW', () => {
  it.each([
    [1, 1 << 16],
    [2, 16]
  ])('follows its formula on %i threads in chunks of %i', (threads, chunk) => {
    const optimizer = adamw({ betas: [0.9, 0.999], epsilon, weightDecay })
    const { slots, team } = makeSlots(optimizer, shapes, threads, chunk)
    const reference = slots.map(({ weight }) => Array.from(weight, (p) => ({ p, m: 0, v: 0 })))
    for (let step = 1; step <= 4; step++) {
      slots.forEach(({ gradient }, index) => gradient.set(normals(gradient.length, 100 * step + index)))
      optimizer.update(team, slots, { step, learningRate, scale })
      slots.forEach(({ gradient, decays }, index) => {
        reference[index]!.forEach((entry, at) => {
          const g = gradient[at]! * scale
          entry.m = 0.9 * entry.m + 0.1 * g
          entry.v = 0.999 * entry.v + 0.001 * g * g
          const update = entry.m / (1 - 0.9 ** step) / (Math.sqrt(entry.v / (1 - 0.999 ** step)) + epsilon)
          entry.p = entry.p * (decays ? 1 - learningRate * weightDecay : 1) - learningRate * update
        })
      })
    }
    slots.forEach(({ weight }, index) => {
      reference[index]!.forEach(({ p }, at) => expect(weight[at]).toBeCloseTo(p, 5))
    })
  })
})

describe('Adafactor', () => {
  it('follows its formula, for matrices of any width and for vectors', () => {
    const optimizer = adafactor({ weightDecay })
    const { slots, team } = makeSlots(optimizer, shapes, 1, 1 << 16)
    const reference = slots.map(({ weight, dims }) => new Reference(Array.from(weight), dims))
    for (let step = 1; step <= 4; step++) {
      slots.forEach(({ gradient }, index) => gradient.set(normals(gradient.length, 100 * step + index)))
      optimizer.update(team, slots, { step, learningRate, scale })
      slots.forEach(({ gradient, decays }, index) => reference[index]!.update(Array.from(gradient), step, decays))
    }
    slots.forEach(({ weight }, index) => {
      reference[index]!.weight.forEach((value, at) => expect(weight[at]).toBeCloseTo(value, 5))
    })
  })
})

/** Shazeer and Stern's algorithm, a number at a time. */
class Reference {
  readonly weight: number[]
  readonly #columns: number
  #rowMeans: number[] = []
  #columnMeans: number[] = []
  #second: number[] = []

  constructor(weight: number[], dims: readonly number[]) {
    this.weight = weight
    this.#columns = dims.length > 1 ? dims.at(-1)! : 0
  }

  update(gradient: number[], step: number, decays: boolean): void {
    const beta = 1 - step ** -0.8
    const g = gradient.map((value) => value * scale)
    const squares = g.map((value) => value * value + 1e-30)
    const mix = (old: number[], fresh: number[]) => fresh.map((value, at) => beta * (old[at] ?? 0) + (1 - beta) * value)
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    let update: number[]
    if (this.#columns > 0) {
      const columns = this.#columns
      const rows = squares.length / columns
      this.#rowMeans = mix(
        this.#rowMeans,
        Array.from({ length: rows }, (_, row) => mean(squares.slice(row * columns, (row + 1) * columns)))
      )
      this.#columnMeans = mix(
        this.#columnMeans,
        Array.from({ length: columns }, (_, column) => mean(squares.filter((_value, at) => at % columns === column)))
      )
      const all = mean(this.#rowMeans)
      update = g.map(
        (value, at) =>
          value / Math.sqrt((this.#rowMeans[Math.floor(at / columns)]! / all) * this.#columnMeans[at % columns]!)
      )
    } else {
      this.#second = mix(this.#second, squares)
      update = g.map((value, at) => value / Math.sqrt(this.#second[at]!))
    }
    const clip = Math.max(1, Math.sqrt(mean(update.map((value) => value * value))))
    const keep = decays ? 1 - weightDecay * learningRate : 1
    update.forEach((value, at) => (this.weight[at] = keep * this.weight[at]! - (learningRate * value) / clip))
  }
}
