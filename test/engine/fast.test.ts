/** The fast precision: products of 8 bits against exact ones, forward and backward, and where it is refused. */
import { describe, expect, test } from 'vitest'
import { chooseForFast, testFast } from '../../src/main/engine/fast-test.ts'
import { createInference } from '../../src/main/engine/inference/index.ts'
import { quantizeRows } from '../../src/main/engine/quantized-weights.ts'
import { GraphSession } from '../../src/main/engine/session.ts'
import { float32, floats, tensor, type Tensors } from '../../src/main/engine/tensors.ts'
import { backward } from '../../src/main/gradient/index.ts'
import { GraphBuilder, type Value } from '../../src/main/graph/index.ts'
import { readGenerationConfig } from '../../src/main/models/generation-config.ts'
import { readCase, type Seq2SeqGolden } from '../oracle/golden.ts'
import { normals } from '../gradient/random.ts'
import { goldenModel } from './inference/golden-model.ts'

const written = (ids: readonly number[]): string => ids.join(' ')
const [rows, inputs, outputs] = [24, 48, 40]
const weight = Float32Array.from(normals(outputs * inputs, 1), (value, at) => value * (1 + (at % 3)))
const direction = Float32Array.from(normals(rows * outputs, 3))

type Before = (g: GraphBuilder, x: Value) => Value
const befores: Record<string, Before> = {
  nothing: (_g, x) => x,
  gelu: (g, x) => g.gelu(x),
  'the tanh form': (g, x) => g.gelu(x, 'tanh'),
  relu: (g, x) => g.relu(x)
}

const forms = ['exact', 'fast', 'trained', 'precise', 'two terms'] as const
type Form = (typeof forms)[number]

/**
 * y = linear(before(x)) and the gradients of Σ y ⊙ direction with respect to x and the weight, by exact and by 8-bit products: with a
 * weight that is not trained, and with one that is, whose bytes also lie turned around; last, those of which only gradients are rounded.
 */
async function both(x: Float32Array, before: Before): Promise<Record<Form, Record<string, Float32Array>>> {
  const { values, scales } = quantizeRows(weight, outputs)
  const feeds: Tensors = {
    x: float32(x, [rows, inputs]),
    weight: float32(weight, [outputs, inputs]),
    values: tensor('int8', values, [outputs, inputs]),
    scale: float32(scales, [outputs]),
    turned: tensor(
      'int8',
      values.map((_, at) => values[(at % outputs) * inputs + Math.floor(at / outputs)]!),
      [inputs, outputs]
    ),
    direction: float32(direction, [rows, outputs])
  }
  const results: Record<string, Record<string, Float32Array>> = {}
  for (const form of forms) {
    const g = new GraphBuilder()
    const fed = g.input('x', ['N', inputs])
    const own = g.weight('weight', [outputs, inputs])
    const h = before(g, fed)
    const quantized = () => ({
      values: g.weight('values', [outputs, inputs], 'int8'),
      scale: g.weight('scale', [outputs])
    })
    const y =
      form === 'exact'
        ? g.linear(h, own)
        : g.quantizedLinear(h, own, {
            ...quantized(),
            ...(form === 'trained' ? { turned: g.weight('turned', [inputs, outputs], 'int8'), live: true } : {}),
            ...{ live: form === 'trained' || form === 'precise', precise: form === 'precise' || form === 'two terms' }
          })
    const loss = g.reduceSum(g.mul(y, g.input('direction', ['N', outputs])), [0, 1])
    const [dx, dw] = backward(g, loss, form === 'fast' || form === 'two terms' ? [fed] : [fed, own])
    g.output('y', y)
    g.output('dx', dx!.dense!)
    if (dw) g.output('dw', dw.dense!)
    const session = await GraphSession.create(g.build(), { threads: 1 })
    const given = session.graph.inputs.map(({ value }) => [value.name, feeds[value.name]!])
    const found = await session.run(Object.fromEntries(given) as Tensors)
    results[form] = Object.fromEntries(Object.entries(found).map(([name, value]) => [name, floats(value)]))
    await session.release()
  }
  return results
}

/** The largest error of a row, relative to its length. */
function worstRow(found: Float32Array, expected: Float32Array, width: number): number {
  let worst = 0
  for (let start = 0; start < expected.length; start += width) {
    const own = Array.from(expected.subarray(start, start + width))
    const length = Math.hypot(...own)
    const off = Math.hypot(...own.map((value, at) => value - found[start + at]!))
    worst = Math.max(worst, length === 0 ? off : off / length)
  }
  return worst
}

/** Rows of very different size, as tokens are; the first is of zeros. */
const uneven = Float32Array.from(
  normals(rows * inputs, 2),
  (value, at) => value * 8 ** (Math.floor(at / inputs) % 6) * 0.01
)
uneven.fill(0, 0, inputs)

