/** Keys and values of the positions that a decoder has passed, on the CPU. */
import { float32, floats, type Tensor, type Tensors } from '../tensors.ts'

export interface CacheShape {
  layers: number
  heads: number
  /** Width of one head. */
  size: number
}

/** What a decoder needs of its cache. */
export interface DecoderCache {
  /** `past_key_N` and `past_value_N`, `[rows, heads, capacity, size]`, and what else the step takes for the cache. */
  readonly feeds: Tensors
  /** Positions that each row holds. */
  readonly lengths: readonly number[]
  /** Positions there is room for. */
  readonly capacity: number
  /** Takes in the position that a step has computed. */
  append(outputs: Tensors): void
  /** Takes in the first `counts[row]` of the positions that a step with drafts has computed; absent where there are no drafts. */
  accept?(outputs: Tensors, counts: readonly number[]): void
  /** Row i becomes what row `sources[i]` was; there may be fewer rows afterwards, and a row may come more than once. */
  select(sources: readonly number[]): void | Promise<void>
  /** Empty rows behind those that there are; absent where that is not possible. */
  add?(rows: number): void
  release(): void
}

/** Places are added in steps of this many. */
export const placesStep = 16

/**
 * The cache lies in ordinary arrays with room to grow, is fed without copying, and takes in only the newest position after each
 * step.
 */
export class KeyValueCache implements DecoderCache {
  readonly #shape: CacheShape
  readonly feeds: Record<string, Tensor> = {}
  #lengths: number[]
  #capacity = placesStep
  /** Key 0, value 0, key 1, … */
  #arrays: Float32Array[]
  /** Arrays of the same size that `select` writes into. */
  #spare: Float32Array[] = []

  constructor(shape: CacheShape, rows: number) {
    this.#shape = shape
    this.#lengths = new Array<number>(rows).fill(0)
    this.#arrays = this.#allocate()
    this.#feed()
  }

  get lengths(): readonly number[] {
    return this.#lengths
  }

  get capacity(): number {
    return this.#capacity
  }

  append(outputs: Tensors): void {
    this.accept(
      outputs,
      this.#lengths.map(() => 1)
    )
  }

  /** The output `fresh` is `[2·layers, rows·W, heads·size]`. */
  accept(outputs: Tensors, counts: readonly number[]): void {
    const fresh = floats(outputs['fresh']!)
    while (Math.max(...this.#lengths.map((length, row) => length + counts[row]!)) > this.#capacity) this.#grow()
    const { heads, size } = this.#shape
    const width = this.#capacity * size
    const drafted = fresh.length / (this.#arrays.length * this.#lengths.length * heads * size)
    let next = 0
    for (const array of this.#arrays) {
      for (const [row, length] of this.#lengths.entries()) {
        let from = next
        for (let place = length; place < length + counts[row]!; place++) {
          let to = row * heads * width + place * size
          for (let head = 0; head < heads; head++) {
            for (let index = 0; index < size; index++) array[to + index] = fresh[from + index]!
            from += size
            to += width
          }
        }
        next += drafted * heads * size
      }
    }
    this.#lengths = this.#lengths.map((length, row) => length + counts[row]!)
  }

  select(sources: readonly number[]): void {
    if (sources.length === this.#lengths.length && sources.every((source, row) => source === row)) return
    const { heads, size } = this.#shape
    const width = heads * this.#capacity * size
    const before = this.#arrays
    this.#lengths = sources.map((source) => this.#lengths[source]!)
    const spare = (this.#spare[0]?.length ?? 0) >= sources.length * width ? this.#spare : this.#allocate()
    this.#arrays.forEach((array, index) => {
      const target = spare[index]!
      sources.forEach((source, row) => target.set(array.subarray(source * width, (source + 1) * width), row * width))
    })
    this.#spare = before
    this.#arrays = spare
    this.#feed()
  }

  add(rows: number): void {
    this.#lengths = [...this.#lengths, ...new Array<number>(rows).fill(0)]
    const { heads, size } = this.#shape
    if (this.#arrays[0]!.length < this.#lengths.length * heads * this.#capacity * size) {
      const before = this.#arrays
      this.#arrays = this.#allocate()
      before.forEach((array, index) => this.#arrays[index]!.set(array))
      this.#spare = []
    }
    this.#feed()
  }

  release(): void {
    this.#spare = []
  }

  /** Half as much room again. */
  #grow(): void {
    const { heads, size } = this.#shape
    const before = this.#capacity * size
    this.#capacity = Math.ceil((this.#capacity * 1.5) / placesStep) * placesStep
    const after = this.#capacity * size
    const old = this.#arrays
    this.#spare = []
    this.#arrays = this.#allocate()
    old.forEach((array, index) => {
      for (let head = 0; head < this.#lengths.length * heads; head++) {
        this.#arrays[index]!.set(array.subarray(head * before, (head + 1) * before), head * after)
      }
    })
    this.#feed()
  }

  #allocate(): Float32Array[] {
    const { layers, heads, size } = this.#shape
    return Array.from(
      { length: 2 * layers },
      () => new Float32Array(this.#lengths.length * heads * this.#capacity * size)
    )
  }

  #feed(): void {
    const { heads, size } = this.#shape
    const rows = this.#lengths.length
    const elements = rows * heads * this.#capacity * size
    const dims = [rows, heads, this.#capacity, size]
    this.#arrays.forEach((array, index) => {
      this.feeds[`past_${index % 2 === 0 ? 'key' : 'value'}_${index >> 1}`] = float32(array.subarray(0, elements), dims)
    })
  }
}
