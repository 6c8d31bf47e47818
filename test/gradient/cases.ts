/** One list of cases for every differentiable op: input shapes, and how the op is applied to them. */
import type { DifferentiableOp } from '../../src/main/gradient/index.ts'
import type { Dim, GraphBuilder, Value } from '../../src/main/graph/index.ts'

export interface InputSpec {
  dims: readonly number[]
  /** As the graph declares it; the fixed dims by default. */
  symbolic?: readonly Dim[]
  /** Uniform in 0.5..1.5, for functions that need positive values; otherwise normal. */
  positive?: boolean
}

export interface Case {
  inputs: readonly InputSpec[]
  apply(g: GraphBuilder, values: readonly Value[]): Value
  /** ONNX Runtime has no double kernel for it: differences are taken in single precision, with a wider tolerance. */
  single?: boolean
}

const of = (...dims: number[]): InputSpec => ({ dims })
const positive = (...dims: number[]): InputSpec => ({ dims, positive: true })
const symbolic = (dims: readonly number[], names: readonly Dim[]): InputSpec => ({ dims, symbolic: names })
const indices = (g: GraphBuilder, values: readonly number[], dims: readonly number[]): Value =>
  g.constant(BigInt64Array.from(values, BigInt), dims, 'int64')

type Binary = (g: GraphBuilder, a: Value, b: Value) => Value

/** Equal shapes, and every kind of broadcasting: missing axes, stretched axes, both sides at once, a scalar, a symbol. */
function broadcasting(binary: Binary, spec: (...dims: number[]) => InputSpec = of): Case[] {
  const shapes: [InputSpec, InputSpec][] = [
    [spec(3, 4), spec(3, 4)],
    [spec(2, 3, 4), spec(4)],
    [spec(2, 3, 4), spec(3, 1)],
    [spec(3, 1), spec(1, 4)],
    [spec(2, 3), spec()],
    [{ ...spec(2, 3), symbolic: ['B', 3] }, spec(1, 3)]
  ]
  return shapes.map((inputs) => ({ inputs, apply: (g, [a, b]) => binary(g, a!, b!) }))
}

function unary(
  apply: (g: GraphBuilder, x: Value) => Value,
  options: { positive?: boolean; single?: boolean } = {}
): Case[] {
  const spec = options.positive ? positive : of
  return [spec(5), spec(2, 3, 4), spec()].map((input) => ({
    inputs: [input],
    apply: (g, [x]) => apply(g, x!),
    single: options.single ?? false
  }))
}

/** Two sequences of 3 and 2 tokens with two heads. */
function packedCase(apply: (g: GraphBuilder, x: Value, slots: Value, rows: Value) => Value, dims: number[]): Case {
  const slots = [0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 10]
  const rows = [0, 3, 1, 4, 2, 5, 6, 9, 7, 10]
  return {
    inputs: [of(...dims)],
    apply: (g, [x]) => apply(g, x!, indices(g, slots, [2, 2, 3]), indices(g, rows, [5, 2]))
  }
}

/**
 * A quantised product climbs in steps, so that differences say nothing: `test/engine/fast.test.ts` compares it with the exact one, and
 * `test/engine/rounded-base.test.ts` compares products of rounded weights with those of what they stand for.
 */
