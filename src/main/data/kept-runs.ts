const chunkLength = 1 << 20

/**
 * Hashes of the runs of words of many rows, one row behind the other, in pieces that are never copied: 4 bytes each, and 4 a row.
 * Once all are there, each row's can be narrowed to a few of them, in the same memory.
 */
export class KeptRuns {
  readonly #chunks: Uint32Array[] = []
  /** By row: where its hashes begin; they end where the next row's begin. */
  readonly #starts: Uint32Array
  #rows = 0
  #used = 0

  /** Rows are counted from 0; at most so many. */
  constructor(rows: number) {
    this.#starts = new Uint32Array(rows + 1)
  }

  /** What is added from now on is this row's. Rows come in their order; those in between have none. */
  begin(row: number): void {
    while (this.#rows <= row) this.#starts[this.#rows++] = this.#used
  }

  add(hash: number): void {
    const place = this.#used % chunkLength
    if (place === 0) this.#chunks.push(new Uint32Array(chunkLength))
    this.#chunks[this.#chunks.length - 1]![place] = hash
    this.#used++
  }

  /** The hashes of a row, in `buffer`; returns how many there are, of which as many were copied as have room. */
  copy(row: number, buffer: Uint32Array): number {
    return this.#copy(this.#starts[row]!, this.#starts[row + 1]!, buffer)
  }

  /**
   * Goes through the rows in their order and keeps of each only what `choose` returns, at most as many as it had. What `choose` is given
   * is a view that the next row overwrites.
   */
  *narrow(choose: (row: number, runs: Uint32Array) => Uint32Array): Generator<number> {
    this.begin(this.#starts.length - 1)
    let buffer = new Uint32Array(1024)
    let written = 0
    let from = 0
    for (let row = 0; row + 1 < this.#starts.length; row++) {
      const end = this.#starts[row + 1]!
      if (end - from > buffer.length) buffer = new Uint32Array(2 * (end - from))
      const length = this.#copy(from, end, buffer)
      this.#starts[row] = written
      if (length > 0)
        for (const hash of choose(row, buffer.subarray(0, length))) {
          // Never further than what has been read.
          this.#chunks[Math.floor(written / chunkLength)]![written % chunkLength] = hash
          written++
        }
      from = end
      yield row
    }
    this.#starts[this.#starts.length - 1] = this.#used = written
    this.#chunks.length = Math.ceil(written / chunkLength)
  }

  #copy(from: number, end: number, buffer: Uint32Array): number {
    const last = Math.min(end, from + buffer.length)
    for (let at = from; at < last;) {
      const place = at % chunkLength
      const part = this.#chunks[Math.floor(at / chunkLength)]!.subarray(place, place + last - at)
      buffer.set(part, at - from)
      at += part.length
    }
    return end - from
  }
}
