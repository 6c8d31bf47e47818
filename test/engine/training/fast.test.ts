/** Training in the fast precision: the gradients' direction, layer by layer, going on from a checkpoint, and what is refused. */
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { TrainSettings, TrainStep } from '../../../src/main/engine/engine.ts'
import { openDevice, startTraining } from '../../../src/main/engine/training/start.ts'
import { createModelFolder } from '../../../src/main/models/create.ts'
import { normals } from '../../gradient/random.ts'
import { batchObjective, goldenModel, modelIn, readGolden, settings, type Batch } from './golden-model.ts'

const folder = mkdtempSync(join(tmpdir(), 'fast-training-test-'))
afterAll(() => rm(folder, { recursive: true }))

const lora = { method: 'lora', lora: { rank: 4, alpha: 8 } } as const
const methods = [lora, { method: 'full' }, { method: 'last-blocks', lastBlocks: 1 }] as const

type Model = Awaited<ReturnType<typeof goldenModel>>
type Change = Pick<TrainSettings, 'precision' | 'method'> & { tuned: boolean }

async function gradientsOf(
  model: Model,
  batches: readonly Batch[],
  { tuned, ...change }: Change
): Promise<Map<string, Float32Array>> {
  const objective = batchObjective(model, batches)
  const { device, trained } = await openDevice(model, objective, { ...settings, ...change })
  try {
    // At the start an adapter's second factor is zero, and with it the first one's gradient.
    let seed = 0
    if (tuned)
      await device.restore(async (weight, target) => {
        if (weight.endsWith('lora_B.weight')) target.set(normals(target.length, ++seed).map((value) => value * 0.05))
      })
    await device.accumulate({ feeds: objective.batch([0], objective.labels([0])).feeds, step: 0, part: 0 })
    const all = await device.gradients()
    return new Map(trained.map(({ name: weight }, at) => [weight, Float32Array.from(all[at]!)]))
  } finally {
    await device.close()
  }
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [product, left, right] = [0, 0, 0]
  for (let at = 0; at < a.length; at++) {
    const value = a[at]!
    product += value * b[at]!
    left += value ** 2
    right += b[at]! ** 2
  }
  return left === 0 && right === 0 ? 1 : product / Math.sqrt(left * right)
}

const lengthOf = (values: Iterable<number>): number =>
  Math.sqrt([...values].reduce((sum, value) => sum + value ** 2, 0))

/** The gradients beside the exact ones: each weight's of which there is enough, and each layer's. */
async function expectSameDirection(
  model: () => Promise<Model>,
  batches: readonly Batch[],
  at: Omit<Change, 'precision'>
): Promise<void> {
  const exact = await gradientsOf(await model(), batches, at)
  const fast = await gradientsOf(await model(), batches, { ...at, precision: 'fast' })
  expect([...exact.values()].some((gradient) => gradient.some((value) => value !== 0))).toBe(true)
  const layers = new Map<string, { exact: number[]; fast: number[] }>()
  const layerOf = (weight: string): string => /^.*?(layers|block)\.\d+/.exec(weight)?.[0] ?? weight
  for (const [weight, gradient] of exact) {
    const all = layers.get(layerOf(weight)) ?? { exact: [], fast: [] }
    layers.set(layerOf(weight), all)
    all.exact.push(...gradient)
    all.fast.push(...fast.get(weight)!)
  }
  for (const [weight, gradient] of exact) {
    // A bias of keys shifts all scores of a query alike: its gradient is zero, but for rounding.
    if (lengthOf(gradient) < 1e-4 * lengthOf(layers.get(layerOf(weight))!.exact)) continue
    expect([weight, cosine(gradient, fast.get(weight)!) > 0.98]).toEqual([weight, true])
  }
  const cosines = [...layers].map(([layer, all]) => ({ layer, cosine: cosine(all.exact, all.fast) }))
  expect(cosines.filter((one) => one.cosine < 0.99)).toEqual([])
  expect(cosines.some((one) => one.cosine < 1 - 1e-6)).toBe(true)
}

