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

/** Vectors of int8 and fp32 weights must be at least this alike. */
const leastCosine = 0.99
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

/** So many of the texts are embedded twice. */
const textsToCheck = 16

/**
 * Compares with fp32 on some of the texts that are to be embedded, once for each session: some processors add 8-bit products
 * with saturation, and some models have a few huge channels. `ids` are the rows of all texts.
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
  const feeds = feedsOf({ ...sourceBatch(config, rows), ...poolingBatch(how, rows, 0) })
  const exact = await Runner.create(
    { ...model, weight: (name) => model.weight(name), live: model.provider === 'cpu' },
    embeddingGraph(config, model.parameters, how)
  )
  const expected = floats((await exact.run(feeds))['vectors']!)
  await exact.release()
  const actual = floats((await runner.run(feeds))['vectors']!)
  const cosine = meanCosine(actual, expected, expected.length / rows.length)
  if (!(cosine >= leastCosine)) {
    throw new LabError(
      'int8-inaccurate',
      `With int8 weights this model's vectors differ too much from the exact ones (mean cosine ${cosine.toFixed(4)}, ` +
        `at least ${leastCosine} expected). Use fp32 for this model on this machine.`,
      { details: { cosine } }
    )
  }
  checked.add(runner)
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
