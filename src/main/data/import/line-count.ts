const newline = 0x0a

interface Rules {
  /** Bytes that end a line. */
  ends: readonly number[]
  /** Bytes that make no record where a line has no others. */
  nothing: readonly number[]
  /** Lines that are no records. */
  before: number
}

/** Counts the lines that have something on them. */
export class LineCount {
  readonly #rules: Rules
  /** What a byte is: 1 ends a line, 2 is nothing, 0 is something. */
  readonly #kinds = new Uint8Array(256)
  #lines = 0
  #something = false

  constructor(rules: Rules) {
    this.#rules = rules
    for (const byte of rules.nothing) this.#kinds[byte] = 2
    for (const byte of rules.ends) this.#kinds[byte] = 1
  }

  push(chunk: Buffer): void {
    // Where only newlines end lines, the rest of a line that has something need not be looked at.
    const jumps = this.#rules.ends.every((byte) => byte === newline || !chunk.includes(byte))
    let something = this.#something
    for (let at = 0; at < chunk.length; at++) {
      const kind = this.#kinds[chunk[at]!]!
      if (kind === 1) {
        if (something) this.#lines++
        something = false
      } else if (kind !== 2) {
        something = true
        if (!jumps) continue
        const end = chunk.indexOf(newline, at)
        if (end < 0) break
        at = end - 1
      }
    }
    this.#something = something
  }

  /** The records that the lines make. */
  records(): number {
    return Math.max(0, this.#lines + Number(this.#something) - this.#rules.before)
  }
}
