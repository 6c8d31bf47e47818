/** The first look after something has happened. */
const soonMilliseconds = 250
const growth = 1.6
/** So many looks may come sooner than usual in a row; each usual one gives one back. */
const mostQuick = 24

/**
 * How long to wait between looks at a place: soon after something has happened there, for more tends to follow, and then ever longer,
 * up to `usual` milliseconds. In the long run it comes to no more than two looks in that time, however much happens.
 */
export class Pace {
  readonly #usual: number
  #wait: number
  #quick = mostQuick

  constructor(usual: number) {
    this.#usual = usual
    this.#wait = usual
  }

  hurry(): void {
    this.#wait = Math.min(soonMilliseconds, this.#usual)
  }

  /** Something has happened in the middle of a wait: may the next look come at once? */
  early(): boolean {
    if (this.#quick === 0) return false
    this.#quick--
    return true
  }

  /** In milliseconds. */
  next(): number {
    const wait = this.#quick > 0 ? this.#wait : this.#usual
    if (wait < this.#usual) this.#quick--
    else this.#quick = Math.min(mostQuick, this.#quick + 1)
    this.#wait = Math.min(this.#usual, this.#wait * growth)
    return wait
  }
}
