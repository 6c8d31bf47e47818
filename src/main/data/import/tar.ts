import { LabError } from '../../contract/error.ts'
import type { ArchiveEntry } from './archive-entry.ts'
import { readUnpacked, type DataFile } from './data-file.ts'

const block = 512

/** Ordinary files of a tar archive (ustar, with GNU and pax long names), in order. Links and devices are passed over. */
export async function* readTar(file: DataFile): AsyncGenerator<ArchiveEntry> {
  const bytes = new ByteReader(readUnpacked(file), file)
  let longName: string | null = null
  for (;;) {
    const header = await bytes.take(block)
    if (header === null || header.every((byte) => byte === 0)) return
    if (header.subarray(257, 262).toString('latin1') !== 'ustar') throw damaged(file, 'a header is broken')
    const size = octal(header.subarray(124, 136), file)
    const type = String.fromCharCode(header[156]!)
    const padding = (block - (size % block)) % block
    if (type === 'L' || type === 'x') {
      if (size > 1 << 20) throw damaged(file, 'a name is too long')
      const data = (await bytes.take(size + padding))?.subarray(0, size).toString('utf8') ?? ''
      longName = type === 'L' ? data.replace(/\0.*$/s, '') : (paxPath(data) ?? longName)
      continue
    }
    const name: string = longName ?? headerName(header)
    longName = null
    if (type === '0' || type === '\0') {
      let consumed = false
      const content = async function* (): AsyncGenerator<Buffer> {
        consumed = true
        yield* bytes.stream(size)
      }
      yield { name, content }
      if (!consumed) for await (const _ of bytes.stream(size));
      await bytes.take(padding)
    } else for await (const _ of bytes.stream(size + padding));
  }
}

function headerName(header: Buffer): string {
  const text = (from: number, to: number) => header.subarray(from, to).toString('utf8').replace(/\0.*$/s, '')
  const prefix = text(345, 500)
  return prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`
}

/** Records are `<length> key=value\n`. */
function paxPath(data: string): string | null {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(data)?.[1] ?? null
}

function octal(field: Buffer, file: DataFile): number {
  const text = field
    .toString('latin1')
    .replace(/[\0 ]+$/g, '')
    .trim()
  const value = parseInt(text || '0', 8)
  if (!/^[0-7]*$/.test(text) || !Number.isSafeInteger(value)) throw damaged(file, 'a size is not a number')
  return value
}

function damaged(file: DataFile, reason: string): LabError {
  return new LabError('file-damaged', `The archive ${file.name} is damaged: ${reason}. Get it again.`, {
    details: { file: file.name }
  })
}

/** Takes exact numbers of bytes from chunks of any size. */
class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>
  readonly #file: DataFile
  #rest: Buffer = Buffer.alloc(0)

  constructor(chunks: AsyncIterable<Buffer>, file: DataFile) {
    this.#chunks = chunks[Symbol.asyncIterator]()
    this.#file = file
  }

  /** So many bytes at once; null at the very end. Throws where the archive ends in between. */
  async take(size: number): Promise<Buffer | null> {
    const parts: Buffer[] = []
    let missing = size
    while (missing > 0) {
      const part = await this.#next(missing)
      if (part === null) {
        if (parts.length === 0) return null
        throw damaged(this.#file, 'it ends in the middle of an entry')
      }
      parts.push(part)
      missing -= part.length
    }
    return Buffer.concat(parts)
  }

  async *stream(size: number): AsyncGenerator<Buffer> {
    let missing = size
    while (missing > 0) {
      const part = await this.#next(missing)
      if (part === null) throw damaged(this.#file, 'it ends in the middle of an entry')
      missing -= part.length
      yield part
    }
  }

  async #next(most: number): Promise<Buffer | null> {
    if (this.#rest.length === 0) {
      const next = await this.#chunks.next()
      if (next.done) return null
      this.#rest = next.value
      if (this.#rest.length === 0) return this.#next(most)
    }
    const part = this.#rest.subarray(0, most)
    this.#rest = this.#rest.subarray(part.length)
    return part
  }
}
