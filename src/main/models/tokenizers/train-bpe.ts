import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../../contract/error.ts'
import { writeWhole } from '../../files/durable.ts'
import { byteCharacters } from './byte-level.ts'
import type { DefinitionInput } from './definition.ts'
import { Heap } from './heap.ts'
import { makePreTokenizer } from './pre-tokenizers.ts'

/** BART's special tokens, at ids 0 to 4. */
const specialTokens = ['<s>', '<pad>', '</s>', '<unk>', '<mask>'] as const

/**
 * Learns a byte-level BPE vocabulary in BART's layout: special tokens, the 256 bytes, then merges by frequency until the
 * vocabulary has `vocabularySize` tokens or no pair is left. The same texts give the same vocabulary as Hugging Face's
 * trainer: most frequent pair first, of equal ones the pair with the smaller ids.
 * @see Sennrich et al. 2016, arXiv 1508.07909
 * @throws LabError `vocabulary-size` where there is no room for the bytes
 */
export function trainByteLevelBpe(texts: Iterable<string>, vocabularySize: number): DefinitionInput {
  const ids = new Map<string, number>(specialTokens.map((token, id) => [token, id]))
  for (const character of [...byteCharacters].sort()) ids.set(character, ids.size)
  if (!Number.isSafeInteger(vocabularySize) || vocabularySize < ids.size || vocabularySize > 1_000_000) {
    throw new LabError(
      'vocabulary-size',
      `A vocabulary of ${vocabularySize} tokens is not possible: expected ${ids.size} (the bytes) to 1,000,000.`
    )
  }
  const merges = learnMerges(countWords(texts), ids, vocabularySize)
  return {
    added_tokens: specialTokens.map((content, id) => ({ id, content, lstrip: content === '<mask>', special: true })),
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false },
    model: { type: 'BPE', vocab: Object.fromEntries(ids), merges },
    post_processor: { type: 'RobertaProcessing', sep: ['</s>', 2], cls: ['<s>', 0] },
    decoder: { type: 'ByteLevel' }
  }
}

/** Writes a tokenizer made by `trainByteLevelBpe` as tokenizer.json and tokenizer_config.json. */
export async function writeTokenizer(folder: string, definition: DefinitionInput, maxTokens: number): Promise<void> {
  const complete = {
    version: '1.0',
    truncation: null,
    padding: null,
    ...definition,
    normalizer: null,
    added_tokens: definition.added_tokens?.map((token) => ({
      single_word: false,
      rstrip: false,
      normalized: false,
      ...token
    })),
    pre_tokenizer: { trim_offsets: true, use_regex: true, ...definition.pre_tokenizer },
    post_processor: { trim_offsets: true, add_prefix_space: false, ...definition.post_processor },
    decoder: { add_prefix_space: true, trim_offsets: true, use_regex: true, ...definition.decoder }
  }
  const config = {
    tokenizer_class: 'BartTokenizer',
    model_max_length: maxTokens,
    bos_token: '<s>',
    eos_token: '</s>',
    cls_token: '<s>',
    sep_token: '</s>',
    unk_token: '<unk>',
    pad_token: '<pad>',
    mask_token: {
      __type: 'AddedToken',
      content: '<mask>',
      lstrip: true,
      rstrip: false,
      single_word: false,
      normalized: false
    },
    add_prefix_space: false,
    clean_up_tokenization_spaces: false
  }
  await mkdir(folder, { recursive: true })
  await writeWhole(join(folder, 'tokenizer_config.json'), `${JSON.stringify(config, null, 2)}\n`)
  await writeWhole(join(folder, 'tokenizer.json'), `${JSON.stringify(complete)}\n`)
}

