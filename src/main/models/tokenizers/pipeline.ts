import { makeSplitter } from './added-tokens.ts'
import { makeDecoder } from './decoders.ts'
import type { Definition } from './definition.ts'
import { makeModel } from './models.ts'
import { makeNormalizer, stepsOf } from './normalizers.ts'
import { makeTemplates, type Template } from './post-processors.ts'
import { makePreTokenizer } from './pre-tokenizers.ts'
import type { EncodeOptions, SpecialIds, Tokenizer } from './tokenizer.ts'

/**
 * A tokenizer from its definition, step by step as Hugging Face's Rust library goes: added tokens out, normalise, added
 * tokens out again, split into words, words into pieces, special tokens around.
 * @throws LabError `model-file-invalid`
 */
export function makeTokenizer(
  definition: Definition,
  { special, modelMaxTokens, cleanUp }: { special: SpecialIds; modelMaxTokens: number | null; cleanUp: boolean }
): Tokenizer {
  const encodeText = makeEncoder(definition)
  const { tokens, ids } = makeVocabulary(definition)
  const templates = makeTemplates(definition.post_processor)
  const decoder = makeDecoder(definition.decoder)
  const specialIds = new Set(definition.added_tokens.filter((token) => token.special).map(({ id }) => id))

  const encode = (text: string, pair?: string, options: EncodeOptions = {}): number[] => {
    const { special: withSpecial = true, maxTokens = Infinity } = options
    const kind = pair === undefined ? 'single' : 'pair'
    const template = withSpecial ? templates[kind] : pair === undefined ? (['A'] as const) : (['A', 'B'] as const)
    const first = encodeText(text)
    const second = pair === undefined ? [] : encodeText(pair)
    cut(first, second, Math.max(0, maxTokens - template.filter((place) => typeof place === 'number').length))
    return fill(template, first, second)
  }

  return {
    special,
    vocabularySize: tokens.length,
    modelMaxTokens,
    encode,
    encodeBatch: (texts, options) => texts.map((text) => encode(text, undefined, options)),
    decode: (given, { skipSpecial = true } = {}) => {
      const kept = skipSpecial ? given.filter((id) => !specialIds.has(id)) : given
      const text = decoder(kept.map((id) => tokens[id]).filter((token) => token !== undefined)).join('')
      return cleanUp ? withoutBlanksBeforeMarks(text) : text
    },
    idOf: (token) => ids.get(token) ?? null,
    tokenOf: (id) => tokens[id] ?? null
  }
}

/** As `clean_up_tokenization` of Transformers. */
function withoutBlanksBeforeMarks(text: string): string {
  return text
    .replace(/ ([.?!,])/g, '$1')
    .replaceAll(" ' ", "'")
    .replace(/ (n't|'m|'s|'ve|'re)/g, '$1')
}

/** Text to ids without anything around it. */
function makeEncoder(definition: Definition): (text: string) => number[] {
  const normalize = makeNormalizer(definition.normalizer)
  const split = makePreTokenizer(definition.pre_tokenizer)
  const stripsLeft = stepsOf(definition.normalizer).some((step) => step.type === 'Strip' && step.strip_left)
  const model = makeModel(definition.model)
  const asWritten = definition.added_tokens.filter((token) => !token.normalized)
  const normalized = definition.added_tokens.filter((token) => token.normalized)
  const splitAsWritten = makeSplitter(
    asWritten,
    asWritten.map(({ content }) => content)
  )
  const splitNormalized = makeSplitter(
    normalized,
    normalized.map(({ content }) => normalize(content))
  )
  return (text) => {
    const out: number[] = []
    for (const outer of splitAsWritten(text.toWellFormed())) {
      if ('id' in outer) {
        out.push(outer.id)
        continue
      }
      for (const section of splitNormalized(normalize(outer.text))) {
        if ('id' in section) out.push(section.id)
        else {
          // The reference asks where a word was before normalising: behind white space that was stripped it is not first.
          const moved = stripsLeft && /^\p{White_Space}/u.test(outer.text)
          const atStart = outer.start === 0 && section.start === 0 && !moved
          for (const word of split(section.text, atStart)) model.tokenize(word, out)
        }
      }
    }
    return out
  }
}

function makeVocabulary(definition: Definition): { tokens: (string | undefined)[]; ids: Map<string, number> } {
  const { model } = definition
  const entries: [string, number][] =
    model.type === 'Unigram' ? model.vocab.map(([piece], id) => [piece, id]) : [...model.vocab]
  for (const { content, id } of definition.added_tokens) entries.push([content, id])
  const tokens: (string | undefined)[] = []
  for (const [token, id] of entries) tokens[id] = token
  return { tokens: Array.from(tokens), ids: new Map(entries) }
}

function fill(template: Template, first: readonly number[], second: readonly number[]): number[] {
  const ids: number[] = []
  for (const place of template) {
    if (typeof place === 'number') ids.push(place)
    else for (const id of place === 'A' ? first : second) ids.push(id)
  }
  return ids
}

/** Cuts the texts to `most` ids together: the longer one first, then both to a half. */
function cut(first: number[], second: number[], most: number): void {
  if (first.length + second.length <= most) return
  const shorter = Math.min(first.length, second.length)
  let [short, long] = [shorter, Math.max(shorter, most - shorter)]
  if (short + long > most) {
    short = Math.floor(most / 2)
    long = short + (most % 2)
  }
  const firstIsLonger = first.length > second.length
  first.length = Math.min(first.length, firstIsLonger ? long : short)
  second.length = Math.min(second.length, firstIsLonger ? short : long)
}
