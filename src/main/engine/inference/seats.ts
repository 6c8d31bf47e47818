/** Which inputs are answered together: as many as there is room for, and the next ones when most of the others are done. */
export interface SeatLimits {
  /** Tokens of the longest input times inputs. */
  tokens: number
  rows: number
}

/** With so many seats free a step costs nearly what it costs with all of them taken. */
const shareFree = 0.5
/**
 * So many steps with free seats cost about what it costs to make room: keys and values of those that go on are moved. Where all
 * end soon, as answers of one or two words do, nothing is moved at all.
 */
const patience = 8

export class Seats {
  readonly #lengths: readonly number[]
  readonly #limits: SeatLimits
  /** Longest first: then memory is at its largest at once. */
  readonly #waiting: number[]
  #poorSteps = 0

  constructor(lengths: readonly number[], limits: SeatLimits) {
    this.#lengths = lengths
    this.#limits = limits
    // The next one is the last.
    this.#waiting = lengths.map((_, index) => index).sort((a, b) => lengths[a]! - lengths[b]! || b - a)
  }

  /** Asked before every step: inputs to begin with now, beside those that are open. Always one where none is. */
  take(open: readonly number[]): number[] {
    if (this.#waiting.length === 0) return []
    const longest = Math.max(this.#lengths[this.#waiting.at(-1)!]!, ...open.map((index) => this.#lengths[index]!))
    const seats = Math.max(1, Math.min(this.#limits.rows, Math.floor(this.#limits.tokens / longest)))
    const free = seats - open.length
    if (open.length > 0) {
      if (free < shareFree * seats) return []
      if (++this.#poorSteps < patience) return []
    }
    this.#poorSteps = 0
    return this.#waiting.splice(-free, free).reverse()
  }
}
