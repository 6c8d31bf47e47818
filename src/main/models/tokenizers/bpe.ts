import { LabError } from '../../contract/error.ts'
import type { ModelDefinition } from './definition.ts'
import { Heap } from './heap.ts'
import type { SubwordModel } from './subword-model.ts'

type BpeDefinition = Extract<ModelDefinition, { type: 'BPE' }>

/**
 * Byte-pair encoding: starts from single characters and joins, again and again, the neighbours whose merge was learnt
 * first, the leftmost where there are several.
 * @see Sennrich et al. 2016, arXiv 1508.07909
 */
export function makeBpe(definition: BpeDefinition): SubwordModel {
  const ids = definition.vocab
  const unknown = definition.unk_token ? (ids.get(definition.unk_token) ?? null) : null
  const merges = new Merges(definition, ids)
  return {
    ids,
    tokenize: (word, out) => {
      const whole = definition.ignore_merges ? ids.get(word) : undefined
      if (whole !== undefined) out.push(whole)
      else merges.apply(charactersOf(word, ids, unknown, definition.fuse_unk), out)
    }
  }
}

/** Ids of the characters. One that is not in the vocabulary is the unknown token, or nothing where there is none. */
function charactersOf(word: string, ids: ReadonlyMap<string, number>, unknown: number | null, fuse: boolean): number[] {
  const symbols: number[] = []
  let afterUnknown = false
  for (const character of word) {
    const id = ids.get(character)
    if (id !== undefined) symbols.push(id)
    else if (unknown !== null && !(fuse && afterUnknown)) symbols.push(unknown)
    afterUnknown = id === undefined
  }
  return symbols
}

class Merges {
  /** Rank of a pair of ids; the pair is one number. */
  private readonly ranks = new Map<number, number>()
  /** Id that each rank's merge makes. */
  private readonly made: number[] = []
  private readonly factor: number

  constructor(definition: BpeDefinition, ids: ReadonlyMap<string, number>) {
    let largest = 0
    for (const id of ids.values()) if (id > largest) largest = id
    this.factor = largest + 1
    for (const merge of definition.merges) {
      const [left, right] = typeof merge === 'string' ? splitMerge(merge) : merge
      const leftId = ids.get(left)
      const rightId = ids.get(right)
      const id = ids.get(left + right)
      if (leftId === undefined || rightId === undefined || id === undefined) {
        throw new LabError(
          'model-file-invalid',
          `The tokenizer's merge ${this.made.length + 1}, "${left} ${right}", uses a token that is not in its vocabulary. ` +
            'Vocabulary and merges belong to different models; download the tokenizer files again.'
        )
      }
      this.ranks.set(leftId * this.factor + rightId, this.made.length)
      this.made.push(id)
    }
  }

  /** Joins neighbours until no merge is left, and appends the ids to `out`. */
  apply(symbols: number[], out: number[]): void {
    const count = symbols.length
    if (count < 2) {
      for (const symbol of symbols) out.push(symbol)
      return
    }
    // A doubly linked list over the positions; -1 marks a symbol that was joined to the one before it.
    const next = Int32Array.from(symbols, (_, i) => i + 1)
    const previous = Int32Array.from(symbols, (_, i) => i - 1)
    const queue = new Heap<number>((a, b) => a < b)
    const offer = (left: number, right: number): void => {
      const rank = this.rankOf(symbols[left]!, symbols[right]!)
      if (rank !== undefined) queue.push(rank * positionFactor + left)
    }
    for (let i = 0; i + 1 < count; i++) offer(i, i + 1)
    for (let top = queue.pop(); top !== undefined; top = queue.pop()) {
      const position = top % positionFactor
      const right = next[position]!
      if (symbols[position]! < 0 || right >= count) continue
      // The neighbours may have changed since the merge was offered.
      const rank = this.rankOf(symbols[position]!, symbols[right]!)
      const made = this.made[Math.floor(top / positionFactor)]!
      if (rank === undefined || this.made[rank] !== made) continue
      symbols[position] = made
      symbols[right] = -1
      next[position] = next[right]!
      if (next[position] < count) previous[next[position]] = position
      if (previous[position]! >= 0) offer(previous[position]!, position)
      if (next[position] < count) offer(position, next[position])
    }
    for (const symbol of symbols) if (symbol >= 0) out.push(symbol)
  }

  private rankOf(left: number, right: number): number | undefined {
    return this.ranks.get(left * this.factor + right)
  }
}

/** A queued merge is one number: rank first, then position. */
const positionFactor = 2 ** 31

function splitMerge(merge: string): [string, string] {
  const blank = merge.indexOf(' ')
  return [merge.slice(0, blank), merge.slice(blank + 1)]
}