function countWords(texts: Iterable<string>): Map<string, number> {
  const split = makePreTokenizer({ type: 'ByteLevel', add_prefix_space: false, use_regex: true })
  const counts = new Map<string, number>()
  for (const text of texts) {
    for (const word of split(text.toWellFormed(), true)) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return counts
}

interface Candidate {
  left: number
  right: number
  count: number
}

/** Adds the tokens that it learns to `ids` and returns the merges, most frequent first. */
function learnMerges(counts: ReadonlyMap<string, number>, ids: Map<string, number>, size: number): [string, string][] {
  const tokens = [...ids.keys()]
  const words = [...counts].map(([word, count]) => ({
    symbols: Array.from(word, (character) => ids.get(character)!),
    count
  }))
  const pairs = new Pairs()
  for (const [index, { symbols, count }] of words.entries()) {
    for (let i = 0; i + 1 < symbols.length; i++) pairs.change(symbols[i]!, symbols[i + 1]!, count, index)
  }
  const queue = new Heap<Candidate>((a, b) =>
    a.count !== b.count ? a.count > b.count : a.left !== b.left ? a.left < b.left : a.right < b.right
  )
  for (const candidate of pairs.takeChanged()) queue.push(candidate)

  const merges: [string, string][] = []
  while (ids.size < size) {
    const top = queue.pop()
    if (!top) break
    const { left, right } = top
    const count = pairs.count(left, right)
    if (count !== top.count) {
      // Counts of queued pairs only fall; put it back where it belongs now.
      if (count > 0) queue.push({ left, right, count })
      continue
    }
    const token = tokens[left]! + tokens[right]!
    const id = ids.get(token) ?? tokens.push(token) - 1
    ids.set(token, id)
    merges.push([tokens[left]!, tokens[right]!])
    for (const index of pairs.wordsWith(left, right)) {
      const { symbols, count: times } = words[index]!
      joinPair(symbols, [left, right], id, (a, b, sign) => pairs.change(a, b, sign * times, index))
    }
    pairs.forget(left, right)
    for (const candidate of pairs.takeChanged()) queue.push(candidate)
  }
  return merges
}

/** Replaces each `left, right` in `symbols` by `made`, and tells which neighbourhoods came and went. */
function joinPair(
  symbols: number[],
  [left, right]: readonly [number, number],
  made: number,
  change: (a: number, b: number, sign: 1 | -1) => void
): void {
  for (let i = 0; i + 1 < symbols.length; i++) {
    if (symbols[i] !== left || symbols[i + 1] !== right) continue
    if (i > 0) {
      change(symbols[i - 1]!, left, -1)
      change(symbols[i - 1]!, made, 1)
    }
    symbols.splice(i, 2, made)
    if (i + 1 < symbols.length) {
      change(right, symbols[i + 1]!, -1)
      change(made, symbols[i + 1]!, 1)
    }
  }
}

/** How often each pair of neighbours occurs, and in which words. */
class Pairs {
  private readonly byKey = new Map<number, { count: number; words: Set<number> }>()
  private readonly risen = new Set<number>()

  count(left: number, right: number): number {
    return this.byKey.get(keyOf(left, right))?.count ?? 0
  }

  wordsWith(left: number, right: number): number[] {
    return [...(this.byKey.get(keyOf(left, right))?.words ?? [])]
  }

  change(left: number, right: number, by: number, word: number): void {
    const key = keyOf(left, right)
    let pair = this.byKey.get(key)
    if (!pair) this.byKey.set(key, (pair = { count: 0, words: new Set() }))
    pair.count += by
    if (by <= 0) return
    pair.words.add(word)
    this.risen.add(key)
  }

  forget(left: number, right: number): void {
    this.byKey.delete(keyOf(left, right))
    this.risen.delete(keyOf(left, right))
  }

  /** The pairs that have become more frequent since the last call. */
  takeChanged(): Candidate[] {
    const changed = [...this.risen].map((key) => {
      const [left, right] = [Math.floor(key / keyFactor), key % keyFactor]
      return { left, right, count: this.byKey.get(key)?.count ?? 0 }
    })
    this.risen.clear()
    return changed.filter(({ count }) => count > 0)
  }
}

const keyFactor = 2 ** 21

function keyOf(left: number, right: number): number {
  return left * keyFactor + right
}
