const chunkLength = 1 << 20

/** Hashes of the runs of words of many rows, one row behind the other, in pieces that are never copied: 4 bytes each. */
export class KeptRuns {
  readonly #chunks: Uint32Array[] = []
  #chunk = new Uint32Array(0)
  #used = 0
  /** By row: its number, its task, and how many hashes it has. */
  #rows = new Uint32Array(3 * 1024)
  #count = 0

  /** What is added from now on is this row's. */
  begin({ id, task }: { id: number; task: number }): void {
    if (3 * this.#count === this.#rows.length) {
      const larger = new Uint32Array(2 * this.#rows.length)
      larger.set(this.#rows)
      this.#rows = larger
    }
    this.#rows.set([id, task, 0], 3 * this.#count++)
  }

  add(hash: number): void {
    if (this.#used === this.#chunk.length) this.#next()
    this.#chunk[this.#used++] = hash
    this.#rows[3 * this.#count - 1]!++
  }

  /** The rows in their order; the hashes are a view that the next step overwrites. */
  *[Symbol.iterator](): Generator<{ row: { id: number; task: number }; runs: Uint32Array }> {
    let buffer = new Uint32Array(1024)
    let chunk = 0
    let from = 0
    for (let row = 0; row < this.#count; row++) {
      const length = this.#rows[3 * row + 2]!
      if (length > buffer.length) buffer = new Uint32Array(2 * length)
      for (let at = 0; at < length;) {
        const part = this.#chunks[chunk]!.subarray(from, from + length - at)
        buffer.set(part, at)
        at += part.length
        from += part.length
        if (from === chunkLength) [chunk, from] = [chunk + 1, 0]
      }
      yield { row: { id: this.#rows[3 * row]!, task: this.#rows[3 * row + 1]! }, runs: buffer.subarray(0, length) }
    }
  }

  #next(): void {
    this.#chunk = new Uint32Array(chunkLength)
    this.#chunks.push(this.#chunk)
    this.#used = 0
  }
}
