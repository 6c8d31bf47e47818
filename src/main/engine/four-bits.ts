/**
 * Weights in 4 bits by the code NF4 (Dettmers et al., "QLoRA", 2023): sixteen numbers, closer together where weights of a normal
 * distribution are more frequent, times the largest size of each block. The layout is that of ONNX Runtime's MatMulBnb4: two places
 * of the code a byte, the first in the upper half, blocks over the rows as they follow each other.
 */
import { codeBlock } from '../models/linear-layers.ts'

/** The code's numbers (appendix E of the paper). */
export const code = Float32Array.of(
  ...[-1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635],
  ...[-0.18477343022823334, -0.09105003625154495, 0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634],
  ...[0.33791524171829224, 0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1]
)

/** Equal steps from −1 to 1, each with the place of the code that is nearest to its middle: found without a search. */
const steps = 1 << 14
const nearest = Uint8Array.from({ length: steps + 1 }, (_, step) => {
  const value = (2 * step) / steps - 1
  let best = 0
  code.forEach((number, at) => {
    if (Math.abs(number - value) < Math.abs(code[best]! - value)) best = at
  })
  return best
})

export interface FourBits {
  readonly values: Uint8Array
  readonly scales: Float32Array
}

/** What is not a number has no place in the code: the scale carries it on, so that it shows in every result. */
export function toFourBits(weight: Float32Array): FourBits {
  const values = new Uint8Array(Math.ceil(weight.length / 2))
  const scales = new Float32Array(Math.ceil(weight.length / codeBlock))
  for (let block = 0, start = 0; start < weight.length; block++, start += codeBlock) {
    const end = Math.min(weight.length, start + codeBlock)
    let largest = 0
    let finite = true
    for (let at = start; at < end; at++) {
      const size = Math.abs(weight[at]!)
      if (size > largest) largest = size
      if (!(size <= 3.4028234663852886e38)) finite = false
    }
    scales[block] = finite ? largest : NaN
    const factor = largest > 0 && finite ? steps / 2 / largest : 0
    for (let at = start; at < end; at += 2) {
      const first = nearest[(weight[at]! * factor + steps / 2 + 0.5) | 0]!
      const second = at + 1 < end ? nearest[(weight[at + 1]! * factor + steps / 2 + 0.5) | 0]! : 0
      values[at >> 1] = (first << 4) | second
    }
  }
  return { values, scales }
}

/** The fp32 numbers that they stand for. */
export function fromFourBits({ values, scales }: FourBits, target: Float32Array): Float32Array {
  for (let at = 0; at < target.length; at++) {
    const byte = values[at >> 1]!
    target[at] = code[(at & 1) === 0 ? byte >> 4 : byte & 15]! * scales[Math.floor(at / codeBlock)]!
  }
  return target
}
