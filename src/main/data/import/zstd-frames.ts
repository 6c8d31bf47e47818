import { Readable, pipeline } from 'node:stream'
import { createZstdDecompress } from 'node:zlib'

/** Of RFC 8878: what a frame and a frame to pass over begin with, as numbers of four bytes, the lowest first. */
const frameMagic = 0xfd2fb528
const skippableMagic = 0x184d2a50
const rleBlock = 1

/**
 * Unpacks a zstd file of any number of frames: `pzstd`, appended files and many crawls' shards have several. Node's own stream ends
 * at the end of the first, and what comes after would be lost without a word.
 */
export async function* unpackZstd(source: AsyncIterable<Buffer>, chunkBytes: number): AsyncGenerator<Buffer> {
  const input = new Input(source)
  for (let first = true; first || (await input.fill(1)); first = false) {
    const magic = await input.peek(4)
    if (magic.length === 4 && (magic.readUInt32LE() & ~0xf) === skippableMagic) {
      await input.take(4)
      let bytes = (await input.whole(4)).readUInt32LE()
      while (bytes > 0) bytes -= (await input.take(bytes)).length
      continue
    }
    if (magic.length < 4 || magic.readUInt32LE() !== frameMagic) throw new Error('bytes after the last frame')
    const unpack = createZstdDecompress({ chunkSize: chunkBytes })
    yield* pipeline(Readable.from(frame(input)), unpack, () => undefined) as AsyncIterable<Buffer>
  }
}

/** The bytes of one frame. */
async function* frame(input: Input): AsyncGenerator<Buffer> {
  const start = await input.whole(5)
  yield start
  const about = start[4]!
  const singleSegment = (about & 0x20) !== 0
  const contentSize = [singleSegment ? 1 : 0, 2, 4, 8][about >> 6]!
  const header = (singleSegment ? 0 : 1) + [0, 1, 2, 4][about & 3]! + contentSize
  if (header > 0) yield await input.whole(header)
  for (let last = false; !last;) {
    const head = await input.whole(3)
    yield head
    const block = head.readUIntLE(0, 3)
    last = (block & 1) === 1
    let bytes = ((block >> 1) & 3) === rleBlock ? 1 : block >> 3
    while (bytes > 0) {
      const part = await input.take(bytes)
      bytes -= part.length
      yield part
    }
  }
  const checksum = (about & 4) !== 0
  if (checksum) yield await input.whole(4)
}

/** Bytes in pieces as they are asked for. */
class Input {
  readonly #chunks: AsyncIterator<Buffer>
  #buffer: Buffer = Buffer.alloc(0)

  constructor(source: AsyncIterable<Buffer>) {
    this.#chunks = source[Symbol.asyncIterator]()
  }

  /** Whether so many bytes are left. */
  async fill(bytes: number): Promise<boolean> {
    while (this.#buffer.length < bytes) {
      const next = await this.#chunks.next()
      if (next.done) return false
      this.#buffer = this.#buffer.length === 0 ? next.value : Buffer.concat([this.#buffer, next.value])
    }
    return true
  }

  async peek(bytes: number): Promise<Buffer> {
    await this.fill(bytes)
    return this.#buffer.subarray(0, bytes)
  }

  async whole(bytes: number): Promise<Buffer> {
    if (!(await this.fill(bytes))) throw new Error('unexpected end of file')
    return this.#cut(bytes)
  }

  /** At least one byte, at most so many. */
  async take(most: number): Promise<Buffer> {
    if (!(await this.fill(1))) throw new Error('unexpected end of file')
    return this.#cut(most)
  }

  #cut(bytes: number): Buffer {
    const part = this.#buffer.subarray(0, bytes)
    this.#buffer = this.#buffer.subarray(part.length)
    return part
  }
}
