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

/** The smallest of the hashes that it is offered, each once, ascending: at most a fixed number. */
export class Smallest {
  readonly #hashes: Uint32Array
  #length = 0

  constructor(size: number) {
    this.#hashes = new Uint32Array(size)
  }

  clear(): void {
    this.#length = 0
  }

  /** Whether there is still a place for this hash. */
  takes(hash: number): boolean {
    return this.#length < this.#hashes.length || hash < this.#hashes[this.#length - 1]!
  }

  offer(hash: number): void {
    if (!this.takes(hash)) return
    const hashes = this.#hashes
    let at = this.#length
    while (at > 0 && hashes[at - 1]! > hash) at--
    if (at > 0 && hashes[at - 1] === hash) return
    if (this.#length < hashes.length) this.#length++
    hashes.copyWithin(at + 1, at, this.#length - 1)
    hashes[at] = hash
  }

  /** A view of them, which the next call of any method may change. */
  all(): Uint32Array {
    return this.#hashes.subarray(0, this.#length)
  }
}

/**
 * Of two rows a fixed number `size` of the smallest hashes of each is given, ascending (bottom-k sketches, Broder 1997; Cohen and
 * Kaplan 2007): how many they share, and what share of the smaller of the two sets is in the other, estimated.
 */
export function contained(first: Uint32Array, second: Uint32Array, size: number): { shared: number; share: number } {
  // A full sketch says nothing about hashes above its largest.
  const limit = Math.min(
    first.length === size ? first[first.length - 1]! : 0xffffffff,
    second.length === size ? second[second.length - 1]! : 0xffffffff
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
