/**
 * Writes a graph down, one method for each operation. A plain number may stand for a value and becomes a constant of the other
 * operand's type. Axes may be counted from the back. Dimensions may be symbols (`'B'`) or expressions over them (`'B*T'`).
 */
import { canonicalDim, multiplyDims, type Dim } from './dims.ts'
import { leastOf, type RoundedRows, type RoundedWeight } from './linear.ts'
import { NodeBuilder } from './node-builder.ts'
import type { DType } from './dtype.ts'
import type { Value } from './value.ts'

export type Operand = Value | number

/** Adds to a linear layer's result, as LoRA does. Given the layer's input `[n, in]`, its weight and its result `[n, out]`. */
export type Adapter = (g: GraphBuilder, x: Value, weight: Value, y: Value) => Value

export interface BuilderOptions {
  name?: string
  /** Applied to every linear layer. */
  adapter?: Adapter
}

export class GraphBuilder extends NodeBuilder {
  readonly #adapter: Adapter | undefined
  #dropouts = 0

  constructor(options: BuilderOptions = {}) {
    super(options.name ?? 'graph')
    this.#adapter = options.adapter
  }

  add = (a: Operand, b: Operand): Value => this.#pair('Add', a, b)
  sub = (a: Operand, b: Operand): Value => this.#pair('Sub', a, b)
  mul = (a: Operand, b: Operand): Value => this.#pair('Mul', a, b)
  div = (a: Operand, b: Operand): Value => this.#pair('Div', a, b)
  pow = (a: Operand, b: Operand): Value => this.#pair('Pow', a, b)
  min = (a: Operand, b: Operand): Value => this.#pair('Min', a, b)
  max = (a: Operand, b: Operand): Value => this.#pair('Max', a, b)
  equal = (a: Operand, b: Operand): Value => this.#pair('Equal', a, b)
  less = (a: Operand, b: Operand): Value => this.#pair('Less', a, b)
  greater = (a: Operand, b: Operand): Value => this.#pair('Greater', a, b)
  and = (a: Value, b: Value): Value => this.#one('And', [a, b])
  or = (a: Value, b: Value): Value => this.#one('Or', [a, b])
  not = (x: Value): Value => this.#one('Not', [x])
  neg = (x: Value): Value => this.#one('Neg', [x])
  abs = (x: Value): Value => this.#one('Abs', [x])
  reciprocal = (x: Value): Value => this.#one('Reciprocal', [x])
  sqrt = (x: Value): Value => this.#one('Sqrt', [x])
  exp = (x: Value): Value => this.#one('Exp', [x])
  log = (x: Value): Value => this.#one('Log', [x])
  tanh = (x: Value): Value => this.#one('Tanh', [x])
  sigmoid = (x: Value): Value => this.#one('Sigmoid', [x])
  erf = (x: Value): Value => this.#one('Erf', [x])
  relu = (x: Value): Value => this.#one('Relu', [x])
  identity = (x: Value): Value => this.#one('Identity', [x])

  /** x·Φ(x), or with `'tanh'` the approximation that Transformers calls `gelu_new`. */
  gelu(x: Value, approximate: 'none' | 'tanh' = 'none'): Value {
    return this.node('Gelu', [x], { approximate })[0]!
  }

  cast(x: Value, to: DType): Value {
    return x.dtype === to ? x : this.node('Cast', [x], { to })[0]!
  }

  /** `a` where the condition holds, otherwise `b`. */
  where(condition: Value, a: Operand, b: Operand): Value {
    const [left, right] = this.#operands(a, b)
    return this.node('Where', [condition, left, right], {})[0]!
  }

