import { LabError } from '../../contract/error.ts'
import type { ModelDefinition } from './definition.ts'
import type { SubwordModel } from './subword-model.ts'
import { Trie } from './trie.ts'

/** What an unknown character costs beyond the least likely piece. */
const unknownPenalty = 10

/**
 * Unigram language model: of all ways to cut a word into known pieces, the one whose scores (log-probabilities) add up
 * highest. Neighbouring unknown characters become one unknown token.
 * @see Kudo 2018, arXiv 1804.10959
 */
export function makeUnigram(definition: Extract<ModelDefinition, { type: 'Unigram' }>): SubwordModel {
  const { vocab, unk_id: unknown } = definition
  if (unknown === null || unknown === undefined || unknown >= vocab.length) {
    throw new LabError('model-file-invalid', "The tokenizer's unknown token (unk_id) is not in its vocabulary.")
  }
  const ids = new Map<string, number>()
  const trie = new Trie()
  let least = Infinity
  for (const [id, [piece, score]] of vocab.entries()) {
    ids.set(piece, id)
    if (piece !== '') trie.add(piece, id)
    if (score < least) least = score
  }
  const scores = Float64Array.from(vocab, ([, score]) => score)
  const unknownScore = least - unknownPenalty
  const lattice = new Lattice()

  return {
    ids,
    tokenize: (word, out) => {
      lattice.reset(word.length)
      for (let start = 0; start < word.length;) {
        const width = word.codePointAt(start)! > 0xffff ? 2 : 1
        let single = false
        let node = 0
        for (let at = start; at < word.length; at++) {
          node = trie.child(node, word.charCodeAt(at))
          if (node < 0) break
          const id = trie.value(node)
          if (id < 0) continue
          lattice.offer(start, at + 1, scores[id]!, id)
          if (at + 1 - start === width) single = true
        }
        if (!single) lattice.offer(start, start + width, unknownScore, unknown)
        start += width
      }
      lattice.read(word, out, ids, unknown)
    }
  }
}

/** For each end position the best way to get there; reused from word to word. */
class Lattice {
  private best = new Float64Array(64)
  private from = new Int32Array(64)
  private id = new Int32Array(64)

  reset(length: number): void {
    if (this.best.length <= length) {
      const size = 2 * (length + 1)
      this.best = new Float64Array(size)
      this.from = new Int32Array(size)
      this.id = new Int32Array(size)
    }
    this.from.fill(-1, 0, length + 1)
    this.best[0] = 0
  }

  /** A piece from `start` to `end`; the first of two equal ways stays. */
  offer(start: number, end: number, score: number, id: number): void {
    const total = this.best[start]! + score
    if (this.from[end]! >= 0 && total <= this.best[end]!) return
    this.best[end] = total
    this.from[end] = start
    this.id[end] = id
  }

  /** Walks back from the end and appends the ids in reading order. */
  read(word: string, out: number[], ids: ReadonlyMap<string, number>, unknown: number): void {
    const backwards: number[] = []
    for (let end = word.length; end > 0;) {
      let start = this.from[end]!
      if (this.id[end] === unknown) {
        // Neighbouring unknown pieces are one token, which may after all be in the vocabulary.
        while (start > 0 && this.id[start] === unknown) start = this.from[start]!
        backwards.push(ids.get(word.slice(start, end)) ?? unknown)
      } else {
        backwards.push(this.id[end]!)
      }
      end = start
    }
    for (let i = backwards.length - 1; i >= 0; i--) out.push(backwards[i]!)
  }
}
