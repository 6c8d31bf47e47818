/**
 * What a head is screened with. A hidden state is h, a word's row of the head's weight w, its bias b; p and q are h and w in 8 bits, as
 * the numbers that they stand for, and |x| is the length of x. Then h·w = p·q + h·(w − q) + (h − p)·q, and by Cauchy and Schwarz
 *
 *   h·w + b ≤ p·q + b + |h|·|w − q| + |h − p|·|q|
 *
 * A few channels of h with the largest values are left in full on both sides, and are in none of these lengths. What fp32 rounds, here
 * and in the head itself, in whatever order sums are made there, is at most a share of |h|·|w| and of |b|, and is added: so no score
 * that the head computes is above its bound.
 */
import { screenTerms } from '../../models/screen-graph.ts'

/** Half of what lies between 1 and the next number. */
const epsilon = 2 ** -24

export interface ScreenTables {
  /** `[width, vocabulary]` */
  values: Int8Array
  scale: Float32Array
  /** `[4 + exact channels, vocabulary]`: bias, factors of |h|, of |h − p| and of |h| with its exact channels, and those channels. */
  terms: Float32Array
}

/** How far a sum of `width` products and a bias can be off in fp32, for each unit of the sum of their sizes, in any order. */
export function roundingOf(width: number): number {
  return (width + 2) * epsilon * 1.01
}

/**
 * @param weight `[vocabulary, width]`
 * @returns null where there are values that are no numbers
 */
export function screenTables(
  weight: Float32Array,
  bias: Float32Array | null,
  width: number,
  exact: readonly number[]
): ScreenTables | null {
  const vocabulary = weight.length / width
  const first = screenTerms
  const tables = {
    values: new Int8Array(weight.length),
    scale: new Float32Array(vocabulary),
    terms: new Float32Array((first + exact.length) * vocabulary)
  }
  const { values, scale, terms } = tables
  const slack = roundingOf(width) + 16 * (first + exact.length) * epsilon
  // Lengths are made in fp32 in the graph.
  const above = 1 + 2 * (width + 16) * epsilon
  // Turned around in blocks, so that what is read and what is written both stay in the cache.
  const side = 64
  const block = new Int8Array(side * width)
  const row = new Float32Array(width)
  for (let start = 0; start < vocabulary; start += side) {
    const end = Math.min(start + side, vocabulary)
    for (let word = start; word < end; word++) {
      row.set(weight.subarray(word * width, (word + 1) * width))
      let all = 0
      for (const [at, channel] of exact.entries()) {
        all += row[channel]! ** 2
        terms[(first + at) * vocabulary + word] = row[channel]!
        row[channel] = 0
      }
      let largest = 0
      for (let at = 0; at < width; at++) {
        const size = Math.abs(row[at]!)
        if (size > largest) largest = size
      }
      scale[word] = largest === 0 ? 1 : largest / 127
      const step = scale[word]!
      const factor = 1 / step
      const target = (word - start) * width
      let [lost, kept] = [0, 0]
      for (let at = 0; at < width; at++) {
        const value = Math.round(row[at]! * factor)
        block[target + at] = value
        const read = value * step
        const rest = row[at]! - read
        all += row[at]! * row[at]!
        lost += rest * rest
        kept += read * read
      }
      const own = bias?.[word] ?? 0
      if (!Number.isFinite(all) || !Number.isFinite(own)) return null
      terms[word] = own + slack * Math.abs(own)
      terms[vocabulary + word] = Math.sqrt(lost) * above
      terms[2 * vocabulary + word] = Math.sqrt(kept) * above
      terms[3 * vocabulary + word] = slack * (Math.sqrt(all) + Math.sqrt(lost)) * above
    }
    for (let at = 0; at < width; at++)
      for (let word = start, from = at; word < end; word++, from += width) values[at * vocabulary + word] = block[from]!
  }
  return tables
}

/** The channels of hidden states `[rows, width]` with the largest values: at most a quarter of all. */
export function largestChannels(hidden: Float32Array, width: number, count: number): number[] {
  const largest = new Float32Array(width)
  hidden.forEach((value, at) => (largest[at % width] = Math.max(largest[at % width]!, Math.abs(value))))
  return Array.from(largest.keys())
    .sort((a, b) => largest[b]! - largest[a]!)
    .slice(0, Math.min(count, width >> 2))
    .sort((a, b) => a - b)
}
