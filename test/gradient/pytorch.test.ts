/** Values and gradients of single operations against PyTorch's autograd; test/oracle/gradient_goldens.py makes the numbers. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { GraphSession } from '../../src/main/engine/session.ts'
import { float32, type Tensors } from '../../src/main/engine/tensors.ts'
import { backward } from '../../src/main/gradient/index.ts'
import { GraphBuilder, type Value } from '../../src/main/graph/index.ts'
import { relativeError } from '../oracle/golden.ts'

interface Numbers {
  dims: number[]
  data: number[]
}

interface Golden {
  inputs: Numbers[]
  upstream: Numbers
  y: Numbers
  gradients: Numbers[]
}

const goldens = JSON.parse(readFileSync(join(import.meta.dirname, 'golden/operations.json'), 'utf8')) as Record<
  string,
  Golden
>

/** Single precision against double. */
const tolerance = 1e-5

const indices = (g: GraphBuilder, values: readonly number[], dims: readonly number[]): Value =>
  g.constant(BigInt64Array.from(values, BigInt), dims, 'int64')

function headLoss(g: GraphBuilder, [hidden, head, bias]: readonly Value[], smoothing: number): Value {
  // The ignored label has weight 0; the others share the mean.
  const weights = g.constant(Float32Array.of(1 / 3, 0, 1 / 3, 1 / 3), [4], 'float32')
  return g.headLoss([hidden!, head!], indices(g, [3, 0, 0, 6], [4]), weights, { bias: bias!, smoothing }).loss
}

const operations: Record<string, (g: GraphBuilder, inputs: readonly Value[]) => Value> = {
  add: (g, [a, b]) => g.add(a!, b!),
  mul: (g, [a, b]) => g.mul(a!, b!),
  div: (g, [a, b]) => g.div(a!, b!),
  pow: (g, [a, b]) => g.pow(a!, b!),
  max: (g, [a, b]) => g.max(a!, b!),
  tanh: (g, [x]) => g.tanh(x!),
  sigmoid: (g, [x]) => g.sigmoid(x!),
  gelu: (g, [x]) => g.gelu(x!),
  gelu_tanh: (g, [x]) => g.gelu(x!, 'tanh'),
  softmax: (g, [x]) => g.softmax(x!),
  log_softmax: (g, [x]) => g.logSoftmax(x!),
  layer_norm: (g, [x, scale, bias]) => g.layerNorm(x!, scale!, bias!, 1e-5),
  rms_norm: (g, [x, scale]) => g.rmsNorm(x!, scale!, 1e-6),
  linear: (g, [x, weight, bias]) => g.linear(x!, weight!, bias),
  attention: (g, [q, k, v]) => g.matMul(g.softmax(g.matMul(q!, k!, { transB: true, alpha: 0.5 })), v!),
  embedding: (g, [table]) => g.gather(table!, indices(g, [5, 0, 5, 2, 2, 1], [2, 3])),
  gather_elements: (g, [x]) => g.gatherElements(x!, indices(g, [0, 3, 3], [3, 1]), 1),
  transpose_slice: (g, [x]) => g.slice(g.transpose(x!, [2, 0, 1]), 0, 1, 3),
  concat: (g, inputs) => g.concat(inputs, 1),
  mean: (g, [x]) => g.reduceMean(x!, [0, 2]),
  head_loss: (g, inputs) => headLoss(g, inputs, 0),
  smoothed_head_loss: (g, inputs) => headLoss(g, inputs, 0.1)
}

it('covers every golden', () => {
  expect(Object.keys(operations).sort()).toEqual(Object.keys(goldens).sort())
})

it.each(Object.keys(operations))('%s', async (name) => {
  const { inputs, upstream, y, gradients } = goldens[name]!
  const g = new GraphBuilder({ name })
  const values = inputs.map(({ dims }, index) => g.input(`x${index}`, dims))
  const result = operations[name]!(g, values)
  const weighted = g.mul(result, g.constant(Float32Array.from(upstream.data), upstream.dims, 'float32'))
  const loss =
    weighted.dims.length === 0
      ? weighted
      : g.reduceSum(
          weighted,
          weighted.dims.map((_, axis) => axis)
        )
  g.output('y', result)
  backward(g, loss, values).forEach(({ dense }, index) => g.output(`d${index}`, dense!))
  const session = await GraphSession.create(g.build(), { threads: 1 })
  const feeds: Tensors = Object.fromEntries(
    inputs.map(({ dims, data }, index) => [`x${index}`, float32(Float32Array.from(data), dims)])
  )
  const results = await session.run(feeds)
  await session.release()
  expect(relativeError(results['y']!.data as Float32Array, y.data)).toBeLessThan(tolerance)
  gradients.forEach(({ data, dims }, index) => {
    expect(results[`d${index}`]!.dims).toEqual(dims)
    expect(relativeError(results[`d${index}`]!.data as Float32Array, data), `gradient of input ${index}`).toBeLessThan(
      tolerance
    )
  })
})
