import { maxRecordBytes } from './raw-record.ts'

/** Of one that is too long, so many bytes are shown. */
const beginning = 1024

/** What chunks of a file have brought of one record; of one that is too long only its beginning is of use. */
export class RecordParts {
  #parts: Buffer[] = []
  #length = 0

  /** Whether it was not too long yet. */
  keep(part: Buffer): boolean {
    const fits = this.#length <= maxRecordBytes
    if (fits) this.#parts.push(part)
    this.#length += part.length
    return fits
  }

  /** The record with its last part; the next one begins. */
  end(last: Buffer): { bytes: Buffer; tooLong: boolean } {
    const tooLong = this.#length + last.length > maxRecordBytes
    let bytes = last
    if (this.#parts.length > 0) {
      bytes = tooLong ? Buffer.from(this.#parts[0]!.subarray(0, beginning)) : Buffer.concat([...this.#parts, last])
      this.#parts = []
      this.#length = 0
    }
    return { bytes, tooLong }
  }
}
