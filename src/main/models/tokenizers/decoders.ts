import { fromByteCharacters } from './byte-level.ts'
import { prependScheme, regularExpression, type DecoderDefinition } from './definition.ts'

/** Turns tokens into the pieces of a text that are then put together. */
export type Decoder = (tokens: readonly string[]) => readonly string[]

export function makeDecoder(definition: DecoderDefinition | null | undefined): Decoder {
  // Without a decoder, tokens are words.
  if (!definition) return (tokens) => [tokens.join(' ')]
  switch (definition.type) {
    case 'Sequence': {
      const steps = definition.decoders.map(makeDecoder)
      return (tokens) => steps.reduce((pieces, step) => step(pieces), tokens)
    }
    case 'ByteLevel':
      return (tokens) => [fromByteCharacters(tokens)]
    case 'WordPiece': {
      const { prefix, cleanup } = definition
      return (tokens) =>
        tokens.map((token, index) => {
          const joins = index > 0 && token.startsWith(prefix)
          const piece = joins ? token.slice(prefix.length) : index > 0 ? ` ${token}` : token
          return cleanup ? cleanUp(piece) : piece
        })
    }
    case 'Metaspace': {
      const { replacement } = definition
      const drops = prependScheme(definition) !== 'never'
      return (tokens) => tokens.map((token, i) => token.replaceAll(replacement, i === 0 && drops ? '' : ' '))
    }
    case 'Replace': {
      const expression = regularExpression(definition.pattern)
      return (tokens) => tokens.map((token) => token.replace(expression, () => definition.content))
    }
    case 'Fuse':
      return (tokens) => [tokens.join('')]
    case 'Strip':
      return (tokens) => tokens.map((token) => strip(token, definition))
  }
}

/** Takes back blanks that splitting put before punctuation and English contractions. */
function cleanUp(text: string): string {
  return text
    .replaceAll(' .', '.')
    .replaceAll(' ?', '?')
    .replaceAll(' !', '!')
    .replaceAll(' ,', ',')
    .replaceAll(" ' ", "'")
    .replaceAll(" n't", "n't")
    .replaceAll(" 'm", "'m")
    .replaceAll(' do not', " don't")
    .replaceAll(" 's", "'s")
    .replaceAll(" 've", "'ve")
    .replaceAll(" 're", "'re")
}

/** At most `start` and `stop` times the character `content`, from either end. */
function strip(token: string, { content, start, stop }: { content: string; start: number; stop: number }): string {
  let from = 0
  let to = token.length
  while (from < start && token[from] === content) from++
  while (token.length - to < stop && to > from && token[to - 1] === content) to--
  return token.slice(from, to)
}
