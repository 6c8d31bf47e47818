/**
 * int8 weights for embedding: symmetric, one scale per output channel; activations are quantised by the runtime as they come
 * (8 bits per tensor). Two to three times as fast on a CPU with 8-bit dot products.
 */
import { LabError } from '../../contract/error.ts'
import { sourceBatch } from '../../models/batch.ts'
import type { ModelConfig } from '../../models/config.ts'
import { quantizedNames } from '../../models/context.ts'
import { embeddingGraph } from '../../models/graphs.ts'
import type { Parameter } from '../../models/parameters.ts'
import { poolingBatch, type Pooled } from '../../models/pooling.ts'
import { float32, floats, tensor, type Tensor } from '../tensors.ts'
import { feedsOf } from './batches.ts'
import { Runner, type InferenceModel } from './model.ts'

/** So much of what is nearest by fp32 must be nearest by int8 too: what retrieval hangs on, which a cosine does not show. */
const leastOverlap = 0.97
/** With too few texts to have neighbours, vectors of int8 and fp32 weights must be at least this alike. */
const leastCosine = 0.99
/** Neighbours that are compared, of every text. */
const neighbours = 32
const fewestTexts = 16
const checked = new WeakSet<Runner>()

/** Linear layers of the encoder: what is worth quantising. Tables are only looked up. */
export function linearLayers(config: ModelConfig, parameters: readonly Parameter[]): Set<string> {
  const encoder = config.role === 'seq2seq' ? /^(model\.)?encoder\./ : /./
  const table = /embed|shared|relative_attention_bias|lm_head/
  return new Set(
    parameters
      .filter(
        ({ name, dims }) => dims.length === 2 && encoder.test(name) && name.endsWith('.weight') && !table.test(name)
      )
      .map(({ name }) => name.slice(0, -'.weight'.length))
  )
}

/** The quantised layers' tensors, by the names that the graph asks for. */
export function quantizedWeights(model: InferenceModel, layers: ReadonlySet<string>): Map<string, Tensor> {
  const dims = new Map(model.parameters.map((parameter) => [parameter.name, parameter.dims]))
  const result = new Map<string, Tensor>()
  for (const layer of layers) {
    const [outputs, inputs] = dims.get(`${layer}.weight`) as [number, number]
    const { values, scales } = quantizeRows(model.weight(`${layer}.weight`), outputs, inputs)
    const names = quantizedNames(layer)
    result.set(names.weight, tensor('int8', values, [inputs, outputs]))
    result.set(names.scale, float32(scales, [outputs]))
    result.set(names.zeroPoint, tensor('int8', new Int8Array(outputs), [outputs]))
  }
  return result
}

/** fp32 `[outputs, inputs]` to int8 `[inputs, outputs]` with `weight ≈ value · scale[output]`. */
export function quantizeRows(
  weight: Float32Array,
  outputs: number,
  inputs: number
): { values: Int8Array; scales: Float32Array } {
  const values = new Int8Array(inputs * outputs)
  const scales = new Float32Array(outputs)
  for (let output = 0; output < outputs; output++) {
    const row = weight.subarray(output * inputs, (output + 1) * inputs)
    let largest = 0
    for (const value of row) largest = Math.max(largest, Math.abs(value))
    const scale = largest === 0 ? 1 : largest / 127
    scales[output] = scale
    for (let input = 0; input < inputs; input++) values[input * outputs + output] = Math.round(row[input]! / scale)
  }
  return { values, scales }
}

/** So many of the texts are embedded twice, in batches of `batchTexts`. */
const textsToCheck = 192
const batchTexts = 16

/**
 * Compares with fp32 on some of the texts that are to be embedded, once for each session: some processors add 8-bit products
 * with saturation, and some models have a few huge channels. `ids` are the rows of all texts. What counts is whether the same
 * texts are nearest.
 * @throws LabError `int8-inaccurate`
 */
export async function checkQuantized(
  model: InferenceModel,
  runner: Runner,
  how: Pooled,
  ids: readonly (readonly number[])[]
): Promise<void> {
  if (checked.has(runner)) return
  const { config } = model
  const every = Math.max(1, Math.ceil(ids.length / textsToCheck))
  const rows = ids.filter((_, index) => index % every === 0).map((row) => ({ ids: row }))
  const exact = await Runner.create(
    { ...model, weight: (name) => model.weight(name), live: model.provider === 'cpu' },
    embeddingGraph(config, model.parameters, how)
  )
  const expected: number[] = []
  const actual: number[] = []
  try {
    for (let start = 0; start < rows.length; start += batchTexts) {
      const some = rows.slice(start, start + batchTexts)
      const feeds = feedsOf({ ...sourceBatch(config, some), ...poolingBatch(how, some) })
      expected.push(...floats((await exact.run(feeds))['vectors']!))
      actual.push(...floats((await runner.run(feeds))['vectors']!))
    }
  } finally {
    await exact.release()
  }
  const width = expected.length / rows.length
  const [a, b] = [Float32Array.from(actual), Float32Array.from(expected)]
  const cosine = meanCosine(a, b, width)
  const overlap = rows.length < fewestTexts ? null : neighbourOverlap(a, b, width)
  const good = overlap === null ? cosine >= leastCosine : overlap >= leastOverlap
  if (!good) {
    const found =
      overlap === null
        ? `mean cosine ${cosine.toFixed(4)}, at least ${leastCosine} expected`
        : `${(100 * overlap).toFixed(1)} % of the nearest texts stay the nearest, at least ${100 * leastOverlap} % expected`
    throw new LabError(
      'int8-inaccurate',
      `With int8 weights this model's vectors differ too much from the exact ones (${found}). ` +
        'Use fp32 for this model on this machine.',
      { details: { cosine, overlap } }
    )
  }
  checked.add(runner)
}

/** Share of every row's nearest other rows by `b` that are its nearest by `a` too; up to 32, at most a third of the rows. */
export function neighbourOverlap(a: Float32Array, b: Float32Array, width: number): number {
  const rows = a.length / width
  const count = Math.min(neighbours, Math.max(1, Math.floor(rows / 3)))
  let hits = 0
  for (let row = 0; row < rows; row++) {
    const wanted = new Set(nearest(b, width, row, count))
    for (const other of nearest(a, width, row, count)) if (wanted.has(other)) hits++
  }
  return hits / (rows * count)
}

/** The `count` other rows at the least distance. */
function nearest(vectors: Float32Array, width: number, row: number, count: number): number[] {
  const distances = Array.from({ length: vectors.length / width }, (_, other) => {
    let sum = 0
    for (let at = 0; at < width; at++) sum += (vectors[row * width + at]! - vectors[other * width + at]!) ** 2
    return { other, sum }
  })
  return distances
    .filter(({ other }) => other !== row)
    .sort((x, y) => x.sum - y.sum)
    .slice(0, count)
    .map(({ other }) => other)
}

/** Mean cosine between the rows of two matrices. */
export function meanCosine(a: Float32Array, b: Float32Array, width: number): number {
  let sum = 0
  for (let start = 0; start < a.length; start += width) {
    let [product, left, right] = [0, 0, 0]
    for (let index = start; index < start + width; index++) {
      product += a[index]! * b[index]!
      left += a[index]! ** 2
      right += b[index]! ** 2
    }
    sum += product / Math.sqrt(left * right)
  }
  return (sum * width) / a.length
}
