import { fnv1a } from './hash.ts'

/**
 * A small seeded random generator (splitmix32 steps, Steele et al. 2014): the same seed gives the same numbers on every
 * machine. `fork` derives an independent stream by name, so that adding a consumer never shifts another one's numbers.
 */
export class Random {
  #state: number

  constructor(seed: number | string) {
    this.#state = typeof seed === 'number' ? seed >>> 0 : fnv1a(seed)
  }

  /** Uniform in [0, 2^32). */
  bits(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return (this.bits() * 2 ** 21 + (this.bits() >>> 11)) / 2 ** 53
  }

  /** A whole number in [0, end). */
  below(end: number): number {
    return Math.floor(this.uniform() * end)
  }

  /** A whole number in [from, to]. */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1)
  }

  chance(probability: number): boolean {
    return this.uniform() < probability
  }

  /** Normal with mean 0 and standard deviation 1 (Box and Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform())
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new Error('pick from an empty list')
    return items[this.below(items.length)]!
  }

  /** `count` different items in random order. */
  sample<T>(items: readonly T[], count: number): T[] {
    if (count > items.length) throw new Error(`sample of ${count} from ${items.length} items`)
    const pool = [...items]
    for (let i = 0; i < count; i++) {
      const j = i + this.below(pool.length - i)
      ;[pool[i], pool[j]] = [pool[j]!, pool[i]!]
    }
    return pool.slice(0, count)
  }

  shuffle<T>(items: readonly T[]): T[] {
    return this.sample(items, items.length)
  }

  /** An independent stream; this one is not moved. */
  fork(name: string): Random {
    return new Random((fnv1a(name) ^ Math.imul(this.#state, 0x85ebca6b)) >>> 0)
  }

  /** For checkpoints: `Random.restore(random.state)` goes on where this one stands. */
  get state(): number {
    return this.#state
  }

  static restore(state: number): Random {
    return new Random(state)
  }
}