describe.each(['bart', 't5', 'flan-t5'])('%s', (name) => {
  const model = () => goldenModel(name)
  it.each([{ ...lora, tuned: false }, ...methods.map((method) => ({ ...method, tuned: true }))])(
    '$method (away from the start: $tuned): each layer’s gradient points where the exact one does',
    (at) => expectSameDirection(model, readGolden(name).batches, at)
  )
})

const wide = {
  ...{ model_type: 't5', vocab_size: 200, d_model: 128, d_kv: 32, d_ff: 256, num_heads: 4, num_layers: 2 },
  ...{ num_decoder_layers: 1, feed_forward_proj: 'gated-gelu', tie_word_embeddings: false }
}

/** Channels behind every norm `factor` times as large, and what reads them as much smaller: the same function, rounded much worse. */
async function withOutliers(factor: number): Promise<Model> {
  const at = join(folder, `outliers-${factor}`)
  const random = normals(1 << 20, 3)
  let drawn = 0
  await createModelFolder(at, wide, () => random[drawn++ % random.length]!)
  const model = await modelIn(at)
  const { weights, parameters, config } = model
  for (const { name, dims } of parameters) {
    const data = weights.data(name)
    const width = dims.at(-1)!
    const reads = /SelfAttention\.[qkv]|EncDecAttention\.[qkv]|\.wi_/.test(name)
    const scaled = reads ? 1 / factor : /block.*layer_norm|encoder\.final_layer_norm/.test(name) ? factor : 1
    if (width === config.hiddenSize)
      for (const channel of [11, 45, 101]) for (let at = channel; at < data.length; at += width) data[at]! *= scaled
  }
  return model
}

describe('a gated T5 with channels that are many times as large as the others', () => {
  const ids = (length: number, start: number) => Array.from({ length }, (_, at) => 5 + ((at * 37 + start * 71) % 190))
  const rows = [1, 2, 3, 4].map((start) => ({ source: ids(12 + 4 * start, start), target: [...ids(6, start + 9), 1] }))
  const batches = [{ source: rows.map(({ source }) => source), target: rows.map(({ target }) => target) }]
  it.each([lora, methods[1]].flatMap((method) => [20, 50].map((factor) => ({ ...method, factor }))))(
    '$method, $factor times: each layer’s gradient points where the exact one does',
    ({ factor, ...method }) => expectSameDirection(() => withOutliers(factor), batches, { ...method, tuned: true })
  )
})

async function begin(change: Partial<TrainSettings>, checkpoint?: string) {
  const model = await goldenModel('bart')
  const objective = batchObjective(model, readGolden('bart').batches)
  const closed = () => undefined
  return startTraining({ model, objective, settings: { ...settings, ...change }, checkpoint, closed })
}

async function stepsOf(training: AsyncIterable<TrainStep>, upTo = Infinity): Promise<TrainStep[]> {
  const steps: TrainStep[] = []
  for await (const step of training) if (steps.push(step) >= upTo) break
  return steps
}

it.each(methods)('$method: a resumed training goes on bit for bit', async (method) => {
  const fast = { ...method, precision: 'fast' as const, learningRate: 0.001, maxSteps: 4 }
  const place = join(folder, method.method)
  const whole = await begin(fast)
  const straight = await stepsOf(whole)
  await whole.close()
  const first = await begin(fast)
  await stepsOf(first, 2)
  await first.saveCheckpoint(place)
  await first.close()
  const second = await begin(fast, place)
  expect(await stepsOf(second)).toEqual(straight.slice(2))
  await second.close()
  // Near the exact one; a checkpoint of the one is none of the other.
  const exact = await begin({ ...fast, precision: 'fp32' })
  const exactly = await stepsOf(exact)
  await exact.close()
  straight.forEach(({ loss }, at) => expect(Math.abs(loss / exactly[at]!.loss - 1)).toBeLessThan(0.05))
  await expect(begin({ ...fast, precision: 'fp32' }, place)).rejects.toMatchObject({ code: 'checkpoint-mismatch' })
})

it('is refused by name where the model lies on a device', async () => {
  const model = await goldenModel('bart', 'webgpu')
  const objective = batchObjective(model, readGolden('bart').batches)
  await expect(openDevice(model, objective, { ...settings, ...lora, precision: 'fast' })).rejects.toMatchObject({
    code: 'fast-unavailable'
  })
})
