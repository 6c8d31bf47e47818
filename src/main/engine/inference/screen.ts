/** A head that is screened: which words can have the largest score is known from its weight in 8 bits, and theirs alone are computed in full. */
import { exactChannels, screenGraph, screenNames } from '../../models/screen-graph.ts'
import { float32, floats, integers, tensor, type Tensor } from '../tensors.ts'
import type { Runner, Runners } from './model.ts'
import { largestChannels, roundingOf, screenTables } from './screen-tables.ts'
import type { WordChoice } from './word-choice.ts'

/** Words that are looked at for each answer; what is still open then is decided by the head. */
const mostWords = 64
/** So many more batches that were not decided than those that were, and screening ends. */
const patience = 8

/** A head's weight `[vocabulary, width]` and its bias `[vocabulary]`. */
export interface HeadWeights {
  weight: Float32Array
  bias: Float32Array | null
  width: number
}

/** A word's score, and how far the head's own, in fp32, can be from it. */
interface Score {
  word: number
  value: number
  margin: number
}

interface Bounded {
  word: number
  /** No score that the head computes is above it. */
  bound: number
}

export class Screen implements WordChoice {
  readonly #runner: Runner
  readonly #head: HeadWeights
  #patience = patience

  private constructor(runner: Runner, head: HeadWeights) {
    this.#runner = runner
    this.#head = head
  }

  /**
   * @param hidden states of which the channels are chosen that are not rounded; the choice changes only how often the screen decides
   * @returns null where the weights hold values that are no numbers
   */
  static async open(runners: Runners, head: HeadWeights, hidden: Float32Array): Promise<Screen | null> {
    const { weight, bias, width } = head
    const exact = largestChannels(hidden, width, exactChannels)
    const tables = screenTables(weight, bias, width, exact)
    if (tables === null) return null
    const vocabulary = weight.length / width
    const besides: Record<string, Tensor> = {
      [screenNames.values]: tensor('int8', tables.values, [width, vocabulary]),
      [screenNames.scale]: float32(tables.scale, [vocabulary]),
      [screenNames.terms]: float32(tables.terms, [tables.terms.length / vocabulary, vocabulary])
    }
    const words = Math.min(mostWords, vocabulary)
    const runner = await runners.get(
      'screen',
      () => screenGraph({ width, vocabulary, exact, words }),
      () => ({ besides: (name) => besides[name], frozen: true })
    )
    return new Screen(runner, head)
  }

  async choose(
    hidden: Float32Array,
    asked: readonly number[],
    banned: (row: number) => ReadonlySet<number>
  ): Promise<(number | null)[]> {
    const { width } = this.#head
    if (this.#patience === 0) return asked.map(() => null)
    const outputs = await this.#runner.run({ hidden: float32(hidden, [hidden.length / width, width]) })
    const [upper, unit] = [floats(outputs['upper']!), floats(outputs['unit']!)]
    const words = integers(outputs['words']!)
    const count = words.length / unit.length
    const chosen = asked.map((row) => {
      const bounded = words
        .slice(row * count, (row + 1) * count)
        .map((word, at) => ({ word, bound: upper[row * count + at]! * unit[row]! }))
      return this.#largest(hidden.subarray(row * width, (row + 1) * width), bounded, banned(row))
    })
    const change = chosen.includes(null) ? -1 : 1
    this.#patience = Math.min(this.#patience + change, 2 * patience)
    return chosen
  }

  /** Words are computed, the highest bound first, until no other can be above the best. */
  #largest(hidden: Float32Array, words: readonly Bounded[], banned: ReadonlySet<number>): number | null {
    const scores: Score[] = []
    let best: Score | null = null
    for (const { word, bound } of words) {
      if (best && bound < best.value - best.margin) return alone(best, scores)
      if (banned.has(word)) continue
      const score = this.#score(hidden, word)
      scores.push(score)
      if (!best || score.value > best.value) best = score
    }
    const all = words.length === this.#head.weight.length / this.#head.width
    return best && all ? alone(best, scores) : null
  }

  #score(hidden: Float32Array, word: number): Score {
    const { weight, bias, width } = this.#head
    const start = word * width
    let [value, size] = [0, 0]
    for (let at = 0; at < width; at++) {
      const product = hidden[at]! * weight[start + at]!
      value += product
      size += Math.abs(product)
    }
    const own = bias?.[word] ?? 0
    return { word, value: value + own, margin: roundingOf(width) * (size + Math.abs(own)) }
  }
}

/** The best word, unless another lies so near that the head may round it the other way. */
function alone(best: Score, scores: readonly Score[]): number | null {
  const least = best.value - best.margin
  return scores.some((score) => score !== best && !(score.value + score.margin < least)) ? null : best.word
}
