/** A LoRA adapter that stays beside the weights: what a base in few bits needs, as it would be lost in their rounding. */
import type { Adapter } from '../graph/index.ts'
import { float32, type Tensor } from './tensors.ts'
import { adapterNames, addAdapter } from './training/trainable.ts'

/** A LoRA pair: `down` is `[rank, inputs]`, `up` is `[outputs, rank]`. */
export interface AdapterPair {
  /** The weight that the product is added to. */
  readonly weight: string
  readonly rank: number
  readonly inputs: number
  readonly outputs: number
  readonly down: Float32Array
  readonly up: Float32Array
}

export class LoadedAdapter {
  readonly #tensors = new Map<string, Tensor>()
  readonly #ranks: ReadonlyMap<string, number>
  readonly #scale: number

  constructor(scale: number, pairs: readonly AdapterPair[]) {
    this.#scale = scale
    this.#ranks = new Map(pairs.map(({ weight, rank }) => [weight, rank]))
    for (const { weight, rank, inputs, outputs, down, up } of pairs) {
      const names = adapterNames(weight)
      this.#tensors.set(names.down, float32(down, [rank, inputs])).set(names.up, float32(up, [outputs, rank]))
    }
  }

  /** The tensor that a graph asks for by this name. */
  get(name: string): Tensor | undefined {
    return this.#tensors.get(name)
  }

  /** Adds the adapter to a graph. */
  readonly beside: Adapter = (g, x, weight, y) => {
    const rank = this.#ranks.get(weight.name)
    return rank === undefined ? y : addAdapter(g, [x, y], weight, { rank, scale: this.#scale })
  }
}
