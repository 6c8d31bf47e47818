/**
 * A model's linear layers in 8 or 4 bits, instead of in fp32: rounded tensor by tensor while the model is read, so that it never
 * lies in memory as a whole. What a layer stands for is the same wherever it is read: forward, backward, answering, embedding.
 */
import type { RoundedWeights } from '../contract/base-weights.ts'
import type { Provider } from '../contract/providers.ts'
import { quantizedNames, type Quantization } from '../models/context.ts'
import { codeBlock } from '../models/linear-layers.ts'
import { keepsTensors } from './devices.ts'
import { fromFourBits, toFourBits } from './four-bits.ts'
import { fastLayers, quantizeRows, type FastUse } from './quantized-weights.ts'
import { float32, floats, tensor, type Tensor } from './tensors.ts'

export class QuantizedBase {
  readonly bits: RoundedWeights
  /** By the layers' names, without `.weight`. */
  readonly #layers = new Map<string, { dims: readonly [number, number]; values: Tensor; scale: Tensor }>()
  readonly #tensors = new Map<string, Tensor>()

  constructor(bits: RoundedWeights) {
    this.bits = bits
  }

  /** Rounds a layer's weight `[outputs, inputs]`; the array may be used again afterwards. */
  round(layer: string, weight: Float32Array, dims: readonly [number, number]): void {
    if (this.bits === '8-bit') {
      const { values, scales } = quantizeRows(weight, dims[0])
      this.put(layer, dims, values, scales)
    } else {
      const { values, scales } = toFourBits(weight)
      this.put(layer, dims, values, scales)
    }
  }

  /** A layer that was rounded earlier. */
  put(layer: string, dims: readonly [number, number], values: Int8Array | Uint8Array, scales: Float32Array): void {
    const stored = values instanceof Int8Array ? tensor('int8', values, dims) : tensor('uint8', values, [values.length])
    const made = { dims, values: stored, scale: float32(scales, [scales.length]) }
    const names = quantizedNames(layer)
    this.#layers.set(layer, made)
    this.#tensors.set(names.values, made.values).set(names.scale, made.scale)
  }

  has(weight: string): boolean {
    return weight.endsWith('.weight') && this.#layers.has(weight.slice(0, -'.weight'.length))
  }

  /** The tensor that a graph asks for by this name; undefined for what is no rounded layer's. */
  get(name: string): Tensor | undefined {
    return this.#tensors.get(name)
  }

  /** The fp32 numbers that a weight stands for, as a new array. */
  weight(name: string): { data: Float32Array; dims: readonly [number, number] } {
    const { dims, values, scale } = this.#layers.get(name.slice(0, -'.weight'.length))!
    const data = new Float32Array(dims[0] * dims[1])
    const scales = floats(scale)
    if (values.data instanceof Uint8Array) fromFourBits({ values: values.data, scales }, data)
    else for (let at = 0; at < data.length; at++) data[at] = Number(values.data[at]) * scales[Math.floor(at / dims[1])]!
    return { data, dims }
  }

  /**
   * How graphs are to read the layers: by fast products for this use, or null by exact ones. Products in 8 bits need weights in 8 bits.
   * @param provider one that keeps tensors reads them as `RoundedOnDevice` brings them there
   */
  how(use: FastUse | null, provider: Provider = 'cpu'): Quantization {
    const layers = new Set(this.#layers.keys())
    const fast = use !== null && this.bits === '8-bit' ? fastLayers(layers, use) : new Set<string>()
    const lies = this.bits === '8-bit' ? { block: null, raised: keepsTensors(provider) } : { block: codeBlock }
    return { layers, fast, ...lies }
  }

  get layers(): Iterable<readonly [string, { dims: readonly [number, number]; values: Tensor; scale: Tensor }]> {
    return this.#layers
  }
}
