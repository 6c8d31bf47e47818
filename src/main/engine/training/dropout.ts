/**
 * Dropout masks, drawn by the host: the runtime's own dropout is slow, differs between providers and cannot be resumed. One long
 * random mask is made per rate, and every site of every step reads a window of it at a random place.
 */
import type { Graph } from '../../graph/index.ts'
import { evaluateDim } from '../../graph/index.ts'
import { randomBits, uniformNumbers } from '../../random/labelled.ts'
import { float32, type Tensor } from '../tensors.ts'

/** Entries of the shortest mask. */
const smallestBank = 1 << 22
/** Windows begin at whole cache lines. */
const grain = 16

export class DropoutMasks {
  readonly #seed: number
  readonly #banks = new Map<number, Bank>()

  constructor(seed: number) {
    this.#seed = seed
  }

  /** Masks for all dropout sites of a graph, for batch `part` of step `step`. */
  feeds(graph: Graph, bindings: Readonly<Record<string, number>>, step: number, part: number): Record<string, Tensor> {
    const place = uniformNumbers(this.#seed, 'dropout window', step, part)
    const feeds: Record<string, Tensor> = {}
    for (const { value, role } of graph.inputs) {
      if (role.kind !== 'dropout') continue
      const dims = value.dims.map((dim) => evaluateDim(dim, bindings))
      const size = dims.reduce((product, dim) => product * dim, 1)
      // The choice must depend on the window's size alone, not on what earlier steps needed: a resumed run has not seen those.
      const reach = Math.max(smallestBank, 2 ** Math.ceil(Math.log2(2 * size))) - size
      const start = Math.floor((place() * reach) / grain) * grain
      feeds[value.name] = float32(this.#bank(role.rate).window(start, size), dims)
    }
    return feeds
  }

  #bank(rate: number): Bank {
    const known = this.#banks.get(rate)
    if (known) return known
    const bank = new Bank(rate, randomBits(this.#seed, 'dropout', rate))
    this.#banks.set(rate, bank)
    return bank
  }
}

/** An endless sequence of mask entries, of which as much is kept as was asked for. */
class Bank {
  readonly #rate: number
  readonly #bits: () => number
  #entries = new Float32Array(0)

  constructor(rate: number, bits: () => number) {
    this.#rate = rate
    this.#bits = bits
  }

  window(start: number, size: number): Float32Array {
    if (start + size > this.#entries.length) this.#grow(start + size)
    return this.#entries.subarray(start, start + size)
  }

  #grow(least: number): void {
    const before = this.#entries
    const entries = new Float32Array(Math.max(smallestBank, 2 ** Math.ceil(Math.log2(least))))
    entries.set(before)
    const threshold = this.#rate * 2 ** 32
    const kept = 1 / (1 - this.#rate)
    for (let index = before.length; index < entries.length; index++)
      entries[index] = this.#bits() < threshold ? 0 : kept
    this.#entries = entries
  }
}
