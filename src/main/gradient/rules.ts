/**
 * One row for each differentiable op: given dy, the gradient with respect to the node's first output, a gradient for every
 * input, null where none flows. Rows state only the mathematics: the walk sums over broadcast axes, adds up contributions and
 * leaves out what no trained weight needs.
 */
import { LabError } from '../contract/error.ts'
import {
  addDims,
  multiplyDims,
  subtractDims,
  type Dim,
  type GraphBuilder,
  type NodeOf,
  type Op,
  type Value
} from '../graph/index.ts'
import { headLossRule } from './loss-rule.ts'
import { layerNormRule, logSoftmaxRule, rmsNormRule, softmaxRule } from './normalize-rules.ts'

type Discrete =
  ('Equal' | 'Less' | 'Greater' | 'And' | 'Or' | 'Not') | ('ArgMax' | 'TopK' | 'Range' | 'ReduceMax' | 'RoundedProduct')
export type DifferentiableOp = Exclude<Op, Discrete>

export type GradientRule<O extends Op> = (g: GraphBuilder, node: NodeOf<O>, dy: Value) => readonly (Value | null)[]

export const gradientRules: { readonly [O in DifferentiableOp]: GradientRule<O> } = {
  Add: (_g, _node, dy) => [dy, dy],
  Sub: (g, _node, dy) => [dy, g.neg(dy)],
  Mul: (g, { inputs: [a, b] }, dy) => [g.mul(dy, b!), g.mul(dy, a!)],
  Div: (g, { inputs: [, b], outputs: [y] }, dy) => {
    const da = g.div(dy, b!)
    return [da, g.neg(g.mul(da, y!))]
  },
  Pow: (g, { inputs: [x, exponent], outputs: [y] }, dy) => [
    g.mul(dy, g.mul(exponent!, g.pow(x!, g.sub(exponent!, 1)))),
    g.mul(dy, g.mul(y!, g.log(x!)))
  ],
  Min: (g, { inputs: [a, b] }, dy) => split(g, g.greater(a!, b!), dy),
  Max: (g, { inputs: [a, b] }, dy) => split(g, g.less(a!, b!), dy),
  Where: (g, { inputs: [condition] }, dy) => [null, g.where(condition!, dy, 0), g.where(condition!, 0, dy)],
  Neg: (g, _node, dy) => [g.neg(dy)],
  Abs: (g, { inputs: [x] }, dy) => [g.where(g.less(x!, 0), g.neg(dy), dy)],
  Reciprocal: (g, { outputs: [y] }, dy) => [g.neg(g.mul(dy, g.mul(y!, y!)))],
  Sqrt: (g, { outputs: [y] }, dy) => [g.div(g.mul(dy, 0.5), y!)],
  Exp: (g, { outputs: [y] }, dy) => [g.mul(dy, y!)],
  Log: (g, { inputs: [x] }, dy) => [g.div(dy, x!)],
  Tanh: (g, { outputs: [y] }, dy) => [g.mul(dy, g.sub(1, g.mul(y!, y!)))],
  Sigmoid: (g, { outputs: [y] }, dy) => [g.mul(dy, g.mul(y!, g.sub(1, y!)))],
  Erf: (g, { inputs: [x] }, dy) => [g.mul(dy, g.mul(g.exp(g.neg(g.mul(x!, x!))), 2 / Math.sqrt(Math.PI)))],
  Relu: (g, { inputs: [x] }, dy) => [g.where(g.greater(x!, 0), dy, 0)],
  Gelu: (g, { inputs: [x], attributes }, dy) => [
    g.mul(dy, attributes.approximate === 'none' ? geluSlope(g, x!) : tanhGeluSlope(g, x!))
  ],
  Cast: (g, { inputs: [x] }, dy) => [g.cast(dy, x!.dtype)],
  Identity: (_g, _node, dy) => [dy],
  Barrier: (_g, _node, dy) => [dy, null],

  Gemm: (g, { inputs: [a, b], attributes: { transA, transB } }, dy) => [
    transA
      ? g.gemm(b!, dy, undefined, { transA: transB, transB: true })
      : g.gemm(dy, b!, undefined, { transB: !transB }),
    transB
      ? g.gemm(dy, a!, undefined, { transA: true, transB: transA })
      : g.gemm(a!, dy, undefined, { transA: !transA }),
    dy
  ],
  MatMul: (g, { inputs: [a, b], attributes: { transA, transB, alpha } }, dy) => [
    transA ? g.matMul(b!, dy, { transA: transB, transB: true, alpha }) : g.matMul(dy, b!, { transB: !transB, alpha }),
    transB ? g.matMul(dy, a!, { transA: true, transB: transA, alpha }) : g.matMul(a!, dy, { transA: !transA, alpha })
  ],

  // The product's own weights both ways; that they and x were rounded is passed over. What is trained is the weight in full.
  QuantizedMatMul: (g, { inputs: [x, w, scale], attributes: { back, turned, live } }, dy) => [
    g.node('QuantizedMatMul', [dy, w!, scale!], { ...plain, back: !back })[0]!,
    ...[null, null, ...(turned ? [null] : [])],
    ...(live ? [g.gemm(...(back ? ([x!, dy] as const) : ([dy, x!] as const)), undefined, { transA: true })] : [])
  ],

  DequantizedMatMul: (g, { inputs: [, w, scale], attributes }, dy) => [
    g.node('DequantizedMatMul', [dy, w!, scale!], { ...attributes, back: !attributes.back })[0]!,
    null,
    null
  ],

  Softmax: softmaxRule,
  LogSoftmax: logSoftmaxRule,
  LayerNorm: layerNormRule,
  RmsNorm: rmsNormRule,

  Reshape: (g, { inputs: [x] }, dy) => [g.reshape(dy, x!.dims)],
  Transpose: (g, { attributes: { perm } }, dy) => [g.transpose(dy, inverse(perm))],
  Expand: (_g, _node, dy) => [dy],
  Concat: (g, { inputs, attributes: { axis } }, dy) => {
    let start: Dim = 0
    return inputs.map((input) => {
      const end: Dim = addDims(start, input.dims.at(axis)!)
      const piece = g.slice(dy, axis, start, end)
      start = end
      return piece
    })
  },
  Slice: (g, { inputs: [x], attributes: { axis, start, end } }, dy) => {
    const at = axis < 0 ? axis + x!.dims.length : axis
    const zeros = (length: Dim) => {
      const dims = x!.dims.map((dim, index) => (index === at ? length : dim))
      return length === 0 ? [] : [g.expand(g.scalar(0, dy.dtype), dims)]
    }
    const parts = [...zeros(start), dy, ...zeros(subtractDims(x!.dims[at]!, end))]
    return [parts.length === 1 ? dy : g.concat(parts, at)]
  },

  Gather: (g, { inputs: [x, indices], attributes: { axis } }, dy) => {
    // Rows of a table with the gathered axis first; an embedding is exactly that and needs no transposing.
    const rank = x!.dims.length
    const at = axis < 0 ? axis + rank : axis
    const others = x!.dims.filter((_, index) => index !== at)
    const indexAxes = indices!.dims.map((_, index) => at + index)
    const otherAxes = dy.dims.map((_, index) => index).filter((index) => !indexAxes.includes(index))
    const first = at === 0 ? dy : g.transpose(dy, [...indexAxes, ...otherAxes])
    const count = multiplyDims(...indices!.dims)
    const rows = g.reshape(first, [count, multiplyDims(...others)])
    const table = g.scatterRows(g.reshape(indices!, [count]), rows, x!.dims[at]!)
    const shaped = rank === 2 ? table : g.reshape(table, [x!.dims[at]!, ...others])
    if (at === 0) return [shaped, null]
    const perm = x!.dims.map((_, index) => (index === at ? 0 : index < at ? index + 1 : index))
    return [g.transpose(shaped, perm), null]
  },
  GatherElements: (g, { inputs: [x, indices], attributes: { axis } }, dy) => [
    g.scatterElements(g.expand(g.scalar(0, dy.dtype), x!.dims), indices!, dy, { axis, reduction: 'add' }),
    null
  ],
  ScatterElements: (g, { inputs: [, indices, updates], attributes: { axis, reduction } }, dy) => {
    const zeros = () => g.expand(g.scalar(0, dy.dtype), updates!.dims)
    const dx = reduction === 'add' ? dy : g.scatterElements(dy, indices!, zeros(), { axis })
    return [dx, null, g.gatherElements(dy, indices!, axis)]
  },
  Spread: (g, { inputs: [, slots, rows] }, dy) => [g.collect(dy, slots!, rows!), null, null],
  Collect: (g, { inputs: [, slots, rows] }, dy) => [g.spread(dy, slots!, rows!), null, null],
  ScatterRows: (g, { inputs: [indices] }, dy) => [null, g.gather(dy, indices!)],

  ReduceSum: (g, { inputs: [x], attributes }, dy) => [g.expand(withAxes(g, x!, attributes.axes, dy), x!.dims)],
  ReduceMean: (g, { inputs: [x], attributes: { axes } }, dy) => {
    const count = multiplyDims(...axes.map((axis) => x!.dims.at(axis)!))
    if (typeof count !== 'number') {
      throw new LabError(
        'no-gradient-rule',
        `ReduceMean over a dimension of unknown size (${count}) has no gradient rule. Use reduceSum with a weight that is fed.`
      )
    }
    return [g.expand(withAxes(g, x!, axes, g.mul(dy, 1 / count)), x!.dims)]
  },

  HeadLoss: headLossRule
}

