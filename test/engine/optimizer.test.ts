/** The optimisers' kernels against their formulas in double precision. */
import { afterEach, describe, expect, it } from 'vitest'
import { adafactor } from '../../src/main/engine/optimizer/adafactor.ts'
import { adamw } from '../../src/main/engine/optimizer/adamw.ts'
import { chunksOf, roundedLengths, roundedSlot } from '../../src/main/engine/optimizer/chunks.ts'
import { assembleKernels } from '../../src/main/engine/optimizer/kernels.ts'
import { paddedLength, ParameterMemory } from '../../src/main/engine/optimizer/memory.ts'
import { sizeOf, type Optimizer, type Slot } from '../../src/main/engine/optimizer/optimizer.ts'
import { KernelTeam, type Chunk } from '../../src/main/engine/optimizer/team.ts'
import { quantizeRows } from '../../src/main/engine/quantized-weights.ts'
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
    return { name: `w${index}`, dims, memory: 0, weight, gradient, state, decays: index % 2 === 0, rounded: null }
  })
  const chunks = slots.flatMap(({ weight, gradient, state, decays }) => {
    const list: Chunk[] = []
    for (let start = 0; start < weight.length; start += chunk) {
      const arrays = [weight, gradient, state[0]!, state[1] ?? state[0]!]
      const addresses = arrays.map((array) => array.byteOffset + 4 * start) as unknown as Chunk['addresses']
      const count = Math.min(chunk, paddedLength(weight.length) - start)
      list.push({ memory: 0, addresses, count, decays, rounded: null })
    }
    return list
  })
  const team = new KernelTeam(memory.memories, chunks, threads)
  teams.push(team)
  return { slots, team }
}

/** Weights that also lie in 8 bits, in chunks of a few rows on two threads, and one that does not. */
function roundedSlots(optimizer: Optimizer) {
  const dims = [
    [16, 16],
    [70, 50],
    [33, 19],
    [40, 64]
  ]
  const memory = new ParameterMemory([
    ...dims.map((own) => ({
      lengths: [sizeOf(own), sizeOf(own), ...optimizer.stateLengths(own), ...roundedLengths(own)]
    })),
    { lengths: [40, 40, ...optimizer.stateLengths([40])] }
  ])
  const slots = [...dims, [40]].map((own, index): Slot => {
    const [weight, gradient, ...others] = memory.allocations[index]!.arrays as [
      Float32Array,
      Float32Array,
      ...Float32Array[]
    ]
    const states = optimizer.stateLengths(own).length
    weight.set(normals(weight.length, index + 1).map((value, at) => value * (1 + (at % 3))))
    gradient.set(normals(gradient.length, index + 20))
    const rounded = own.length === 2 ? roundedSlot(others.slice(states), weight.length) : null
    const state = others.slice(0, states)
    return { name: `w${index}`, dims: own, memory: 0, weight, gradient, state, decays: true, rounded }
  })
  const team = new KernelTeam(
    memory.memories,
    slots.flatMap((slot) => chunksOf(slot, 16 * 20)),
    2
  )
  teams.push(team)
  return { slots, team }
}

function expectRounded({ dims, weight, rounded }: Slot): void {
  if (!rounded) return
  const [rows, width] = dims as [number, number]
  const { values, scales } = quantizeRows(weight, rows)
  rounded.scale.forEach((scale, row) => expect(Math.abs(scale / scales[row]! - 1)).toBeLessThan(1e-6))
  // A number in the middle between two steps may go either way.
  const others = values.filter((value, at) => value !== rounded.values[at])
  expect(others.length).toBeLessThanOrEqual(values.length / 500)
  values.forEach((value, at) => expect(Math.abs(value - rounded.values[at]!)).toBeLessThanOrEqual(1))
  const turned = rounded.values.map((_, at) => rounded.values[(at % rows) * width + Math.floor(at / rows)]!)
  expect([...rounded.turned]).toEqual([...turned])
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

  it.each([
    { name: 'AdamW', optimizer: adamw({ betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0.1 }) },
    { name: 'Adafactor', optimizer: adafactor({ weightDecay: 0.1 }) }
  ])('keep weights in 8 bits beside themselves, as they lie and turned around: $name', ({ optimizer }) => {
    const { slots, team } = roundedSlots(optimizer)
    team.round()
    slots.forEach(expectRounded)
    const before = slots.map(({ rounded }) => rounded && [...rounded.values])
    optimizer.update(team, slots, { step: 1, learningRate: 0.3, scale: 1 })
    slots.forEach(expectRounded)
    expect(slots.map(({ rounded }) => rounded && [...rounded.values])).not.toEqual(before)
  })

  it('let what is no finite number show in the scale of its row, and a row of zeros stay one', () => {
    const { slots, team } = roundedSlots(adamw({ betas: [0.9, 0.999], epsilon, weightDecay }))
    const { weight, rounded } = slots[1]!
    weight[3 * 50 + 49] = NaN
    weight[4 * 50] = -Infinity
    weight.fill(0, 5 * 50, 6 * 50)
    team.round()
    const bad = [...rounded!.scale.keys()].filter((row) => !Number.isFinite(rounded!.scale[row]))
    expect(bad).toEqual([3, 4])
    expect(rounded!.scale[5]).toBeGreaterThan(0)
    expect(rounded!.values.subarray(5 * 50, 6 * 50).every((value) => value === 0)).toBe(true)
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
