/** Which inputs are answered together: as many as there is room for, and the next ones when others are done. */
export interface SeatLimits {
  /** Tokens of the longest input times inputs. */
  tokens: number
  rows: number
}

/** Reading further inputs is worth moving the others when this share of the seats is free. */
const shareToFill = 0.25

export class Seats {
  readonly #lengths: readonly number[]
  readonly #limits: SeatLimits
  /** Longest first: then memory is at its largest at once. */
  readonly #waiting: number[]

  constructor(lengths: readonly number[], limits: SeatLimits) {
    this.#lengths = lengths
    this.#limits = limits
    // The next one is the last.
    this.#waiting = lengths.map((_, index) => index).sort((a, b) => lengths[a]! - lengths[b]! || b - a)
  }

  get empty(): boolean {
    return this.#waiting.length === 0
  }

  /** Inputs to begin with now, beside those that are open; always one where none is. */
  take(open: readonly number[]): number[] {
    if (this.empty) return []
    const longest = Math.max(this.#lengths[this.#waiting.at(-1)!]!, ...open.map((index) => this.#lengths[index]!))
    const seats = Math.max(1, Math.min(this.#limits.rows, Math.floor(this.#limits.tokens / longest)))
    const free = seats - open.length
    if (open.length > 0 && free < shareToFill * seats) return []
    return this.#waiting.splice(-free, free).reverse()
  }
}
