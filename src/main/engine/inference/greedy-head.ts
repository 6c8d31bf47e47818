/**
 * Which word comes next, greedily. On the processor a large head is screened: its weight in 8 bits says which words can have the largest
 * score, and theirs alone are computed from the weight in full. Where that does not decide, the head does, so that the ids are its own.
 */
import { headGraph } from '../../models/decoding-graphs.ts'
import { headOf, paysToScreen } from '../../models/screen-graph.ts'
import { checkFinite } from '../finite.ts'
import { float32, floats, integers, type Tensors } from '../tensors.ts'
import type { Constraints, DecodedRow } from './constraints.ts'
import { seq2seqConfig } from './decoder.ts'
import type { InferenceModel, Runners } from './model.ts'
import { Screen, type HeadWeights } from './screen.ts'
import type { WordChoice } from './word-choice.ts'

const scores = 'the scores of the next token'

export class GreedyHead {
  readonly #model: InferenceModel
  readonly #runners: Runners
  readonly #constraints: Constraints
  readonly #weights: HeadWeights | null

  constructor(model: InferenceModel, runners: Runners, constraints: Constraints) {
    this.#model = model
    this.#runners = runners
    this.#constraints = constraints
    this.#weights = weightsToScreen(model, constraints)
  }

  /** Whether screening a head of so many weights saves time. */
  static pays(weights: number): boolean {
    return paysToScreen(weights)
  }

  /** Steps end before the head. */
  get headless(): boolean {
    return this.#weights !== null
  }

  /** What a step takes for the constraints: where the head is a part of it, what must not come. */
  feeds(rows: readonly DecodedRow[]): Tensors {
    return this.headless ? {} : this.#constraints.feeds(rows)
  }

  /**
   * The likeliest ids behind the rows of the step that gave these outputs.
   * @param asked those of the rows for which they are asked; of others any id is given
   */
  async next(outputs: Tensors, rows: readonly DecodedRow[], asked: readonly number[]): Promise<number[]> {
    if (!this.#weights) return integers(outputs['next']!)
    if (asked.length === 0) return rows.map(() => 0)
    const hidden = floats(outputs['hidden']!)
    checkFinite(hidden, scores)
    const screen = await this.#screen(this.#weights, hidden)
    const screened = await screen?.choose(hidden, asked, (row) => this.#constraints.banned(rows[row]!))
    const ids = rows.map(() => 0)
    const open: number[] = []
    for (const [at, row] of asked.entries()) {
      const id = screened?.[at] ?? null
      if (id === null) open.push(row)
      else ids[row] = id
    }
    if (open.length > 0) {
      const decided = await this.#decide(hidden, rows, open)
      open.forEach((row, at) => (ids[row] = decided[at]!))
    }
    return ids
  }

  /** By the head itself. */
  async #decide(hidden: Float32Array, rows: readonly DecodedRow[], open: readonly number[]): Promise<number[]> {
    const { bans } = this.#constraints
    const { width } = this.#weights!
    const config = seq2seqConfig(this.#model)
    const head = await this.#runners.get(`head ${bans}`, () => headGraph(config, this.#model.parameters, { bans }))
    const states = new Float32Array(open.length * width)
    open.forEach((row, at) => states.set(hidden.subarray(row * width, (row + 1) * width), at * width))
    const outputs = await head.run({
      hidden: float32(states, [open.length, width]),
      ...this.#constraints.feeds(open.map((row) => rows[row]!))
    })
    checkFinite(floats(outputs['sums']!), scores)
    return integers(outputs['next']!)
  }

  #screen(weights: HeadWeights, hidden: Float32Array): Promise<WordChoice | null> {
    return this.#runners.screen ?? this.#runners.keep(Screen.open(this.#runners, weights, hidden))
  }
}

/** The weights of a head that is to be screened; null where it is not. */
function weightsToScreen(model: InferenceModel, { repetitionPenalty }: Constraints): HeadWeights | null {
  const { parameters, live, provider } = model
  // Weights that change would have to be rounded after every step; a penalty changes scores, which may then be above their bounds.
  if (live || provider !== 'cpu' || repetitionPenalty !== null) return null
  const { weight, bias, dims } = headOf(seq2seqConfig(model), parameters)
  if (!GreedyHead.pays(dims[0] * dims[1])) return null
  return { weight: model.weight(weight), bias: bias === null ? null : model.weight(bias), width: dims[1] }
}
