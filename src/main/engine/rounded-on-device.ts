/**
 * A base in few bits on a device that keeps tensors: brought there once, a layer when a graph first asks for it, and read there by
 * every session. Its numbers are those of the processor.
 */
import type { Provider } from '../contract/providers.ts'
import { raised } from '../graph/linear.ts'
import { DeviceMemory } from './device-memory.ts'
import type { QuantizedBase } from './quantized-base.ts'
import { floats, type Tensor } from './tensors.ts'

export class RoundedOnDevice {
  readonly #base: QuantizedBase
  readonly #memory: DeviceMemory
  readonly #tensors = new Map<string, Tensor>()

  private constructor(base: QuantizedBase, memory: DeviceMemory) {
    this.#base = base
    this.#memory = memory
  }

  static async open(base: QuantizedBase, provider: Provider): Promise<RoundedOnDevice> {
    return new RoundedOnDevice(base, await DeviceMemory.open(provider))
  }

  /** Brings what of these names is the base's and not there yet; the others are passed over. */
  async bring(names: Iterable<string>): Promise<void> {
    for (const name of names) {
      const tensor = this.#tensors.has(name) ? undefined : this.#base.get(name)
      if (tensor) this.#tensors.set(name, await this.#upload(tensor))
    }
  }

  /** The tensor that a graph asks for by this name, once it was brought. */
  get(name: string): Tensor | undefined {
    return this.#tensors.get(name)
  }

  /** Frees what lies on the device. */
  async close(): Promise<void> {
    for (const tensor of this.#tensors.values()) tensor.dispose()
    this.#tensors.clear()
    await this.#memory.close()
  }

  #upload(tensor: Tensor): Promise<Tensor> {
    const { data, dims } = tensor
    if (data instanceof Uint8Array) return this.#memory.uploadBytes(data, dims)
    if (data instanceof Int8Array) return this.#memory.uploadBytes(raise(data), dims)
    return this.#memory.upload(floats(tensor), dims)
  }
}

/** int8 as uint8 that is 128 more: the topmost bit turned over. */
function raise(values: Int8Array): Uint8Array {
  const bytes = new Uint8Array(values.length)
  for (let at = 0; at < values.length; at++) bytes[at] = values[at]! + raised
  return bytes
}
