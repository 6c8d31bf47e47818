import { accentRanges, markRanges, controlRanges } from './bert-characters.ts'
import { classMembers } from './character-class.ts'
import { Charsmap } from './charsmap.ts'
import { regularExpression, type NormalizerDefinition } from './definition.ts'

/** What is done to a text before it is split. */
export type Normalizer = (text: string) => string

export function makeNormalizer(definition: NormalizerDefinition | null | undefined): Normalizer {
  if (!definition) return (text) => text
  switch (definition.type) {
    case 'Sequence': {
      const steps = definition.normalizers.map(makeNormalizer)
      return (text) => steps.reduce((changed, step) => step(changed), text)
    }
    case 'BertNormalizer':
      return bertNormalizer(definition)
    case 'Precompiled': {
      const charsmap = new Charsmap(Buffer.from(definition.precompiled_charsmap, 'base64'))
      return (text) => charsmap.normalize(text)
    }
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD':
      return (text) => (isAscii(text) ? text : text.normalize(definition.type))
    case 'Lowercase':
      return lowercase
    case 'StripAccents':
      // By the reference's own table: Node knows marks of newer Unicode, which the reference keeps.
      return (text) => text.replace(marks, '')
    case 'Strip':
      return (text) => {
        const left = definition.strip_left ? text.replace(/^\p{White_Space}+/u, '') : text
        return definition.strip_right ? withoutTrailing(left) : left
      }
    case 'Replace': {
      const expression = regularExpression(definition.pattern)
      return (text) => text.replace(expression, () => definition.content)
    }
    case 'Prepend':
      return (text) => (text === '' ? text : definition.prepend + text)
  }
}

/** The steps of a normaliser, one after the other. */
export function stepsOf(definition: NormalizerDefinition | null | undefined) {
  if (!definition) return []
  return definition.type === 'Sequence' ? definition.normalizers : [definition]
}

/** BERT's own cleaning: controls away, every white space a blank, CJK apart, accents away, lower case. */
function bertNormalizer(definition: {
  clean_text: boolean
  handle_chinese_chars: boolean
  strip_accents?: boolean | null | undefined
  lowercase: boolean
}): Normalizer {
  const strip = definition.strip_accents ?? definition.lowercase
  return (text) => {
    let changed = text
    if (definition.clean_text) changed = changed.replace(controls, '').replace(whiteSpace, ' ')
    if (isAscii(changed)) return definition.lowercase ? changed.toLowerCase() : changed
    if (definition.handle_chinese_chars) changed = changed.replace(ideographs, ' $& ')
    if (strip) changed = changed.normalize('NFD').replace(accents, '')
    return definition.lowercase ? lowercase(changed) : changed
  }
}

const controls = new RegExp(`[${classMembers(controlRanges)}]`, 'gu')
const marks = new RegExp(`[${classMembers(markRanges)}]`, 'gu')
const accents = new RegExp(`[${classMembers(accentRanges)}]`, 'gu')
const whiteSpace = /\p{White_Space}/gu
/** The blocks that BERT calls Chinese; kana and Hangul are not among them. */
const ideographs =
  /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu

/** Character by character: a whole word would get the final sigma, which the tokenizers do not make. */
function lowercase(text: string): string {
  if (isAscii(text)) return text.toLowerCase()
  let lower = ''
  for (const character of text) lower += character.toLowerCase()
  return lower
}

function isAscii(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are ASCII too
  return /^[\x00-\x7f]*$/.test(text)
}

/** A regular expression anchored at the end would try every run of blanks in a long text. */
function withoutTrailing(text: string): string {
  let end = text.length
  while (end > 0 && /\p{White_Space}/u.test(text[end - 1]!)) end--
  return text.slice(0, end)
}
