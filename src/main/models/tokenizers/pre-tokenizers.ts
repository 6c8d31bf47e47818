import { punctuationRanges } from './bert-characters.ts'
import { toByteCharacters } from './byte-level.ts'
import { classMembers } from './character-class.ts'
import { prependScheme, type PreTokenizerDefinition } from './definition.ts'

/** Splits a text into the words that the model takes one by one. `atStart`: nothing came before it in the input. */
export type PreTokenizer = (text: string, atStart: boolean) => string[]

export function makePreTokenizer(definition: PreTokenizerDefinition | null | undefined): PreTokenizer {
  if (!definition) return (text) => [text]
  switch (definition.type) {
    case 'Sequence':
      return sequence(definition.pretokenizers.map(makePreTokenizer))
    case 'ByteLevel':
      return (text) => {
        const prefixed = definition.add_prefix_space && !text.startsWith(' ') ? ` ${text}` : text
        const words = definition.use_regex ? (prefixed.match(byteLevelWords) ?? []) : [prefixed]
        return words.map(toByteCharacters)
      }
    case 'BertPreTokenizer':
      return (text) => text.match(bertWords) ?? []
    case 'WhitespaceSplit':
      return (text) => text.match(/\P{White_Space}+/gu) ?? []
    case 'Whitespace':
      return (text) => text.match(wordsAndRest) ?? []
    case 'Punctuation':
      return (text) => text.match(punctuationApart) ?? []
    case 'Metaspace': {
      const { replacement, split = true } = definition
      const scheme = prependScheme(definition)
      return (text, atStart) => {
        let marked = text.replaceAll(' ', replacement)
        const prepends = scheme === 'always' || (scheme === 'first' && atStart)
        if (prepends && !marked.startsWith(replacement)) marked = replacement + marked
        return split ? splitBefore(marked, replacement) : [marked]
      }
    }
  }
}

/** GPT-2's words. `\s` is written out: in JavaScript it knows U+FEFF and not U+0085, the reverse of Rust. */
const byteLevelWords =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu
const punctuation = classMembers(punctuationRanges)
const bertWords = new RegExp(`[${punctuation}]|[^${punctuation}\\p{White_Space}]+`, 'gu')
const punctuationApart = new RegExp(`[${punctuation}]|[^${punctuation}]+`, 'gu')
const wordsAndRest =
  /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]+|[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}\p{White_Space}]+/gu

function sequence(steps: readonly PreTokenizer[]): PreTokenizer {
  return (text, atStart) => {
    let pieces = [text]
    for (const step of steps) {
      pieces = pieces.flatMap((piece, index) => step(piece, atStart && index === 0 && text.startsWith(piece)))
    }
    return pieces
  }
}

/** Each piece starts with the separator, except perhaps the first. */
function splitBefore(text: string, separator: string): string[] {
  const pieces: string[] = []
  let start = 0
  for (let next = text.indexOf(separator, 1); next >= 0; next = text.indexOf(separator, start + 1)) {
    pieces.push(text.slice(start, next))
    start = next
  }
  if (start < text.length) pieces.push(text.slice(start))
  return pieces
}
