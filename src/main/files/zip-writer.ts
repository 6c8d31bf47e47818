import { createReadStream } from 'node:fs'
import { createHash } from 'node:crypto'
import { open, stat, type FileHandle } from 'node:fs/promises'
import { crc32, createDeflateRaw } from 'node:zlib'

/** What was put into a zip file. */
export interface ZippedFile {
  name: string
  bytes: number
  /** SHA-256, 64 hexadecimal digits. */
  sha256: string
}

interface Record extends ZippedFile {
  crc: number
  packed: number
  method: number
  offset: number
}

/** Weights, vectors and what is packed already do not get smaller. */
const packs = /\.(json|xml|rels|jsonl|ya?ml|csv|html|txt|md|tex|svg|db|log)$/i
/** From here on sizes take 64 bits, with room for what packing may add. */
const large = 0xff000000
const utf8 = 0x0800
/** 1980-01-01: the same content gives the same file, whenever it is written. */
const date = 0x21

/**
 * Writes a zip file entry by entry, at any size (zip64 where needed), without holding an entry in memory. Open it on a
 * path that nobody reads yet (`replaceFile`), and `close` it.
 */
export class ZipWriter {
  readonly #file: Place
  readonly #records: Record[] = []
  #at = 0

  private constructor(file: Place) {
    this.#file = file
  }

  /** A zip of a few texts, in memory. */
  static async of(entries: readonly { name: string; content: string | Buffer }[]): Promise<Buffer> {
    const memory = new Memory()
    const zip = new ZipWriter(memory)
    for (const { name, content } of entries) {
      const bytes = Buffer.from(content)
      await zip.#add(name, [bytes], bytes.length)
    }
    await zip.close()
    return memory.bytes
  }

  static async open(path: string): Promise<ZipWriter> {
    return new ZipWriter(await open(path, 'w'))
  }

  /** Adds a file of the disk under a name with slashes. */
  async addFile(name: string, path: string, each?: (bytes: number) => Promise<void>): Promise<ZippedFile> {
    const { size } = await stat(path)
    const chunks: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: 1 << 20 })
    return this.#add(name, each ? heard(chunks, each) : chunks, size)
  }

  async addText(name: string, text: string): Promise<ZippedFile> {
    const bytes = Buffer.from(text)
    return this.#add(name, [bytes], bytes.length)
  }

  /** Writes the directory and closes the file. Returns what is in it. */
  async close(): Promise<void> {
    const start = this.#at
    for (const one of this.#records) await this.#write(directoryEntry(one))
    await this.#write(directoryEnd(this.#records.length, start, this.#at - start))
    await this.#file.close()
  }

  /** Closes what will not be finished. */
  abandon(): Promise<void> {
    return this.#file.close()
  }

  async #add(name: string, chunks: AsyncIterable<Buffer> | Iterable<Buffer>, size: number): Promise<ZippedFile> {
    const offset = this.#at
    const wide = size >= large
    const method = packs.test(name) && !wide ? 8 : 0
    // Sizes and checksum are known at the end; the header is written then.
    await this.#write(localHeader(name, { crc: 0, packed: 0, bytes: 0, method }, wide))
    const start = this.#at
    const hash = createHash('sha256')
    let crc = 0
    let bytes = 0
    const watched = async function* () {
      for await (const chunk of chunks) {
        hash.update(chunk)
        crc = crc32(chunk, crc)
        bytes += chunk.length
        yield chunk
      }
    }
    if (method === 0) for await (const chunk of watched()) await this.#write(chunk)
    else {
      const deflate = createDeflateRaw({ level: 6 })
      const feeding = feed(deflate, watched())
      for await (const chunk of deflate) await this.#write(chunk as Buffer)
      await feeding
    }
    const packed = this.#at - start
    const header = localHeader(name, { crc, packed, bytes, method }, wide)
    await this.#file.write(header, 0, header.length, offset)
    const sha256 = hash.digest('hex')
    this.#records.push({ name, bytes, sha256, crc, packed, method, offset })
    return { name, bytes, sha256 }
  }

  async #write(bytes: Buffer): Promise<void> {
    await this.#file.write(bytes, 0, bytes.length, this.#at)
    this.#at += bytes.length
  }
}

async function* heard(chunks: AsyncIterable<Buffer>, each: (bytes: number) => Promise<void>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    await each(chunk.length)
    yield chunk
  }
}

async function feed(into: NodeJS.WritableStream & { destroy(error: Error): void }, chunks: AsyncIterable<Buffer>) {
  try {
    for await (const chunk of chunks)
      if (!into.write(chunk)) await new Promise<void>((resolve) => into.once('drain', resolve))
    into.end()
  } catch (error) {
    into.destroy(error as Error)
  }
}