  /** x `[.., in]`, weight `[out, in]` as checkpoints keep it, bias `[out]`: x·weightᵀ + bias, `[.., out]`. */
  linear(x: Value, weight: Value, bias?: Value): Value {
    const rows = x.dims.slice(0, -1)
    const flat = rows.length === 1 ? x : this.reshape(x, [multiplyDims(...rows), x.dims.at(-1)!])
    let y = this.gemm(flat, weight, bias, { transB: true })
    if (this.#adapter) y = this.#adapter(this, flat, weight, y)
    return rows.length === 1 ? y : this.reshape(y, [...rows, weight.dims[0]!])
  }

  /** Two-dimensional product `a·b (+ bias)` after the transposes. */
  gemm(a: Value, b: Value, bias?: Value, { transA = false, transB = false } = {}): Value {
    return this.node('Gemm', bias ? [a, b, bias] : [a, b], { transA, transB })[0]!
  }

  /** Product over the last two axes, the leading ones broadcast, scaled by alpha. */
  matMul(a: Value, b: Value, { transA = false, transB = false, alpha = 1 } = {}): Value {
    return this.node('MatMul', [a, b], { transA, transB, alpha })[0]!
  }

  /**
   * The same for x `[m, in]` with a weight that is given as int8 `[out, in]` and a scale for each output; x is quantised row by row
   * as it comes. `weight` is what this stands for: adapters are found by it; gradients flow to it where it is `live`.
   */
  quantizedLinear(x: Value, weight: Value, rounded: RoundedRows, bias?: Value): Value {
    const { values, scale, turned, live = false, precise = false } = rounded
    const least = leastOf(this.producer(x))
    const inputs = [x, values, scale, ...(turned ? [turned] : []), ...(live ? [weight] : [])]
    const how = { back: false, least, turned: turned !== undefined, live, precise }
    const product = this.node('QuantizedMatMul', inputs, how)[0]!
    return this.#withAdapter(x, weight, product, bias)
  }

  /** The same without rounding x: exact products of the fp32 numbers that the weight in 8 bits, or with `block` in 4, stands for. */
  dequantizedLinear(x: Value, weight: Value, { values, scale, block }: RoundedWeight, bias?: Value): Value {
    const dims = weight.dims as [number, number]
    const product = this.node('DequantizedMatMul', [x, values, scale], { back: false, block, dims })[0]!
    return this.#withAdapter(x, weight, product, bias)
  }

  /** x `[m, in]` by int8 `[in, out]` times `[out]`, in 8 bits and in units of each row of x; what rounding left of x is `rest`. */
  roundedProduct(x: Value, values: Value, scale: Value): { product: Value; unit: Value; rest: Value } {
    const [product, unit, rest] = this.node('RoundedProduct', [x, values, scale], {})
    return { product: product!, unit: unit!, rest: rest! }
  }

  #withAdapter(x: Value, weight: Value, product: Value, bias?: Value): Value {
    const y = bias ? this.add(product, bias) : product
    return this.#adapter ? this.#adapter(this, x, weight, y) : y
  }

  /** Over the last axis. */
  softmax = (x: Value): Value => this.#one('Softmax', [x])
  /** Over the last axis. Train through `headLoss`, which shares its exponentials. */
  logSoftmax = (x: Value): Value => this.#one('LogSoftmax', [x])

  /** Over the last axis; scale and bias `[d]`. */
  layerNorm(x: Value, scale: Value, bias: Value, epsilon: number): Value {
    return this.node('LayerNorm', [x, scale, bias], { epsilon })[0]!
  }

  /** T5's norm: x / sqrt(mean(x²) + epsilon) · scale over the last axis. */
  rmsNorm(x: Value, scale: Value, epsilon: number): Value {
    return this.node('RmsNorm', [x, scale], { epsilon })[0]!
  }

  reshape(x: Value, dims: readonly Dim[]): Value {
    return this.node('Reshape', [x], { dims: dims.map(canonicalDim) })[0]!
  }

  unsqueeze(x: Value, axis: number): Value {
    const at = axis < 0 ? axis + x.dims.length + 1 : axis
    return this.reshape(x, [...x.dims.slice(0, at), 1, ...x.dims.slice(at)])
  }

  squeeze(x: Value, axis: number): Value {
    const at = axis < 0 ? axis + x.dims.length : axis
    return this.reshape(x, [...x.dims.slice(0, at), ...x.dims.slice(at + 1)])
  }

  transpose(x: Value, perm: readonly number[]): Value {
    return this.node('Transpose', [x], { perm })[0]!
  }

  expand(x: Value, dims: readonly Dim[]): Value {
    return this.node('Expand', [x], { dims: dims.map(canonicalDim) })[0]!
  }

  concat(values: readonly Value[], axis: number): Value {
    return this.node('Concat', values, { axis })[0]!
  }

  /** `start` up to but not including `end`. */
  slice(x: Value, axis: number, start: Dim, end: Dim): Value {
    return this.node('Slice', [x], { axis, start: canonicalDim(start), end: canonicalDim(end) })[0]!
  }

  /** Consecutive pieces of the given sizes. */
  split(x: Value, axis: number, sizes: readonly number[]): Value[] {
    let start = 0
    return sizes.map((size) => this.slice(x, axis, start, (start += size)))
  }

  /** int64 0, 1, … length-1. */
  range(length: Dim): Value {
    return this.node('Range', [], { length: canonicalDim(length) })[0]!
  }

  /** Entries of x at int64 indices along an axis; an embedding is `gather(table, ids)`. */
  gather(x: Value, indices: Value, axis = 0): Value {
    return this.node('Gather', [x, indices], { axis })[0]!
  }

  gatherElements(x: Value, indices: Value, axis: number): Value {
    return this.node('GatherElements', [x, indices], { axis })[0]!
  }