describe('a product of 8 bits', () => {
  test.each(Object.keys(befores).map((name) => ({ name })))(
    'is right to 3 % in every row, behind $name',
    async ({ name }) => {
      const x = name === 'nothing' ? uneven : Float32Array.from(normals(rows * inputs, 4), (value) => 2 * value)
      const { exact, fast } = await both(x, befores[name]!)
      expect(worstRow(fast['y']!, exact['y']!, outputs)).toBeLessThan(0.03)
      expect(fast['y']).not.toEqual(exact['y'])
      expect(worstRow(fast['dx']!, exact['dx']!, inputs)).toBeLessThan(0.03)
    }
  )

  test.each(['nothing', 'relu'])('rounds gradients alone where it is precise, behind %s', async (name) => {
    const x = name === 'nothing' ? uneven : Float32Array.from(normals(rows * inputs, 4), (value) => 2 * value)
    const { exact, fast, precise, 'two terms': twice } = await both(x, befores[name]!)
    expect(worstRow(precise['y']!, exact['y']!, outputs)).toBeLessThan(1e-6)
    expect(precise['dx']).toEqual(fast['dx'])
    expect(worstRow(precise['dw']!, exact['dw']!, inputs)).toBeLessThan(1e-6)
    // In two terms only the weight is another: what its bytes stand for.
    const { values, scales } = quantizeRows(weight, outputs)
    const before = name === 'relu' ? x.map((value) => Math.max(0, value)) : x
    const expected = Float32Array.from({ length: rows * outputs }, (_, at) => {
      const [row, output] = [Math.floor(at / outputs), at % outputs]
      const terms = Array.from({ length: inputs }, (_, k) => before[row * inputs + k]! * values[output * inputs + k]!)
      return scales[output]! * terms.reduce((sum, term) => sum + term, 0)
    })
    expect(worstRow(twice['y']!, expected, outputs)).toBeLessThan(2e-4)
    expect(worstRow(fast['y']!, expected, outputs)).toBeGreaterThan(2e-3)
    expect(twice['dx']).toEqual(fast['dx'])
  })

  test('shows what is infinite', async () => {
    const spoilt = Float32Array.from(uneven)
    spoilt[4 * inputs + 5] = Infinity
    const { fast } = await both(spoilt, befores['nothing']!)
    expect(fast['y']!.subarray(4 * outputs, 5 * outputs).some(Number.isFinite)).toBe(false)
    expect(fast['y']!.subarray(5 * outputs).every(Number.isFinite)).toBe(true)
  })
})

test.each([
  ['embeddings.word_embeddings.weight', NaN],
  ['encoder.layer.0.attention.self.query.weight', NaN],
  ['encoder.layer.0.output.dense.weight', Infinity],
  ['encoder.layer.0.attention.self.value.bias', NaN]
])('a %s that is not a number shows in the end', async (spoilt, value) => {
  const golden = await readCase<{ rows: number[][] }>('bert')
  const weight = (name: string) => {
    const data = Float32Array.from(golden.weights.get(name)!)
    if (name === spoilt) data.fill(value)
    return data
  }
  expect(golden.weights.has(spoilt)).toBe(true)
  const inference = createInference(goldenModel(golden, { precision: 'fast', weight }))
  const all = async () => {
    for await (const _ of inference.embed(golden.golden.rows.map(written)));
  }
  await expect(all()).rejects.toMatchObject({ code: 'model-not-finite' })
  await inference.close()
})

test('answers, scores of choices and losses come from 8-bit products too, and nearly as exact ones do', async () => {
  const golden = await readCase<Seq2SeqGolden>('bart')
  const generation = await readGenerationConfig(golden.folder)
  const inputsOf = golden.golden.batches[0]!.source.map(written)
  const examples = inputsOf.map((input, at) => ({ input, output: written([5 + at, 9, 12]) }))
  const found: number[][] = []
  for (const precision of ['fp32', 'fast'] as const) {
    const inference = createInference(goldenModel(golden, { generation, precision }))
    found.push(await inference.losses(examples))
    for await (const { tokenIds } of inference.generate(inputsOf, { maxNewTokens: 4 }))
      expect(tokenIds.length).toBeGreaterThan(0)
    await inference.close()
  }
  const [exact, fast] = found as [number[], number[]]
  fast.forEach((loss, at) => expect(Math.abs(loss - exact[at]!) / exact[at]!).toBeLessThan(0.05))
  expect(fast).not.toEqual(exact)
})

test('weights that are being trained are not quantised unnoticed', async () => {
  const golden = await readCase<Seq2SeqGolden>('bart')
  const inference = createInference(goldenModel(golden, { precision: 'fast', live: true }))
  await expect(inference.losses([{ input: '5 6', output: '7' }])).rejects.toMatchObject({ code: 'bad-option' })
  await inference.close()
})

test('the processor is tested once, and another provider is refused by name', async () => {
  const { error, gain } = await testFast()
  expect(error).toBeGreaterThan(0)
  expect(error).toBeLessThan(0.04)
  expect(gain).toBeGreaterThan(0)
  expect(await testFast()).toBe(await testFast())
  expect((await chooseForFast('auto')).provider).toBe('cpu')
  for (const provider of ['webgpu', 'cuda', 'dml', 'coreml'] as const)
    await expect(chooseForFast(provider)).rejects.toMatchObject({ code: 'fast-unavailable' })
})

test('the gradient of a weight that is trained is exact, and its bytes turned around are the same bytes', async () => {
  const x = Float32Array.from(normals(rows * inputs, 2))
  const { exact, fast, trained } = await both(x, befores['gelu']!)
  for (const name of ['y', 'dx'] as const) expect(trained[name]).toEqual(fast[name])
  expect(worstRow(trained['dw']!, exact['dw']!, inputs)).toBeLessThan(1e-5)
})