/** Where a zip is written: a file, or memory. */
type Place = Pick<FileHandle, 'close'> & {
  write(bytes: Buffer, offset: number, length: number, position: number): Promise<unknown>
}

class Memory implements Place {
  #buffer = Buffer.alloc(1 << 16)
  #used = 0

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#used)
  }

  write(bytes: Buffer, offset: number, length: number, position: number): Promise<void> {
    const end = position + length
    if (end > this.#buffer.length) {
      const larger = Buffer.alloc(Math.max(end, 2 * this.#buffer.length))
      this.#buffer.copy(larger, 0, 0, this.#used)
      this.#buffer = larger
    }
    bytes.copy(this.#buffer, position, offset, offset + length)
    this.#used = Math.max(this.#used, end)
    return Promise.resolve()
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

type Sizes = Pick<Record, 'crc' | 'packed' | 'bytes' | 'method'>

function localHeader(name: string, { crc, packed, bytes, method }: Sizes, wide: boolean): Buffer {
  const nameBytes = Buffer.from(name)
  const extra = wide ? wideField([bytes, packed]) : Buffer.alloc(0)
  const head = Buffer.alloc(30)
  head.writeUInt32LE(0x04034b50, 0)
  head.writeUInt16LE(wide ? 45 : 20, 4)
  head.writeUInt16LE(utf8, 6)
  head.writeUInt16LE(method, 8)
  head.writeUInt16LE(0, 10)
  head.writeUInt16LE(date, 12)
  head.writeUInt32LE(crc, 14)
  head.writeUInt32LE(wide ? 0xffffffff : packed, 18)
  head.writeUInt32LE(wide ? 0xffffffff : bytes, 22)
  head.writeUInt16LE(nameBytes.length, 26)
  head.writeUInt16LE(extra.length, 28)
  return Buffer.concat([head, nameBytes, extra])
}

function directoryEntry({ name, bytes, crc, packed, method, offset }: Record): Buffer {
  const nameBytes = Buffer.from(name)
  const wide = bytes >= large || packed >= large || offset >= large
  const extra = wide ? wideField([bytes, packed, offset]) : Buffer.alloc(0)
  const head = Buffer.alloc(46)
  head.writeUInt32LE(0x02014b50, 0)
  head.writeUInt16LE(45, 4)
  head.writeUInt16LE(wide ? 45 : 20, 6)
  head.writeUInt16LE(utf8, 8)
  head.writeUInt16LE(method, 10)
  head.writeUInt16LE(0, 12)
  head.writeUInt16LE(date, 14)
  head.writeUInt32LE(crc, 16)
  head.writeUInt32LE(wide ? 0xffffffff : packed, 20)
  head.writeUInt32LE(wide ? 0xffffffff : bytes, 24)
  head.writeUInt16LE(nameBytes.length, 28)
  head.writeUInt16LE(extra.length, 30)
  head.writeUInt32LE(wide ? 0xffffffff : offset, 42)
  return Buffer.concat([head, nameBytes, extra])
}

/** The zip64 field: sizes and places of 64 bits. */
function wideField(values: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + 8 * values.length)
  field.writeUInt16LE(1, 0)
  field.writeUInt16LE(8 * values.length, 2)
  values.forEach((value, at) => field.writeBigUInt64LE(BigInt(value), 4 + 8 * at))
  return field
}

function directoryEnd(count: number, offset: number, size: number): Buffer {
  const wide = count >= 0xffff || offset >= large || size >= large
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(wide ? 0xffff : count, 8)
  end.writeUInt16LE(wide ? 0xffff : count, 10)
  end.writeUInt32LE(wide ? 0xffffffff : size, 12)
  end.writeUInt32LE(wide ? 0xffffffff : offset, 16)
  if (!wide) return end
  const wideEnd = Buffer.alloc(56 + 20)
  wideEnd.writeUInt32LE(0x06064b50, 0)
  wideEnd.writeBigUInt64LE(44n, 4)
  wideEnd.writeUInt16LE(45, 12)
  wideEnd.writeUInt16LE(45, 14)
  wideEnd.writeBigUInt64LE(BigInt(count), 24)
  wideEnd.writeBigUInt64LE(BigInt(count), 32)
  wideEnd.writeBigUInt64LE(BigInt(size), 40)
  wideEnd.writeBigUInt64LE(BigInt(offset), 48)
  wideEnd.writeUInt32LE(0x07064b50, 56)
  wideEnd.writeBigUInt64LE(BigInt(offset + size), 64)
  wideEnd.writeUInt32LE(1, 72)
  return Buffer.concat([wideEnd, end])
}