  scatterElements(
    x: Value,
    indices: Value,
    updates: Value,
    { axis, reduction = 'none' }: { axis: number; reduction?: 'none' | 'add' }
  ): Value {
    return this.node('ScatterElements', [x, indices, updates], { axis, reduction })[0]!
  }

  /** Zeros `[rows, d]` with updates `[n, d]` added at row numbers `[n]`. */
  scatterRows(indices: Value, updates: Value, rows: Dim): Value {
    return this.node('ScatterRows', [indices, updates], { rows: canonicalDim(rows) })[0]!
  }

  /** Packed rows `[n, heads·size]` to `[batch, heads, length, size]`; the tables are described in `ops/packed.ts`. */
  spread(x: Value, slots: Value, rows: Value): Value {
    return this.node('Spread', [x, slots, rows], {})[0]!
  }

  /** `[batch, heads, length, size]` back to packed rows `[n, heads·size]`. */
  collect(x: Value, slots: Value, rows: Value): Value {
    return this.node('Collect', [x, slots, rows], {})[0]!
  }

  /** The k largest along an axis, largest first: values and int64 positions. */
  topK(x: Value, k: number, axis = -1): readonly [Value, Value] {
    const [values, indices] = this.node('TopK', [x], { k, axis })
    return [values!, indices!]
  }

  /** int64 position of the largest entry; the axis goes away. */
  argMax(x: Value, axis = -1): Value {
    return this.node('ArgMax', [x], { axis })[0]!
  }

  reduceSum(x: Value, axes: readonly number[], keepDims = false): Value {
    return this.node('ReduceSum', [x], { axes, keepDims })[0]!
  }

  reduceMean(x: Value, axes: readonly number[], keepDims = false): Value {
    return this.node('ReduceMean', [x], { axes, keepDims })[0]!
  }

  /** No gradient. */
  reduceMax(x: Value, axes: readonly number[], keepDims = false): Value {
    return this.node('ReduceMax', [x], { axes, keepDims })[0]!
  }

  /**
   * Drops entries with probability `rate` in training: multiplies by a mask that the trainer feeds, so that the same seed gives
   * the same masks on every provider. Leave it out of graphs that are not trained.
   */
  dropout(x: Value, rate: number): Value {
    if (rate === 0) return x
    const mask = this.addInput(`dropout.${this.#dropouts++}`, x.dims, x.dtype, { kind: 'dropout', rate })
    return this.mul(x, mask)
  }

  /**
   * Cross-entropy of `softmax(hidden·headᵀ + bias)` against labels, with label smoothing: hidden `[m, d]`, head `[v, d]`,
   * labels int64 `[m]`, weights `[m]` (0 ignores a label, 1/m averages). Gives the weighted sum and the row losses `[m]`.
   */
  headLoss(
    [hidden, head]: readonly [Value, Value],
    labels: Value,
    weights: Value,
    options: { bias?: Value; smoothing?: number } = {}
  ): { loss: Value; rowLosses: Value } {
    const { bias, smoothing = 0 } = options
    const inputs = [hidden, head, labels, weights]
    const [loss, rowLosses] = this.node('HeadLoss', bias ? [...inputs, bias] : inputs, { smoothing })
    return { loss: loss!, rowLosses: rowLosses! }
  }

  /** x unchanged, computed no earlier than `after`. */
  barrier(x: Value, after: Value): Value {
    return this.node('Barrier', [x, after], {})[0]!
  }

  #one(op: PlainOp, inputs: readonly Value[]): Value {
    return this.node(op, inputs, {})[0]!
  }

  #pair(op: PlainOp, a: Operand, b: Operand): Value {
    return this.node(op, this.#operands(a, b), {})[0]!
  }

  #operands(a: Operand, b: Operand): [Value, Value] {
    const dtype = typeof a === 'number' ? (typeof b === 'number' ? 'float32' : b.dtype) : a.dtype
    const value = (operand: Operand) => (typeof operand === 'number' ? this.scalar(operand, dtype) : operand)
    return [value(a), value(b)]
  }
}

type PlainOp =
  | ('Add' | 'Sub' | 'Mul' | 'Div' | 'Pow' | 'Min' | 'Max' | 'Equal' | 'Less' | 'Greater' | 'And' | 'Or' | 'Not')
  | (
      | 'Neg'
      | 'Abs'
      | 'Reciprocal'
      | 'Sqrt'
      | 'Exp'
      | 'Log'
      | 'Tanh'
      | 'Sigmoid'
      | 'Erf'
      | 'Relu'
      | 'Identity'
      | 'Softmax'
      | 'LogSoftmax'
    )
