/** Exact search by dot product, for encoders whose vectors are to be compared so. Graphs and the native search know distances only. */
import type { Answers, VectorRows } from '../../../native/index.ts'

/** Rows that are read at a time. */
const blockRows = 4096

/**
 * The `k` rows with the largest dot product for each query, largest first; the earlier of two that are equal comes first.
 * `distances` hold the products with a minus, so that smaller is nearer, as everywhere.
 * @param queries row-major
 */
export function searchByDot(
  vectors: Pick<VectorRows, 'read' | 'rows' | 'dimension'>,
  queries: Float32Array,
  k: number,
  allowed: Uint8Array | null
): Answers {
  const { dimension } = vectors
  const count = queries.length / dimension
  const best = Array.from({ length: count }, () => new Best(k))
  for (let first = 0; first < vectors.rows; first += blockRows) {
    const rows = Uint32Array.from({ length: Math.min(blockRows, vectors.rows - first) }, (_, index) => first + index)
    const wanted = allowed === null ? rows : rows.filter((row) => allowed[row] !== 0)
    if (wanted.length === 0) continue
    const block = vectors.read(wanted)
    for (let query = 0; query < count; query++) {
      const own = queries.subarray(query * dimension, (query + 1) * dimension)
      for (let place = 0; place < wanted.length; place++) {
        best[query]!.offer(wanted[place]!, dot(own, block, place * dimension))
      }
    }
  }
  const answers: Answers = {
    k,
    rows: new Uint32Array(count * k),
    distances: new Float32Array(count * k),
    counts: new Uint32Array(count)
  }
  best.forEach(({ items }, query) => {
    answers.counts[query] = items.length
    items.forEach(({ row, product }, place) => {
      answers.rows[query * k + place] = row
      answers.distances[query * k + place] = -product
    })
  })
  return answers
}

function dot(query: Float32Array, rows: Float32Array, start: number): number {
  let [a, b, c, d] = [0, 0, 0, 0]
  let index = 0
  for (; index + 3 < query.length; index += 4) {
    a += query[index]! * rows[start + index]!
    b += query[index + 1]! * rows[start + index + 1]!
    c += query[index + 2]! * rows[start + index + 2]!
    d += query[index + 3]! * rows[start + index + 3]!
  }
  for (; index < query.length; index++) a += query[index]! * rows[start + index]!
  return Math.fround(a + b + (c + d))
}

/** The largest of what was offered, in order. */
class Best {
  readonly items: { row: number; product: number }[] = []
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  offer(row: number, product: number): void {
    const { items } = this
    if (items.length === this.#most && product <= items.at(-1)!.product) return
    let [low, high] = [0, items.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (items[middle]!.product >= product) low = middle + 1
      else high = middle
    }
    items.splice(low, 0, { row, product })
    if (items.length > this.#most) items.pop()
  }
}
