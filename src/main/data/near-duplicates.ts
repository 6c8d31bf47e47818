/** How often each hash was seen, roughly: a count-min sketch of two rows of saturating bytes. Never too low, below 255. */
export class HashCounts {
  readonly #first: Uint8Array
  readonly #second: Uint8Array
  readonly #mask: number

  /** `expected` different hashes. */
  constructor(expected: number) {
    const slots = 2 ** Math.min(25, Math.max(12, Math.ceil(Math.log2(expected))))
    this.#first = new Uint8Array(slots)
    this.#second = new Uint8Array(slots)
    this.#mask = slots - 1
  }

  add(hash: number): void {
    const a = hash & this.#mask
    const b = other(hash) & this.#mask
    if (this.#first[a]! < 255) this.#first[a]!++
    if (this.#second[b]! < 255) this.#second[b]!++
  }

  get(hash: number): number {
    return Math.min(this.#first[hash & this.#mask]!, this.#second[other(hash) & this.#mask]!)
  }
}

function other(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x7feb352d)
  return (mixed ^ (mixed >>> 15)) >>> 0
}

/**
 * A fixed number of the smallest hashes of each row (a bottom-k sketch, Broder 1997; Cohen and Kaplan 2007), ascending.
 * `contained` estimates what share of the smaller of two sets is in the other.
 */
export class Sketches {
  readonly size: number
  readonly #hashes: Uint32Array
  readonly #lengths: Uint8Array

  constructor(rows: number, size: number) {
    this.size = size
    this.#hashes = new Uint32Array(rows * size)
    this.#lengths = new Uint8Array(rows)
  }

  /** Whether a row's sketch still has a place for this hash. */
  takes(row: number, hash: number): boolean {
    return this.#lengths[row]! < this.size || hash < this.#hashes[(row + 1) * this.size - 1]!
  }

  /** Offers a hash to a row's sketch. */
  offer(row: number, hash: number): void {
    const start = row * this.size
    let length = this.#lengths[row]!
    const full = length === this.size
    if (full && hash >= this.#hashes[start + length - 1]!) return
    let at = start + length
    while (at > start && this.#hashes[at - 1]! > hash) at--
    if (at > start && this.#hashes[at - 1] === hash) return
    if (!full) this.#lengths[row] = ++length
    this.#hashes.copyWithin(at + 1, at, start + length - 1)
    this.#hashes[at] = hash
  }

  of(row: number): Uint32Array {
    return this.#hashes.subarray(row * this.size, row * this.size + this.#lengths[row]!)
  }

  /** Shared hashes, and the estimated share of the smaller set that is in both. */
  contained(a: number, b: number): { shared: number; share: number } {
    const [first, second] = [this.of(a), this.of(b)]
    // A full sketch says nothing about hashes above its largest.
    const limit = Math.min(
      first.length === this.size ? first[first.length - 1]! : 0xffffffff,
      second.length === this.size ? second[second.length - 1]! : 0xffffffff
    )
    let [i, j, shared] = [0, 0, 0]
    while (i < first.length && j < second.length && first[i]! <= limit && second[j]! <= limit) {
      if (first[i] === second[j]) {
        shared++
        i++
        j++
      } else if (first[i]! < second[j]!) i++
      else j++
    }
    while (i < first.length && first[i]! <= limit) i++
    while (j < second.length && second[j]! <= limit) j++
    const smaller = Math.min(i, j)
    return { shared, share: smaller === 0 ? 0 : shared / smaller }
  }
}
