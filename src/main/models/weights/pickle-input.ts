import { PickleEnded, PickleError } from './pickle-values.ts'

/** The bytes of a pickle, read from front to back. Whole numbers are little-endian; throws PickleEnded at the end. */
export class Input {
  readonly bytes: Uint8Array
  readonly view: DataView
  position: number

  constructor(bytes: Uint8Array, position: number) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.position = position
  }

  /** Moves on by `length` bytes and returns where they start. */
  skip(length: number): number {
    const start = this.position
    if (start + length > this.bytes.length) throw new PickleEnded('it ends in the middle of an instruction')
    this.position = start + length
    return start
  }

  byte(): number {
    return this.bytes[this.skip(1)]!
  }

  uint16(): number {
    return this.view.getUint16(this.skip(2), true)
  }

  int32(): number {
    return this.view.getInt32(this.skip(4), true)
  }

  uint32(): number {
    return this.view.getUint32(this.skip(4), true)
  }

  float64(): number {
    return this.view.getFloat64(this.skip(8), false)
  }

  take(length: number): Uint8Array {
    const start = this.skip(length)
    return this.bytes.subarray(start, start + length)
  }

  text(length: number): string {
    return decode(this.take(length))
  }

  /** Up to the next line feed. */
  line(): string {
    const start = this.position
    const end = this.bytes.indexOf(0x0a, start)
    if (end < 0) throw new PickleEnded('it ends in the middle of a name')
    this.position = end + 1
    return decode(this.bytes.subarray(start, end))
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new PickleError('a text in it is not UTF-8')
  }
}
