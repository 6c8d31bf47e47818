import { fnv1a } from './hash.ts'

/**
 * Random numbers that depend on nothing but a seed and labels saying what they are for. Training asks for the numbers of a
 * given epoch or step directly, so a resumed run needs no saved state to draw the same ones. What is drawn one after the other
 * (samples, resampling) comes from `Random`; both stay as they are, as a repeated run must draw what it drew.
 */

/** A generator of whole numbers below 2^32 (Vigna and Blackman's xoshiro128**), seeded by hashing all arguments. */
export function randomBits(seed: number, ...labels: readonly (string | number)[]): () => number {
  const next = splitMix(fnv1a([seed, ...labels].join('\u0000')))
  let a = next()
  let b = next()
  let c = next()
  let d = next() | 1
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0
    const t = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= t
    d = rotate(d, 11)
    return result
  }
}

/** Numbers from 0 up to but not including 1. */
export function uniformNumbers(seed: number, ...labels: readonly (string | number)[]): () => number {
  const bits = randomBits(seed, ...labels)
  return () => bits() / 2 ** 32
}

/** Numbers of mean 0 and standard deviation 1 (Box and Muller). */
export function normalNumbers(seed: number, ...labels: readonly (string | number)[]): () => number {
  const uniform = uniformNumbers(seed, ...labels)
  let spare: number | null = null
  return () => {
    if (spare !== null) {
      const value = spare
      spare = null
      return value
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
    const angle = 2 * Math.PI * uniform()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
}

/** 0 … count-1 in random order (Fisher and Yates). */
export function shuffledIndices(count: number, seed: number, ...labels: readonly (string | number)[]): number[] {
  const uniform = uniformNumbers(seed, ...labels)
  const order = Array.from({ length: count }, (_, index) => index)
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(uniform() * (last + 1))
    const moved = order[last]!
    order[last] = order[other]!
    order[other] = moved
  }
  return order
}

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by))

function splitMix(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x9e3779b9) | 0
    let z = state
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return (z ^ (z >>> 16)) | 0
  }
}
