import { LabError } from '../../contract/error.ts'

/**
 * SentencePiece's compiled normalisation table: a double-array trie from UTF-8 strings to positions in a list of
 * replacements that each end in a zero byte.
 * @see https://github.com/google/sentencepiece/blob/master/src/normalizer.cc
 */
export class Charsmap {
  private readonly units: Uint32Array
  private readonly replacements: Uint8Array
  /** Most tables leave printable ASCII as it is; one that folds case, or somebody's own, does not. */
  private readonly sparesAscii: boolean
  private readonly known = new Map<string, string | null>()

  /** @throws LabError `model-file-invalid` */
  constructor(bytes: Uint8Array) {
    const trieBytes = bytes.length >= 4 ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) : 0
    if (trieBytes === 0 || trieBytes % 4 !== 0 || 4 + trieBytes > bytes.length) {
      throw new LabError('model-file-invalid', "The tokenizer's normalisation table (precompiled_charsmap) is damaged.")
    }
    this.units = new Uint32Array(Uint8Array.from(bytes.subarray(4, 4 + trieBytes)).buffer)
    this.replacements = bytes.subarray(4 + trieBytes)
    this.sparesAscii = printableAscii.every((character) => this.lookUp(character) === null)
  }

  /**
   * Replaces what the table lists, as Hugging Face's tokenizers do: grapheme by grapheme, a short one by the replacement
   * of its shortest listed prefix (the rest of it is dropped), else character by character.
   */
  normalize(text: string): string {
    if (!this.sparesAscii) return this.normalizeRun(text)
    return text.replace(beyondPlainAscii, (run) => this.normalizeRun(run))
  }

  private normalizeRun(run: string): string {
    let normalized = ''
    for (const { segment } of graphemes.segment(run)) {
      const whole = utf8Length(segment) < 6 ? this.lookUp(segment) : null
      if (whole !== null) normalized += whole
      else for (const character of segment) normalized += this.lookUp(character) ?? character
    }
    return normalized
  }

  /** The replacement of the shortest prefix of `text` that the table lists, or null. */
  private lookUp(text: string): string | null {
    const before = this.known.get(text)
    if (before !== undefined) return before
    const position = this.shortestPrefix(encoder.encode(text))
    const found = position === null ? null : this.replacementAt(position)
    if (this.known.size >= mostKnown) this.known.clear()
    this.known.set(text, found)
    return found
  }

  private shortestPrefix(key: Uint8Array): number | null {
    const { units } = this
    let position = offsetOf(units[0]!)
    for (const byte of key) {
      if (byte === 0) return null
      position ^= byte
      const unit = units[position]
      if (unit === undefined || (unit & 0x800000ff) >>> 0 !== byte) return null
      position ^= offsetOf(unit)
      if ((unit >>> 8) & 1) return (units[position] ?? 0) & 0x7fffffff
    }
    return null
  }

  private replacementAt(position: number): string {
    const end = this.replacements.indexOf(0, position)
    return decoder.decode(this.replacements.subarray(position, end < 0 ? undefined : end))
  }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
const printableAscii = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at))
const mostKnown = 50_000

/** Printable ASCII characters are graphemes of their own; where the table spares them, they are replaced only beside something else. */
const beyondPlainAscii = /(?:[ -~]?[^ -~]+)+[ -~]?/g

function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6)
}

function utf8Length(text: string): number {
  let length = 0
  for (const character of text) {
    const code = character.codePointAt(0)!
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return length
}
