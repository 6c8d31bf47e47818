/**
 * The closed list of operations and what each is told besides its inputs. Shapes, axes and bounds are attributes, not tensors:
 * they are known when a graph is built, and a symbolic one is filled in by the session at run time.
 */
import type { Dim } from '../dims.ts'
import type { DType } from '../dtype.ts'

/** No attributes. */
type None = Readonly<Record<never, never>>

interface Reduction {
  readonly axes: readonly number[]
  readonly keepDims: boolean
}

export interface OpAttributes {
  // Elementwise, with NumPy broadcasting
  Add: None
  Sub: None
  Mul: None
  Div: None
  Pow: None
  Min: None
  Max: None
  Equal: None
  Less: None
  Greater: None
  And: None
  Or: None
  Not: None
  Where: None
  Neg: None
  Abs: None
  Reciprocal: None
  Sqrt: None
  Exp: None
  Log: None
  Tanh: None
  Sigmoid: None
  Erf: None
  Relu: None
  /** Exact form x·Φ(x), or OpenAI's tanh approximation. */
  Gelu: { readonly approximate: 'none' | 'tanh' }
  Cast: { readonly to: DType }
  Identity: None
  /** The first input unchanged, but not before the second is there. */
  Barrier: None

  // Matrix products
  /** `[m, k] · [k, n] (+ bias)` after the transposes; two-dimensional. */
  Gemm: { readonly transA: boolean; readonly transB: boolean }
  /** Batched product over the last two axes, scaled by alpha. */
  MatMul: { readonly transA: boolean; readonly transB: boolean; readonly alpha: number }
  /**
   * Product with int8 weights `w [out, in]`, `weight ≈ w ⊙ scale[out]`, each row of x quantised on the fly: `x · weightᵀ`
   * `[m, out]` of x `[m, in]`, or with `back` `x · weight` `[m, in]` of x `[m, out]`. With `turned` there is a fourth input, w turned
   * around `[in, out]`, which a product forward reads: otherwise it turns w each time. With `live` the last input is the fp32 weight, which gradients
   * flow to. `least` is the least value that x can have, at most 0, where it is known: hardly any of the 8 bits are then spent on
   * negative numbers. With `precise` x keeps its numbers: the product is the exact one with the fp32 weight where that is there,
   * otherwise w is multiplied with x in two terms, 15 bits together. The gradient of x is rounded all the same.
   */
  QuantizedMatMul: {
    readonly back: boolean
    readonly least: number | null
    readonly turned: boolean
    readonly live: boolean
    readonly precise: boolean
  }
  /**
   * Product with weights `[out, in]` that lie in fewer bits and are read as the fp32 numbers that they stand for; x is not rounded:
   * `x · weightᵀ` `[m, out]` of x `[m, in]`, or with `back` `x · weight` `[m, in]` of x `[m, out]`. Without `block`, the second and
   * third inputs are int8 `[out, in]`, or uint8 that is 128 more, and a scale for each output `[out]`. With it they are uint8 `[out · in / 2]`, two places of the
   * code NF4 (Dettmers et al., 2023) a byte, the first in the upper half, row after row, and a scale for each `block` of them.
   */
  DequantizedMatMul: { readonly back: boolean; readonly block: number | null; readonly dims: readonly [number, number] }
  /**
   * Product of x `[m, in]` with `w ⊙ scale`, w int8 `[in, out]`, scale `[out]`, and what makes its error known. Each row of x is rounded to
   * 126 steps of its own unit. Outputs: the product of what was rounded, in that unit, `[m, out]`; the unit `[m, 1]`; what rounding
   * left of x `[m, in]`. Only on the processor.
   */
  RoundedProduct: None

  // Normalisation
  Softmax: None
  LogSoftmax: None
  LayerNorm: { readonly epsilon: number }
  RmsNorm: { readonly epsilon: number }

  // Shape
  Reshape: { readonly dims: readonly Dim[] }
  Transpose: { readonly perm: readonly number[] }
  Expand: { readonly dims: readonly Dim[] }
  Concat: { readonly axis: number }
  Slice: { readonly axis: number; readonly start: Dim; readonly end: Dim }
  /** 0, 1, … length-1 as int64. */
  Range: { readonly length: Dim }

  // Selection
  Gather: { readonly axis: number }
  GatherElements: { readonly axis: number }
  ScatterElements: { readonly axis: number; readonly reduction: 'none' | 'add' }
  /** Adds rows `[n, d]` at row numbers `[n]` into zeros `[rows, d]`; a row number may come more than once. */
  ScatterRows: { readonly rows: Dim }
  /** Packed rows to sequences side by side, and back: `ops/packed.ts`. */
  Spread: None
  Collect: None
  TopK: { readonly k: number; readonly axis: number }
  ArgMax: { readonly axis: number }

  // Reduction
  ReduceSum: Reduction
  ReduceMean: Reduction
  ReduceMax: Reduction

  // Loss
  /**
   * Output projection and cross-entropy in one: hidden `[m, d]`, head `[v, d]`, labels int64 `[m]`, weights `[m]`
   * and optionally a bias `[v]`. A label's weight is 0 where it is to be ignored.
   */
  HeadLoss: { readonly smoothing: number }
}

export type Op = keyof OpAttributes
