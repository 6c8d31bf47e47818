import { LabError } from '../../contract/error.ts'
import {
  backslash,
  closeArray,
  closeObject,
  colon,
  comma,
  newline,
  openArray,
  openObject,
  quote
} from './json-bytes.ts'
import { maxDepth, type Piece } from './raw-record.ts'
import { RecordParts } from './record-parts.ts'

type Place = 'root' | 'element' | 'after element' | 'key' | 'colon' | 'member' | 'after member' | 'end'

/**
 * Cuts a JSON text into records without parsing the whole. With the root an array: its elements. With the root an
 * object: the elements of its members that are arrays, and its other members whole, each with its `key`. With `values`:
 * every value of a text that holds several one after the other. Only brackets and strings are looked at here; a record
 * that is bad inside is found when it is parsed, and the rest goes on.
 */
export class JsonSplitter {
  readonly #file: string
  readonly #values: boolean
  #place: Place
  #line = 1
  #key: string | null = null
  #rootIsObject = false
  /** Within a value: its first byte's kind, nesting, and whether a string is open. */
  #inValue = false
  #readingKey = false
  #scalar = false
  #depth = 0
  #deepest = 0
  #inString = false
  #escaped = false
  #startLine = 1
  readonly #parts = new RecordParts()

  constructor(file: string, mode: 'elements' | 'values' = 'elements') {
    this.#file = file
    this.#values = mode === 'values'
    this.#place = this.#values ? 'element' : 'root'
  }

  /** The records that end in this chunk. */
  push(chunk: Buffer): Piece[] {
    const pieces: Piece[] = []
    let position = 0
    while (position < chunk.length) {
      if (this.#inValue) position = this.#scanValue(chunk, position, pieces)
      else {
        this.#between(chunk[position]!)
        if (!this.#inValue) position++
      }
    }
    return pieces
  }

  /** Throws json-cut where the text ended too early. */
  end(): Piece[] {
    const pieces: Piece[] = []
    if (this.#inValue && this.#scalar && this.#values) this.#finish(Buffer.alloc(0), pieces)
    const complete = this.#values ? !this.#inValue : this.#place === 'end'
    if (!complete) {
      const where = this.#inValue ? `in the record that starts at line ${this.#startLine}` : `at line ${this.#line}`
      throw new LabError('json-cut', `The JSON file ${this.#file} ends in the middle, ${where}. Get the file again.`, {
        details: { file: this.#file, line: this.#line }
      })
    }
    return pieces
  }

  /** One byte outside of any record. */
  #between(byte: number): void {
    if (byte === newline) this.#line++
    if (byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === newline) return
    switch (this.#place) {
      case 'root':
        if (byte === openArray) this.#place = 'element'
        else if (byte === openObject) {
          this.#rootIsObject = true
          this.#place = 'key'
        } else this.#fail('"[" or "{"', byte)
        return
      case 'element':
        if (byte === closeArray && !this.#values) return this.#closeArray()
        return this.#startValue(byte)
      case 'after element':
        if (byte === comma) this.#place = 'element'
        else if (byte === closeArray) this.#closeArray()
        else this.#fail('"," or "]"', byte)
        return
      case 'key':
        if (byte === closeObject) this.#place = 'end'
        else if (byte === quote) {
          this.#readingKey = true
          this.#startValue(byte)
        } else this.#fail('a member name in quotes', byte)
        return
      case 'colon':
        if (byte === colon) this.#place = 'member'
        else this.#fail('":"', byte)
        return
      case 'member':
        if (byte === openArray) this.#place = 'element'
        else this.#startValue(byte)
        return
      case 'after member':
        if (byte === comma) this.#place = 'key'
        else if (byte === closeObject) this.#place = 'end'
        else this.#fail('"," or "}"', byte)
        return
      case 'end':
        if (byte === openObject || byte === openArray) this.#severalValues()
        this.#fail('nothing more', byte)
    }
  }

  #closeArray(): void {
    this.#place = this.#rootIsObject ? 'after member' : 'end'
  }

  #startValue(byte: number): void {
    // A control character would end the value that it begins, and never be passed.
    const none = byte === comma || byte === closeArray || byte === closeObject || byte === colon || byte < 0x20
    if (none) this.#fail('a value', byte)
    this.#inValue = true
    this.#scalar = byte !== quote && byte !== openArray && byte !== openObject
    this.#startLine = this.#line
    this.#depth = 0
    this.#deepest = 0
    this.#inString = false
    this.#escaped = false
  }

  /** Goes on within a value from `start`; returns where to go on after it. The value may end in this chunk or later. */
  #scanValue(chunk: Buffer, start: number, pieces: Piece[]): number {
    let position = start
    let inString = this.#inString
    let escaped = this.#escaped
    let depth = this.#depth
    const length = chunk.length
    for (; position < length; position++) {
      const byte = chunk[position]!
      if (byte === newline) this.#line++
      if (inString) {
        if (escaped) escaped = false
        else if (byte === backslash) escaped = true
        else if (byte === quote) {
          inString = false
          if (depth === 0) return this.#finish(chunk.subarray(start, position + 1), pieces, position + 1)
        }
      } else if (byte === quote) inString = true
      else if (byte === openArray || byte === openObject) {
        depth++
        if (depth > this.#deepest) this.#deepest = depth
      } else if (byte === closeArray || byte === closeObject) {
        if (depth === 0) return this.#finish(chunk.subarray(start, position), pieces, position)
        depth--
        if (depth === 0) return this.#finish(chunk.subarray(start, position + 1), pieces, position + 1)
      } else if (depth === 0 && (byte === comma || byte <= 0x20)) {
        if (byte === newline) this.#line--
        return this.#finish(chunk.subarray(start, position), pieces, position)
      }
    }
    this.#inString = inString
    this.#escaped = escaped
    this.#depth = depth
    this.#parts.keep(chunk.subarray(start))
    return length
  }

  #finish(last: Buffer, pieces: Piece[], next = 0): number {
    const { bytes, tooLong } = this.#parts.end(last)
    this.#inValue = false
    if (this.#readingKey) {
      this.#readingKey = false
      this.#key = keyOf(bytes)
      this.#place = 'colon'
      return next
    }
    const tooDeep = this.#deepest > maxDepth
    pieces.push({ line: this.#startLine, bytes, tooLong, tooDeep, key: this.#key, whole: this.#place === 'member' })
    if (this.#values) this.#place = 'element'
    else this.#place = this.#place === 'member' ? 'after member' : 'after element'
    return next
  }

  #severalValues(): never {
    throw new LabError(
      'json-broken',
      `${this.#file}, line ${this.#line}: one JSON value has ended and another begins. Several of them must be JSON lines, each on ` +
        'a line of its own (jq -c . makes them so), or one list in square brackets.',
      { details: { file: this.#file, line: this.#line } }
    )
  }

  #fail(expected: string, byte: number): never {
    const found = byte > 0x20 && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `byte 0x${byte.toString(16)}`
    throw new LabError(
      'json-broken',
      `${this.#file}, line ${this.#line}: expected ${expected}, found ${found}. The file is not valid JSON.`,
      { details: { file: this.#file, line: this.#line, expected } }
    )
  }
}

function keyOf(bytes: Buffer): string {
  try {
    return String(JSON.parse(bytes.toString('utf8')))
  } catch {
    return bytes.toString('utf8')
  }
}
