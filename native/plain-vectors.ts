/// <reference lib="es2025.float16" />
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import type { Answers, Precision, QuerySet, SearchOptions, VectorRows } from './neighbours.ts'

const blockBytes = 4 << 20

/** Exact search in JavaScript over a file that is read block by block: slow, and the same answers. */
export class PlainVectors implements VectorRows {
  readonly rows: number
  readonly dimension: number
  readonly #half: boolean
  readonly #file: number

  constructor(path: string, rows: number, dimension: number, precision: Precision) {
    this.rows = rows
    this.dimension = dimension
    this.#half = precision === 'fp16'
    this.#file = openSync(path, 'r')
    const expected = rows * this.#rowBytes
    const { size } = fstatSync(this.#file)
    if (size < expected) {
      closeSync(this.#file)
      throw new Error(`${path} holds ${size} bytes, ${expected} are needed for ${rows} rows of ${dimension}`)
    }
  }

  async search(queries: Float32Array, k: number, options: SearchOptions = {}): Promise<Answers> {
    const { dimension } = this
    const queryCount = queries.length / dimension
    const nearest = Array.from({ length: queryCount }, () => new Nearest(Math.min(k, this.rows)))
    const perBlock = Math.max(1, Math.floor(blockBytes / (dimension * 4)))
    for (let first = 0; first < this.rows; first += perBlock) {
      const count = Math.min(perBlock, this.rows - first)
      const block = this.#block(first, count)
      for (let row = 0; row < count; row++) {
        if (options.allowed?.[first + row] === 0) continue
        for (let query = 0; query < queryCount; query++) {
          nearest[query]!.offer(distance(queries, query * dimension, block, row * dimension, dimension), first + row)
        }
      }
      // Pause, cancel and heartbeat get their turn between blocks.
      await turn()
    }
    return answersOf(nearest, Math.min(k, this.rows))
  }

  async searchSets(sets: readonly QuerySet[]): Promise<Answers[]> {
    const answers: Answers[] = []
    for (const { queries, k, allowed } of sets)
      answers.push(await this.search(queries, k, allowed === null ? {} : { allowed }))
    return answers
  }

  read(rows: Uint32Array): Float32Array {
    const result = new Float32Array(rows.length * this.dimension)
    rows.forEach((row, place) => {
      if (row >= this.rows) throw new RangeError(`there is no row ${row}`)
      result.set(this.#block(row, 1), place * this.dimension)
    })
    return result
  }

  close(): void {
    closeSync(this.#file)
  }

  get #rowBytes(): number {
    return this.dimension * (this.#half ? 2 : 4)
  }

  #block(first: number, count: number): Float32Array {
    const numbers = this.#half ? new Float16Array(count * this.dimension) : new Float32Array(count * this.dimension)
    const bytes = new Uint8Array(numbers.buffer)
    let filled = 0
    while (filled < bytes.length) {
      const got = readSync(this.#file, bytes, filled, bytes.length - filled, first * this.#rowBytes + filled)
      if (got === 0) throw new Error('the vector file has become shorter while it was read')
      filled += got
    }
    return numbers instanceof Float32Array ? numbers : Float32Array.from(numbers)
  }
}

function distance(a: Float32Array, atA: number, b: Float32Array, atB: number, dimension: number): number {
  let sum = 0
  for (let i = 0; i < dimension; i++) {
    const difference = a[atA + i]! - b[atB + i]!
    sum += difference * difference
  }
  return Math.fround(sum)
}

/** The nearest rows so far, sorted; ties go to the smaller row, as in the addon. */
class Nearest {
  readonly rows: number[] = []
  readonly distances: number[] = []
  readonly #k: number

  constructor(k: number) {
    this.#k = k
  }

  offer(distance: number, row: number): void {
    const { rows, distances } = this
    if (rows.length === this.#k && !(distance < (distances.at(-1) ?? -1))) return
    let low = 0
    let high = rows.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (distances[middle]! <= distance) low = middle + 1
      else high = middle
    }
    rows.splice(low, 0, row)
    distances.splice(low, 0, distance)
    if (rows.length > this.#k) {
      rows.pop()
      distances.pop()
    }
  }
}

/** Packs lists of neighbours, nearest first, into one answer. */
export function answersOf(
  lists: readonly { rows: readonly number[]; distances: readonly number[] }[],
  k: number
): Answers {
  const rows = new Uint32Array(lists.length * k)
  const distances = new Float32Array(lists.length * k)
  const counts = new Uint32Array(lists.length)
  lists.forEach((list, query) => {
    counts[query] = Math.min(k, list.rows.length)
    rows.set(list.rows.slice(0, k), query * k)
    distances.set(list.distances.slice(0, k), query * k)
  })
  return { k, rows, distances, counts }
}
