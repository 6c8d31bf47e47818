/**
 * The data a graph is made of. Everything here is plain and readonly: a pass never changes a graph, it returns another one.
 */
import type { Op, OpAttributes } from './ops/attributes.ts'
import type { Dim } from './dims.ts'
import type { DType } from './dtype.ts'

/** Element type and shape: known rank, each dimension a number or an expression over symbols such as `B*T`. */
export interface ValueType {
  readonly dtype: DType
  readonly dims: readonly Dim[]
}

/** A tensor in a graph. Values are compared by identity; names are unique within a graph. */
export interface Value extends ValueType {
  readonly name: string
}

/** One operation. `inputs` holds only what is there: an optional last input is simply absent. */
export interface NodeOf<O extends Op> {
  readonly op: O
  readonly inputs: readonly Value[]
  readonly outputs: readonly Value[]
  readonly attributes: OpAttributes[O]
}

export type Node = { [O in Op]: NodeOf<O> }[Op]

/** What an input is for: who feeds it. */
export type InputRole =
  | { readonly kind: 'data' }
  /** A checkpoint's tensor, fed from the weight store. */
  | { readonly kind: 'weight' }
  /** A dropout mask: entries are 0 with probability `rate`, otherwise 1 / (1 - rate). Fed by the trainer. */
  | { readonly kind: 'dropout'; readonly rate: number }

export interface GraphInput {
  readonly value: Value
  readonly role: InputRole
}

export type ConstantData =
  Float32Array | Float64Array | Uint16Array | BigInt64Array | Int32Array | Int8Array | Uint8Array

export interface GraphConstant {
  readonly value: Value
  readonly data: ConstantData
}

export interface GraphOutput {
  /** The name a caller fetches it by. */
  readonly name: string
  readonly value: Value
}

export interface Graph {
  readonly name: string
  readonly inputs: readonly GraphInput[]
  readonly constants: readonly GraphConstant[]
  /** In an order in which they can run. */
  readonly nodes: readonly Node[]
  readonly outputs: readonly GraphOutput[]
}

/** `float32 [B, T, 768]`, for messages and dumps. */
export function describeType(type: ValueType): string {
  return `${type.dtype} [${type.dims.join(', ')}]`
}
