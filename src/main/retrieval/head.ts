/**
 * A linear head on stored vectors: y = W x, brought to length 1. Two texts are as near as their heads' dot product. It is trained
 * on the vectors of an index alone, so that no encoder runs.
 */
export interface Head {
  readonly inputs: number
  readonly outputs: number
  /** Row-major `[outputs, inputs]`. */
  readonly weights: Float32Array
}

/** The head that leaves directions as they are: nearness is the cosine of the vectors themselves. */
export function identityHead(size: number): Head {
  const weights = new Float32Array(size * size)
  for (let place = 0; place < size; place++) weights[place * size + place] = 1
  return { inputs: size, outputs: size, weights }
}

/** Rows of `vectors`, row-major, through the head; each comes out with length 1, one of zeros as zeros. */
export function applyHead(head: Head, vectors: Float32Array): Float32Array {
  const { inputs, outputs } = head
  const rows = vectors.length / inputs
  const out = new Float32Array(rows * outputs)
  for (let row = 0; row < rows; row++) {
    const squares = multiply(head, vectors, row, out)
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0
    for (let output = 0; output < outputs; output++) out[row * outputs + output]! *= scale
  }
  return out
}

/** Writes the product of a row into the same row of `out`; gives the sum of its squares. */
function multiply(
  { inputs, outputs, weights }: Head,
  vectors: Float32Array,
  row: number,
  out: Float32Array | Float64Array
): number {
  let squares = 0
  for (let output = 0; output < outputs; output++) {
    let sum = 0
    for (let input = 0; input < inputs; input++)
      sum += weights[output * inputs + input]! * vectors[row * inputs + input]!
    out[row * outputs + output] = sum
    squares += sum * sum
  }
  return squares
}

/** Candidates of a query set, and what share of a query's choice each deserves. */
export interface HeadList {
  /** `[queries, inputs]` and `[candidates, inputs]`, row-major. */
  readonly queries: Float32Array
  readonly candidates: Float32Array
  /** `[queries, candidates]`, row-major; each row sums to 1. */
  readonly targets: Float32Array
}

/**
 * Cross-entropy between the targets and the softmax of a query's nearness to the candidates, mean over queries, and its gradient by the
 * weights, which is added to `gradient`.
 * @param temperature nearness is divided by it
 */
export function headLoss(
  head: Head,
  list: HeadList,
  temperature: number,
  gradient: Float64Array | null = null
): number {
  const { inputs, outputs } = head
  const [count, others] = [list.queries.length / inputs, list.candidates.length / inputs]
  const q = forward(head, list.queries)
  const c = forward(head, list.candidates)
  const [dq, dc] = [new Float64Array(q.unit.length), new Float64Array(c.unit.length)]
  let loss = 0
  const scores = new Float64Array(others)
  for (let query = 0; query < count; query++) {
    let largest = -Infinity
    for (let other = 0; other < others; other++) {
      let sum = 0
      for (let place = 0; place < outputs; place++)
        sum += q.unit[query * outputs + place]! * c.unit[other * outputs + place]!
      scores[other] = sum / temperature
      largest = Math.max(largest, scores[other]!)
    }
    let total = 0
    for (const score of scores) total += Math.exp(score - largest)
    const log = largest + Math.log(total)
    for (let other = 0; other < others; other++) {
      const target = list.targets[query * others + other]!
      loss += (target * (log - scores[other]!)) / count
      if (gradient === null) continue
      const slope = (Math.exp(scores[other]! - log) - target) / (count * temperature)
      for (let place = 0; place < outputs; place++) {
        dq[query * outputs + place]! += slope * c.unit[other * outputs + place]!
        dc[other * outputs + place]! += slope * q.unit[query * outputs + place]!
      }
    }
  }
  if (gradient !== null) {
    backward(head, list.queries, { ...q, slopes: dq }, gradient)
    backward(head, list.candidates, { ...c, slopes: dc }, gradient)
  }
  return loss
}

interface Forward {
  /** Rows of length 1, and what they were divided by. */
  unit: Float64Array
  lengths: Float64Array
}

function forward(head: Head, vectors: Float32Array): Forward {
  const { inputs, outputs } = head
  const rows = vectors.length / inputs
  const unit = new Float64Array(rows * outputs)
  const lengths = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    const length = Math.sqrt(multiply(head, vectors, row, unit)) || 1
    lengths[row] = length
    for (let output = 0; output < outputs; output++) unit[row * outputs + output]! /= length
  }
  return { unit, lengths }
}

/** Through the division by the length, and through the product. */
function backward(
  { inputs, outputs }: Head,
  vectors: Float32Array,
  { unit, lengths, slopes }: Forward & { slopes: Float64Array },
  gradient: Float64Array
): void {
  for (let row = 0; row < lengths.length; row++) {
    const at = row * outputs
    let along = 0
    for (let place = 0; place < outputs; place++) along += slopes[at + place]! * unit[at + place]!
    for (let place = 0; place < outputs; place++) {
      const slope = (slopes[at + place]! - along * unit[at + place]!) / lengths[row]!
      if (slope === 0) continue
      const to = place * inputs
      for (let input = 0; input < inputs; input++) gradient[to + input]! += slope * vectors[row * inputs + input]!
    }
  }
}

export interface HeadSettings {
  learningRate: number
  temperature: number
  /** Share of the way back to where it began, at each step and unit of learning rate: what the pairs say nothing of stays as it was. */
  decay: number
}

/** Adam on a head's weights. */
export class HeadTrainer {
  readonly head: Head
  readonly #settings: HeadSettings
  readonly #start: Float32Array
  readonly #mean: Float64Array
  readonly #square: Float64Array
  readonly #gradient: Float64Array
  #steps = 0

  constructor(start: Head, settings: HeadSettings) {
    this.head = { ...start, weights: start.weights.slice() }
    this.#settings = settings
    this.#start = start.weights.slice()
    this.#mean = new Float64Array(start.weights.length)
    this.#square = new Float64Array(start.weights.length)
    this.#gradient = new Float64Array(start.weights.length)
  }

  /** One step on one list; gives its loss before the step. */
  step(list: HeadList): number {
    const { learningRate, temperature, decay } = this.#settings
    const { weights } = this.head
    this.#gradient.fill(0)
    const loss = headLoss(this.head, list, temperature, this.#gradient)
    this.#steps++
    const [meanShare, squareShare] = [1 - 0.9 ** this.#steps, 1 - 0.999 ** this.#steps]
    for (let place = 0; place < weights.length; place++) {
      const slope = this.#gradient[place]!
      const mean = (this.#mean[place] = 0.9 * this.#mean[place]! + 0.1 * slope)
      const square = (this.#square[place] = 0.999 * this.#square[place]! + 0.001 * slope * slope)
      weights[place] =
        weights[place]! -
        learningRate *
          (mean / meanShare / (Math.sqrt(square / squareShare) + 1e-8) +
            decay * (weights[place]! - this.#start[place]!))
    }
    return loss
  }
}
