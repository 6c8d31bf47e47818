import { describe, expect, test } from 'vitest'
import { GraphBuilder } from '../../../src/main/graph/index.ts'
import { Runners, type InferenceModel } from '../../../src/main/engine/inference/model.ts'
import { largestChannels, roundingOf, screenTables } from '../../../src/main/engine/inference/screen-tables.ts'
import { Screen, type HeadWeights } from '../../../src/main/engine/inference/screen.ts'
import { GraphSession } from '../../../src/main/engine/session.ts'
import { float32, floats, integers, tensor } from '../../../src/main/engine/tensors.ts'
import { screenGraph, screenNames } from '../../../src/main/models/screen-graph.ts'
import { Random } from '../../../src/main/random/random.ts'

const rows = 3

interface Case extends HeadWeights {
  hidden: Float32Array
}

/** The bound of every word, by row and word, as the graph gives it. */
async function boundsOf({ weight, bias, width, hidden }: Case, exact: readonly number[]): Promise<number[][]> {
  const vocabulary = weight.length / width
  const { values, scale, terms } = screenTables(weight, bias, width, exact)!
  const session = await GraphSession.create(screenGraph({ width, vocabulary, exact, words: vocabulary }), {
    threads: 1
  })
  const outputs = await session.run({
    hidden: float32(hidden, [rows, width]),
    [screenNames.values]: tensor('int8', values, [width, vocabulary]),
    [screenNames.scale]: float32(scale, [vocabulary]),
    [screenNames.terms]: float32(terms, [4 + exact.length, vocabulary])
  })
  await session.release()
  const [upper, unit, words] = [floats(outputs['upper']!), floats(outputs['unit']!), integers(outputs['words']!)]
  return Array.from(unit, (one, row) => {
    const bounds: number[] = []
    for (let at = row * vocabulary; at < (row + 1) * vocabulary; at++) bounds[words[at]!] = upper[at]! * one
    return bounds
  })
}

/** The same of scores: exact, and how far the head's own can be above them. */
function scoresOf({ weight, bias, width, hidden }: Case): { value: number; margin: number }[][] {
  const vocabulary = weight.length / width
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: vocabulary }, (_, word) => {
      let [value, size] = [bias?.[word] ?? 0, Math.abs(bias?.[word] ?? 0)]
      for (let at = 0; at < width; at++) {
        const product = hidden[row * width + at]! * weight[word * width + at]!
        value += product
        size += Math.abs(product)
      }
      return { value, margin: roundingOf(width) * size }
    })
  )
}

const made = (length: number, of: (at: number) => number): Float32Array =>
  Float32Array.from({ length }, (_, at) => of(at))
const signs = (random: Random, length: number): Float32Array => made(length, () => (random.chance(0.5) ? -1 : 1))

/** Errors of rounding that all point the same way: there the bounds are met, and one that is a hundredth too small is below a score. */
const tight: Record<string, (random: Random, width: number, vocabulary: number) => Case> = {
  'the weight is rounded': (random, width, vocabulary) => {
    const hidden = signs(random, rows * width)
    const weight = made(vocabulary * width, (at) => {
      const row = Math.floor(at / width) % rows
      return at % width === 0
        ? 127 * hidden[row * width]!
        : random.between(-90, 90) + 0.499 * hidden[row * width + (at % width)]!
    })
    return { weight, bias: null, width, hidden }
  },
  'the hidden state is rounded': (random, width, vocabulary) => {
    const weight = signs(random, vocabulary * width)
    const hidden = made(rows * width, (at) => {
      const row = Math.floor(at / width)
      return at % width === 0 ? 63 * weight[row * width]! : random.between(-50, 50) + 0.499 * weight[at]!
    })
    return { weight, bias: null, width, hidden }
  }
}

describe('no score is above its bound', () => {
  test.each(Object.keys(tight))('where the bound is met: %s', async (name) => {
    const made = tight[name]!(new Random(3), 64, 6)
    const [bounds, scores] = [await boundsOf(made, []), scoresOf(made)]
    let nearest = Infinity
    for (const [row, list] of scores.entries())
      for (const [word, { value, margin }] of list.entries()) {
        expect(bounds[row]![word]!).toBeGreaterThanOrEqual(value + margin)
        nearest = Math.min(nearest, (bounds[row]![word]! - value) / (0.499 * 64))
      }
    expect(nearest).toBeLessThan(0.01)
  })

  test('where fp32 alone rounds', async () => {
    const random = new Random(5)
    const [width, vocabulary] = [64, 300]
    const exact = Array.from({ length: 16 }, (_, at) => 4 * at)
    const only = (at: number): number => (at % 4 === 0 ? random.normal() : 0)
    const made = {
      ...{ weight: Float32Array.from({ length: vocabulary * width }, (_, at) => only(at)), bias: null, width },
      hidden: Float32Array.from({ length: rows * width }, (_, at) => only(at))
    }
    const [bounds, scores] = [await boundsOf(made, exact), scoresOf(made)]
    scores.forEach((list, row) =>
      list.forEach(({ value, margin }, word) => expect(bounds[row]![word]!).toBeGreaterThanOrEqual(value + margin))
    )
  })

  test('over shapes, sizes, huge channels, biases and rows of zeros', async () => {
    const random = new Random(7)
    for (let round = 0; round < 40; round++) {
      const [width, vocabulary] = [random.between(4, 130), random.between(1, 90)]
      const [size, other] = [10 ** random.between(-12, 6), 10 ** random.between(-12, 6)]
      const channels = made(width, () => (random.chance(0.1) ? 100 : 1))
      const zeros = random.chance(0.3)
      const hidden = made(rows * width, (at) => size * channels[at % width]! * random.normal())
      if (zeros) hidden.fill(0, 0, width)
      const weight = made(vocabulary * width, () => other * random.normal())
      if (zeros) weight.fill(0, 0, width)
      const bias = random.chance(0.5) ? null : made(vocabulary, () => 10 ** random.between(-6, 3) * random.normal())
      const one = { weight, bias, width, hidden }
      const exact = largestChannels(hidden, width, 16)
      expect(exact.length).toBe(Math.min(16, width >> 2))
      const [bounds, scores] = [await boundsOf(one, exact), scoresOf(one)]
      scores.forEach((list, row) =>
        list.forEach(({ value, margin }, word) => expect(bounds[row]![word]!).toBeGreaterThanOrEqual(value + margin))
      )
    }
  })
})

