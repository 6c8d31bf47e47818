const lineBytes = 64
const halfLine = lineBytes / 2

/**
 * How often each hash was seen, roughly: a count-min sketch of two rows of saturating bytes. Never too low, below 255. Both bytes
 * of a hash lie in one line of the processor's cache: what takes time is to fetch it.
 */
export class HashCounts {
  readonly #counts: Uint8Array
  readonly #lines: number

  /** `expected` different hashes. */
  constructor(expected: number) {
    const slots = 2 ** Math.min(25, Math.max(12, Math.ceil(Math.log2(expected))))
    this.#counts = new Uint8Array(2 * slots)
    this.#lines = slots / halfLine - 1
  }

  add(hash: number): void {
    const line = (hash & this.#lines) * lineBytes
    const mixed = mix(hash)
    const a = line + (mixed & (halfLine - 1))
    const b = line + halfLine + ((mixed >>> 8) & (halfLine - 1))
    if (this.#counts[a]! < 255) this.#counts[a]!++
    if (this.#counts[b]! < 255) this.#counts[b]!++
  }

  get(hash: number): number {
    const line = (hash & this.#lines) * lineBytes
    const mixed = mix(hash)
    const a = this.#counts[line + (mixed & (halfLine - 1))]!
    const b = this.#counts[line + halfLine + ((mixed >>> 8) & (halfLine - 1))]!
    return a < b ? a : b
  }
}

function mix(hash: number): number {
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
