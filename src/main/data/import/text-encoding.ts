import { isUtf8 } from 'node:buffer'
import { LabError } from '../../contract/error.ts'
import type { Encoding } from '../../contract/import.ts'

/** Multi-byte characters and bytes that belong to none, as far as a text was looked at. */
interface Utf8Count {
  characters: number
  broken: number
}

const markOf: readonly [Encoding, readonly number[]][] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]]
]

/**
 * Tells how a text is encoded from its beginning: by its byte order mark; by every other byte being zero, as in UTF-16
 * of western text; as UTF-8 where more bytes fit than do not; else Windows-1252, of which Latin-1 is a part.
 */
export function tellEncoding(head: Buffer): Encoding {
  const marked = markOf.find(([, mark]) => mark.every((byte, n) => head[n] === byte))
  if (marked) return marked[0]
  const utf16 = unmarkedUtf16(head)
  if (utf16) return utf16
  if (isUtf8(head)) return 'utf-8'
  const { characters, broken } = countUtf8(head)
  return broken > characters && !head.includes(0) ? 'windows-1252' : 'utf-8'
}

/**
 * Whether a text that is neither UTF-8 nor UTF-16 can hardly be of western Europe: there, letters beyond ASCII stand alone among
 * others; in Cyrillic, Greek, Chinese, Japanese or Korean they follow each other.
 */
export function hardlyWestern(head: Buffer): boolean {
  let beyond = 0
  let beside = 0
  for (let i = 0; i < head.length; i++) {
    if (head[i]! < 0x80) continue
    beyond++
    if ((head[i - 1] ?? 0) >= 0x80 || (head[i + 1] ?? 0) >= 0x80) beside++
  }
  return beyond >= 4 && beside > beyond / 2
}

/** In these every byte means something, or, in UTF-16, what means nothing has a sign of its own. */
const neverFail: readonly Encoding[] = ['windows-1252', 'utf-16le', 'utf-16be']

/** Turns the bytes of a text into UTF-8 without a byte order mark, chunk by chunk. */
export class Utf8Converter {
  readonly #encoding: Encoding
  readonly #decoder: TextDecoder | null
  #atStart = true

  constructor(encoding: Encoding) {
    this.#encoding = encoding
    const fatal = !neverFail.includes(encoding)
    this.#decoder = encoding === 'utf-8' || encoding === 'latin-1' ? null : new TextDecoder(encoding, { fatal })
  }

  push(chunk: Buffer): Buffer {
    const bytes = this.#atStart && this.#encoding === 'utf-8' ? withoutMark(chunk) : chunk
    if (chunk.length > 0) this.#atStart = false
    if (this.#decoder) return this.#decoded(this.#decoder, bytes)
    return this.#encoding === 'latin-1' ? Buffer.from(bytes.toString('latin1')) : bytes
  }

  end(): Buffer {
    return this.#decoder ? this.#decoded(this.#decoder, null) : Buffer.alloc(0)
  }

  #decoded(decoder: TextDecoder, bytes: Buffer | null): Buffer {
    try {
      return Buffer.from(bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode())
    } catch (cause) {
      throw new LabError(
        'encoding-wrong',
        `The file is no text in ${this.#encoding}: it holds bytes that mean nothing there. Choose another encoding (--encoding), or none, and look at the first rows.`,
        { cause, details: { encoding: this.#encoding } }
      )
    }
  }
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}

function unmarkedUtf16(head: Buffer): Encoding | null {
  const length = Math.min(head.length & ~1, 512)
  if (length < 4) return null
  let even = 0
  let odd = 0
  for (let i = 0; i < length; i += 2) {
    if (head[i] === 0) even++
    if (head[i + 1] === 0) odd++
  }
  if (odd > length * 0.35 && even === 0) return 'utf-16le'
  if (even > length * 0.35 && odd === 0) return 'utf-16be'
  return null
}

function countUtf8(bytes: Buffer): Utf8Count {
  let characters = 0
  let broken = 0
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!
    if (byte < 0x80) continue
    const more = byte >= 0xc2 && byte < 0xe0 ? 1 : byte >= 0xe0 && byte < 0xf0 ? 2 : byte >= 0xf0 && byte < 0xf5 ? 3 : 0
    // A character that the end of the head cuts is neither.
    if (more > 0 && i + more >= bytes.length) break
    let found = 0
    while (found < more && (bytes[i + 1 + found]! & 0xc0) === 0x80) found++
    if (more > 0 && found === more) {
      characters++
      i += more
    } else broken++
  }
  return { characters, broken }
}