/** Gradients of Min and Max: to the second input where `second` holds, otherwise to the first. */
function split(g: GraphBuilder, second: Value, dy: Value): readonly Value[] {
  return [g.where(second, 0, dy), g.where(second, dy, 0)]
}

/** Φ(x) + x·φ(x). */
function geluSlope(g: GraphBuilder, x: Value): Value {
  const twicePhi = g.add(g.erf(g.mul(x, Math.SQRT1_2)), 1)
  const density = g.exp(g.mul(g.mul(x, -0.5), x))
  return g.mul(g.add(twicePhi, g.mul(g.mul(x, density), Math.sqrt(2 / Math.PI))), 0.5)
}

/** Slope of x/2 · (1 + tanh u) with u = √(2/π)·(x + 0.044715 x³). */
function tanhGeluSlope(g: GraphBuilder, x: Value): Value {
  const square = g.mul(x, x)
  const root = Math.sqrt(2 / Math.PI)
  const t = g.tanh(g.mul(x, g.mul(g.add(g.mul(square, 0.044715), 1), root)))
  const inner = g.mul(g.add(g.mul(square, 3 * 0.044715), 1), root)
  const bend = g.mul(g.mul(x, g.sub(1, g.mul(t, t))), inner)
  return g.mul(g.add(g.add(t, 1), bend), 0.5)
}

/** dy with the reduced axes put back as 1, so that it can be expanded. */
function withAxes(g: GraphBuilder, x: Value, axes: readonly number[], dy: Value): Value {
  if (dy.dims.length === x.dims.length) return dy
  const reduced = new Set(axes.map((axis) => (axis < 0 ? axis + x.dims.length : axis)))
  return g.reshape(
    dy,
    x.dims.map((dim, axis) => (reduced.has(axis) ? 1 : dim))
  )
}

/** A rounded product of a gradient. */
const plain = { least: null, turned: false, live: false, precise: false } as const

const inverse = (perm: readonly number[]): number[] => perm.map((_, axis) => perm.indexOf(axis))
