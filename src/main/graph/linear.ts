/** What linear layers in fewer bits are told. */
import type { Node, Value } from './value.ts'

/** A weight in 8 bits: int8 `[out, in]`, and a scale for each output. */
export interface RoundedRows {
  values: Value
  scale: Value
  /** The same values as `[in, out]`, so that no product has to turn them. */
  turned?: Value
  /** Whether the weight in full is there as well: gradients flow to it. */
  live?: boolean
  /** Only what flows back is rounded: see `QuantizedMatMul`. */
  precise?: boolean
}

/** A weight in 8 bits, `[out, in]` with a scale for each output, or with `block` in 4: see `DequantizedMatMul`. */
export interface RoundedWeight {
  values: Value
  scale: Value
  block: number | null
}

/** What is added to int8 where it lies as uint8: devices hold no int8 between runs. */
export const raised = 128

/** The least value that an activation function gives; null for what is none. */
export function leastOf(producer: Node | undefined): number | null {
  if (producer?.op === 'Relu') return 0
  return producer?.op === 'Gelu' ? -0.171 : null
}
