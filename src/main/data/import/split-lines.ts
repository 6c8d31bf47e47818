import { maxRecordBytes, type Piece } from './raw-record.ts'

const newline = 0x0a
const carriageReturn = 0x0d

/** Cuts text into lines (LF, CRLF or CR), without blank ones. */
export class LineSplitter {
  #line = 1
  #parts: Buffer[] = []
  #length = 0
  /** The last chunk ended in a carriage return: a newline at the start of the next belongs to it. */
  #afterReturn = false

  /** The lines that end in this chunk. */
  push(chunk: Buffer): Piece[] {
    const pieces: Piece[] = []
    let start = this.#afterReturn && chunk[0] === newline ? 1 : 0
    if (chunk.length > 0) this.#afterReturn = false
    let nextReturn = chunk.indexOf(carriageReturn, start)
    for (;;) {
      const nextNewline = chunk.indexOf(newline, start)
      if (nextReturn >= 0 && nextReturn < start) nextReturn = chunk.indexOf(carriageReturn, start)
      const atReturn = nextReturn >= 0 && (nextNewline < 0 || nextReturn < nextNewline)
      const end = atReturn ? nextReturn : nextNewline
      if (end < 0) break
      this.#take(chunk.subarray(start, end), pieces)
      start = end + 1
      if (!atReturn) continue
      if (start === chunk.length) this.#afterReturn = true
      else if (chunk[start] === newline) start++
      // Files of old Macs have no newline at all: each search for one would run to the end.
      if (nextNewline < 0) return this.#returnsOnly(chunk, start, pieces)
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start))
    return pieces
  }

  /** Goes on in a chunk that has no newline left. */
  #returnsOnly(chunk: Buffer, from: number, pieces: Piece[]): Piece[] {
    let start = from
    for (let end = chunk.indexOf(carriageReturn, start); end >= 0; end = chunk.indexOf(carriageReturn, start)) {
      this.#take(chunk.subarray(start, end), pieces)
      start = end + 1
      this.#afterReturn = start === chunk.length
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start))
    return pieces
  }

  /** The last line, where the file does not end in a newline. */
  end(): Piece[] {
    const pieces: Piece[] = []
    this.#take(Buffer.alloc(0), pieces)
    return pieces
  }

  #keep(part: Buffer): void {
    // Of a line that is too long only the beginning is kept.
    if (this.#length <= maxRecordBytes) this.#parts.push(part)
    this.#length += part.length
  }

  #take(last: Buffer, pieces: Piece[]): void {
    let bytes = last
    const tooLong = this.#length + last.length > maxRecordBytes
    if (this.#parts.length > 0) {
      bytes = tooLong ? Buffer.from(this.#parts[0]!.subarray(0, 1024)) : Buffer.concat([...this.#parts, last])
      this.#parts = []
      this.#length = 0
    }
    if (tooLong || !isBlank(bytes)) pieces.push({ line: this.#line, bytes, tooLong })
    this.#line++
  }
}

function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte !== 0x20 && byte !== 0x09) return false
  return true
}