type Compared = 'QuantizedMatMul' | 'DequantizedMatMul'
export const cases: { readonly [O in Exclude<DifferentiableOp, Compared>]: readonly Case[] } = {
  Add: broadcasting((g, a, b) => g.add(a, b)),
  Sub: broadcasting((g, a, b) => g.sub(a, b)),
  Mul: broadcasting((g, a, b) => g.mul(a, b)),
  Div: broadcasting((g, a, b) => g.div(a, b), positive),
  Pow: [...broadcasting((g, a, b) => g.pow(a, b), positive), ...unary((g, x) => g.pow(x, 3))],
  Min: broadcasting((g, a, b) => g.min(a, b)),
  Max: broadcasting((g, a, b) => g.max(a, b)),
  Where: [
    ...broadcasting((g, a, b) => g.where(g.less(g.mul(a, 2), b), g.mul(a, 3), b)),
    {
      inputs: [of(2, 3), of(3)],
      apply: (g, [a, b]) => g.where(g.constant(Uint8Array.of(1, 0, 1), [3], 'bool'), a!, b!)
    }
  ],
  Neg: unary((g, x) => g.neg(x)),
  Abs: unary((g, x) => g.abs(x)),
  Reciprocal: unary((g, x) => g.reciprocal(x), { positive: true }),
  Sqrt: unary((g, x) => g.sqrt(x), { positive: true }),
  Exp: unary((g, x) => g.exp(x)),
  Log: unary((g, x) => g.log(x), { positive: true }),
  Tanh: unary((g, x) => g.tanh(x)),
  Sigmoid: unary((g, x) => g.sigmoid(x)),
  Erf: unary((g, x) => g.erf(x), { single: true }),
  Relu: unary((g, x) => g.relu(x)),
  Gelu: [...unary((g, x) => g.gelu(x), { single: true }), ...unary((g, x) => g.gelu(x, 'tanh'), { single: true })],
  Cast: unary((g, x) => g.cast(g.cast(x, x.dtype === 'float64' ? 'float32' : 'float64'), x.dtype), { single: true }),
  Identity: unary((g, x) => g.identity(x)),
  Barrier: [{ inputs: [of(2, 3), of(4)], apply: (g, [x, y]) => g.mul(g.barrier(x!, y!), g.reduceSum(y!, [0])) }],

  Gemm: [
    ...[false, true].flatMap((transA) =>
      [false, true].map((transB): Case => ({
        inputs: [transA ? of(4, 3) : of(3, 4), transB ? of(5, 4) : of(4, 5), of(5)],
        apply: (g, [a, b, bias]) => g.gemm(a!, b!, bias, { transA, transB })
      }))
    ),
    { inputs: [symbolic([3, 4], ['N', 4]), of(5, 4)], apply: (g, [x, w]) => g.linear(x!, w!) },
    { inputs: [symbolic([2, 3, 4], ['B', 'T', 4]), of(5, 4), of(5)], apply: (g, [x, w, b]) => g.linear(x!, w!, b) }
  ],
  MatMul: [
    ...[false, true].flatMap((transA) =>
      [false, true].map((transB): Case => ({
        inputs: [transA ? of(2, 4, 3) : of(2, 3, 4), transB ? of(2, 5, 4) : of(2, 4, 5)],
        apply: (g, [a, b]) => g.matMul(a!, b!, { transA, transB, alpha: 0.5 })
      }))
    ),
    { inputs: [of(3, 4), of(4, 5)], apply: (g, [a, b]) => g.matMul(a!, b!) },
    { inputs: [of(2, 3, 4), of(4, 5)], apply: (g, [a, b]) => g.matMul(a!, b!) },
    { inputs: [of(1, 2, 3, 4), of(3, 1, 4, 2)], apply: (g, [a, b]) => g.matMul(a!, b!) },
    {
      inputs: [of(2, 2, 3, 4), of(2, 2, 3, 4)],
      apply: (g, [a, b]) => g.matMul(a!, b!, { transB: true, alpha: 0.5 }),
      single: true
    },
    { inputs: [of(2, 4, 3), of(2, 4, 5)], apply: (g, [a, b]) => g.matMul(a!, b!, { transA: true }), single: true }
  ],

  Softmax: [of(5), of(2, 3, 4)].map((input): Case => ({ inputs: [input], apply: (g, [x]) => g.softmax(x!) })),
  LogSoftmax: [of(5), of(2, 3, 4)].map((input): Case => ({ inputs: [input], apply: (g, [x]) => g.logSoftmax(x!) })),
  LayerNorm: [of(3, 8), of(2, 3, 8), symbolic([3, 8], ['N', 8])].map((input): Case => ({
    inputs: [input, of(8), of(8)],
    apply: (g, [x, scale, bias]) => g.layerNorm(x!, scale!, bias!, 1e-5),
    // The double kernel gives its statistics in single precision.
    single: true
  })),
  RmsNorm: [of(3, 8), of(2, 3, 8), symbolic([3, 8], ['N', 8])].map((input): Case => ({
    inputs: [input, of(8)],
    apply: (g, [x, scale]) => g.rmsNorm(x!, scale!, 1e-6)
  })),

  Reshape: [
    { inputs: [of(2, 6)], apply: (g, [x]) => g.reshape(x!, [3, 4]) },
    { inputs: [symbolic([2, 3, 4], ['B', 'T', 4])], apply: (g, [x]) => g.reshape(x!, ['B*T', 2, 2]) },
    { inputs: [symbolic([6, 4], ['N', 4])], apply: (g, [x]) => g.unsqueeze(g.squeeze(g.unsqueeze(x!, 1), 1), -1) }
  ],
  Transpose: [
    { inputs: [of(2, 3)], apply: (g, [x]) => g.transpose(x!, [1, 0]) },
    { inputs: [of(2, 3, 4, 5)], apply: (g, [x]) => g.transpose(x!, [2, 0, 3, 1]) }
  ],
  Expand: [
    { inputs: [of(3, 1)], apply: (g, [x]) => g.expand(x!, [2, 3, 4]) },
    { inputs: [of(3)], apply: (g, [x]) => g.expand(x!, [2, 3]) }
  ],
  Concat: [
    { inputs: [of(2, 3), of(1, 3)], apply: (g, [a, b]) => g.concat([a!, b!], 0) },
    { inputs: [of(2, 3, 2), of(2, 1, 2), of(2, 2, 2)], apply: (g, values) => g.concat(values, -2) },
    { inputs: [symbolic([2, 3], ['P', 3]), of(1, 3)], apply: (g, [a, b]) => g.concat([a!, b!], 0) }
  ],
  Slice: [
    { inputs: [of(5, 2)], apply: (g, [x]) => g.slice(x!, 0, 1, 3) },
    { inputs: [of(2, 5)], apply: (g, [x]) => g.slice(x!, -1, 0, 2) },
    { inputs: [of(2, 5)], apply: (g, [x]) => g.slice(x!, 1, 0, 5) },
    { inputs: [of(2, 6)], apply: (g, [x]) => g.mul(...(g.split(x!, 1, [2, 2, 2]).slice(0, 2) as [Value, Value])) },
    { inputs: [symbolic([5, 2], ['T', 2])], apply: (g, [x]) => g.slice(x!, 0, 1, 'T') }
  ],

  Gather: [
    { inputs: [of(5, 3)], apply: (g, [x]) => g.gather(x!, indices(g, [4, 0, 4, 1], [4])) },
    { inputs: [of(5, 3)], apply: (g, [x]) => g.gather(x!, indices(g, [4, 0, 4, 1, 2, 2], [2, 3])) },
    { inputs: [of(3, 5)], apply: (g, [x]) => g.gather(x!, indices(g, [4, 0, 4], [3]), 1) },
    { inputs: [of(2, 5, 3)], apply: (g, [x]) => g.gather(x!, indices(g, [4, 0, 4, 1], [2, 2]), -2) },
    { inputs: [of(6)], apply: (g, [x]) => g.gather(x!, indices(g, [5, 5, 0], [3])) }
  ],
  GatherElements: [
    { inputs: [of(3, 4)], apply: (g, [x]) => g.gatherElements(x!, indices(g, [0, 3, 3], [3, 1]), 1) },
    { inputs: [of(3, 2)], apply: (g, [x]) => g.gatherElements(x!, indices(g, [2, 0, 2, 1], [2, 2]), 0) }
  ],
  ScatterElements: [
    {
      inputs: [of(3, 4), of(3, 1)],
      apply: (g, [x, updates]) => g.scatterElements(x!, indices(g, [0, 3, 1], [3, 1]), updates!, { axis: 1 })
    },
    {
      inputs: [of(3, 4), of(3, 2)],
      apply: (g, [x, updates]) =>
        g.scatterElements(x!, indices(g, [0, 0, 3, 1, 2, 2], [3, 2]), updates!, { axis: 1, reduction: 'add' })
    }
  ],
  Spread: [packedCase((g, x, slots, rows) => g.spread(x, slots, rows), [5, 6])],
  Collect: [packedCase((g, x, slots, rows) => g.collect(x, slots, rows), [2, 2, 3, 3])],
  ScatterRows: [{ inputs: [of(4, 3)], apply: (g, [rows]) => g.scatterRows(indices(g, [1, 5, 1, 0], [4]), rows!, 6) }],

  ReduceSum: [
    { inputs: [of(2, 3, 4)], apply: (g, [x]) => g.reduceSum(x!, [0, 2]) },
    { inputs: [of(2, 3, 4)], apply: (g, [x]) => g.reduceSum(x!, [-1], true) },
    { inputs: [symbolic([2, 3], ['B', 3])], apply: (g, [x]) => g.reduceSum(x!, [0]) }
  ],
  ReduceMean: [
    { inputs: [of(2, 3, 4)], apply: (g, [x]) => g.reduceMean(x!, [0, 2]) },
    { inputs: [symbolic([2, 3], ['B', 3])], apply: (g, [x]) => g.reduceMean(x!, [-1], true) }
  ],

  HeadLoss: [0, 0.1].flatMap((smoothing): Case[] => [
    {
      inputs: [of(4, 3), of(7, 3), positive(4)],
      apply: (g, [hidden, head, weights]) =>
        g.headLoss([hidden!, head!], indices(g, [0, 6, 2, 2], [4]), weights!, { smoothing }).loss
    },
    {
      inputs: [symbolic([4, 3], ['M', 3]), of(7, 3), of(7)],
      apply: (g, [hidden, head, bias]) => {
        // The third row is ignored.
        const weights = g.cast(g.input('weights', ['M']), hidden!.dtype)
        return g.headLoss([hidden!, head!], g.input('labels', ['M'], 'int64'), weights, {
          ...(bias && { bias }),
          smoothing
        }).loss
      }
    }
  ])
}
