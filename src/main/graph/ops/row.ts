/** What every op's row says, and the shape rules that rows share. */
import { LabError } from '../../contract/error.ts'
import { broadcastDims, sameDims, type Dim } from '../dims.ts'
import type { Emitter } from '../emitter.ts'
import { isFloat, type DType } from '../dtype.ts'
import { describeType, type NodeOf, type Value, type ValueType } from '../value.ts'
import type { Op, OpAttributes } from './attributes.ts'

export interface OpRow<O extends Op> {
  /** Checks the inputs and gives the types of the outputs. */
  infer(inputs: readonly Value[], attributes: OpAttributes[O]): readonly ValueType[]
  /** Writes the op as ONNX nodes. */
  emit(emitter: Emitter, node: NodeOf<O>): void
}

export const names = (values: readonly Value[]): string[] => values.map((value) => value.name)

export function misfit(op: Op, why: string, inputs: readonly Value[]): LabError {
  const given = inputs.map((value) => `${value.name}: ${describeType(value)}`).join(', ')
  return new LabError('graph-misfit', `${op}: ${why}. Got ${given || 'no inputs'}.`, { details: { op } })
}

export function expectCount(op: Op, inputs: readonly Value[], least: number, most = least): void {
  if (inputs.length < least || inputs.length > most) {
    throw misfit(op, `expected ${least === most ? least : `${least} to ${most}`} inputs`, inputs)
  }
}

export function expectFloat(op: Op, inputs: readonly Value[], ...which: readonly Value[]): void {
  const first = which[0]
  for (const value of which) {
    if (!isFloat(value.dtype) || value.dtype !== first?.dtype)
      throw misfit(op, 'expected floating-point inputs of one type', inputs)
  }
}

export function expectRank(op: Op, inputs: readonly Value[], value: Value, rank: number): void {
  if (value.dims.length !== rank) throw misfit(op, `expected "${value.name}" to have ${rank} dimensions`, inputs)
}

export function expectDims(op: Op, inputs: readonly Value[], value: Value, dims: readonly Dim[]): void {
  if (!sameDims(value.dims, dims)) throw misfit(op, `expected "${value.name}" to be [${dims.join(', ')}]`, inputs)
}

export function expectType(op: Op, inputs: readonly Value[], value: Value, ...types: readonly DType[]): void {
  if (!types.includes(value.dtype)) throw misfit(op, `expected "${value.name}" to be ${types.join(' or ')}`, inputs)
}

/** An axis counted from the front, from one that may be counted from the back. */
export function normalAxis(op: Op, inputs: readonly Value[], axis: number, rank: number): number {
  const normal = axis < 0 ? axis + rank : axis
  if (!Number.isInteger(axis) || normal < 0 || normal >= rank)
    throw misfit(op, `axis ${axis} is outside 0..${rank - 1}`, inputs)
  return normal
}

export function broadcast(op: Op, inputs: readonly Value[]): readonly Dim[] {
  let dims: readonly Dim[] = []
  for (const value of inputs) {
    const next = broadcastDims(dims, value.dims)
    if (!next) throw misfit(op, 'the shapes cannot be broadcast together', inputs)
    dims = next
  }
  return dims
}
