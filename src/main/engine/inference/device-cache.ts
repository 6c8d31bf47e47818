/**
 * Keys and values that stay on a device: each step gives the whole cache with the new position in it, which is fed to the next
 * one. Nothing but ids goes back and forth.
 */
import { selectRowsGraph } from '../../models/decoding-graphs.ts'
import { float32, int64, type Tensor, type Tensors } from '../tensors.ts'
import { placesStep, type CacheShape, type DecoderCache } from './cache.ts'
import type { Runners } from './model.ts'

export class DeviceCache implements DecoderCache {
  readonly capacity: number
  readonly #shape: CacheShape
  readonly #runners: Runners
  #arrays: Record<string, Tensor>
  #lengths: readonly number[]

  /** @param positions there is room for this many; it does not grow */
  constructor(shape: CacheShape, rows: number, positions: number, runners: Runners) {
    this.#shape = shape
    this.#runners = runners
    this.capacity = Math.ceil(positions / placesStep) * placesStep
    this.#lengths = new Array<number>(rows).fill(0)
    const dims = [rows, shape.heads, this.capacity, shape.size]
    const empty = float32(new Float32Array(dims.reduce((product, size) => product * size, 1)), dims)
    this.#arrays = Object.fromEntries(this.#names('past').map((name) => [name, empty]))
  }

  get lengths(): readonly number[] {
    return this.#lengths
  }

  get feeds(): Tensors {
    const rows = this.#lengths.length
    const place = new Float32Array(rows * this.capacity)
    this.#lengths.forEach((length, row) => (place[row * this.capacity + length] = 1))
    return { ...this.#arrays, place: float32(place, [rows, 1, this.capacity, 1]) }
  }

  append(outputs: Tensors): void {
    const present = this.#names('present')
    this.#replace(Object.fromEntries(this.#names('past').map((name, index) => [name, outputs[present[index]!]!])))
    this.#lengths = this.#lengths.map((length) => length + 1)
  }

  async select(sources: readonly number[]): Promise<void> {
    if (sources.length === this.#lengths.length && sources.every((source, row) => source === row)) return
    this.#replace(await selectOnDevice(this.#runners, this.#arrays, sources))
    this.#lengths = sources.map((source) => this.#lengths[source]!)
  }

  release(): void {
    this.#replace({})
  }

  #replace(arrays: Record<string, Tensor>): void {
    disposeAll(this.#arrays)
    this.#arrays = arrays
  }

  #names(prefix: string): string[] {
    return Array.from(
      { length: 2 * this.#shape.layers },
      (_, index) => `${prefix}_${index % 2 === 0 ? 'key' : 'value'}_${index >> 1}`
    )
  }
}

/** These rows of every array, on the device. The arrays given are not disposed. */
export async function selectOnDevice(
  runners: Runners,
  arrays: Tensors,
  rows: readonly number[]
): Promise<Record<string, Tensor>> {
  const names = Object.keys(arrays)
  const runner = await runners.get(
    `select ${names.length}`,
    () => selectRowsGraph(names.length),
    ({ outputs }) => ({ onDevice: outputs.map(({ name }) => name) })
  )
  const feeds = Object.fromEntries(names.map((name, index) => [`array_${index}`, arrays[name]!]))
  const chosen = await runner.run({ ...feeds, rows: int64(rows, [rows.length]) })
  return Object.fromEntries(names.map((name, index) => [name, chosen[`chosen_${index}`]!]))
}

/** Frees what lies on the device. */
export function disposeAll(tensors: Tensors): void {
  for (const tensor of Object.values(tensors)) if (tensor.location !== 'cpu') tensor.dispose()
}