/** The head as it is: the first of the largest scores in fp32. */
async function byHead({ weight, bias, width, hidden }: Case, banned: ReadonlySet<number>): Promise<number[]> {
  const vocabulary = weight.length / width
  const g = new GraphBuilder()
  const of = (name: string, dims: number[]) => g.weight(name, dims)
  const own = bias ? of('bias', [vocabulary]) : undefined
  const logits = g.gemm(g.input('hidden', ['B', width]), of('weight', [vocabulary, width]), own, { transB: true })
  g.output('logits', logits)
  const session = await GraphSession.create(g.build(), { threads: 1 })
  const outputs = await session.run({
    hidden: float32(hidden, [rows, width]),
    weight: float32(weight, [vocabulary, width]),
    ...(bias ? { bias: float32(bias, [vocabulary]) } : {})
  })
  await session.release()
  const all = floats(outputs['logits']!)
  return Array.from({ length: rows }, (_, row) => {
    const own = all.slice(row * vocabulary, (row + 1) * vocabulary)
    for (const word of banned) own[word] = -Infinity
    return own.indexOf(Math.max(...own))
  })
}

async function screened(one: Case, banned: ReadonlySet<number> = new Set()): Promise<(number | null)[]> {
  const runners = new Runners(model(one))
  const screen = await Screen.open(runners, one, one.hidden)
  const chosen = await screen!.choose(one.hidden, [0, 1, 2], () => banned)
  await runners.release()
  return chosen
}

/** Of a model, screening asks only how many threads there are. */
function model({ weight }: Case): InferenceModel {
  return {
    ...{ config: { role: 'seq2seq' } as InferenceModel['config'], generation: null, sentence: null, parameters: [] },
    ...{ weight: () => weight, live: false, precision: 'fp32', provider: 'cpu', threads: 1 },
    tokenizer: {} as InferenceModel['tokenizer']
  }
}

function random(seed: number, width = 96, vocabulary = 3000): Case {
  const from = new Random(seed)
  return {
    ...{ weight: made(vocabulary * width, () => from.normal()), bias: made(vocabulary, () => from.normal()), width },
    hidden: made(rows * width, () => from.normal())
  }
}

describe('what the screen chooses is what the head chooses', () => {
  test('and it decides, with random weights and with huge channels', async () => {
    for (const seed of [1, 2, 3, 4]) {
      const one = random(seed)
      const huge = (at: number): number => (seed > 2 && at % one.width < 7 ? 1000 : 1)
      one.hidden.forEach((value, at) => (one.hidden[at] = value * huge(at)))
      one.weight.forEach((value, at) => (one.weight[at] = value / huge(at)))
      const chosen = await screened(one)
      expect(chosen).toEqual(await byHead(one, new Set()))
      const banned = new Set(chosen as number[])
      expect(await screened(one, banned)).toEqual(await byHead(one, banned))
    }
  })

  test('where two words are too near, or more are possible than are looked at, it leaves it to the head', async () => {
    const one = random(9)
    const chosen = (await screened(one)) as number[]
    for (const [difference, decides] of [
      [0, false],
      [1e-8, false],
      [1e-2, true]
    ] as const) {
      const near = { ...one, weight: one.weight.slice(), bias: one.bias!.slice() }
      const [best, other] = [chosen[0]!, (chosen[0]! + 1) % 3000]
      near.weight.copyWithin(other * one.width, best * one.width, (best + 1) * one.width)
      near.bias[other] = near.bias[best]! + difference
      const [first] = await screened(near)
      if (decides) expect(first).toBe(other)
      else expect(first).toBeNull()
    }
    expect(await screened({ ...one, hidden: new Float32Array(one.hidden.length), bias: null })).toEqual([
      null,
      null,
      null
    ])
  })
})

test('after many batches that it could not decide it is not asked again', async () => {
  const one = { ...random(4, 96, 400), bias: null }
  const flat = new Float32Array(one.hidden.length)
  const runners = new Runners(model(one))
  const screen = (await Screen.open(runners, one, one.hidden))!
  const choose = (hidden: Float32Array) => screen.choose(hidden, [0, 1, 2], () => new Set())
  expect((await choose(one.hidden)).includes(null)).toBe(false)
  for (let batch = 0; batch < 9; batch++) expect(await choose(flat)).toEqual([null, null, null])
  expect(await choose(one.hidden)).toEqual([null, null, null])
  await runners.release()
})
