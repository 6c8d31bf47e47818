import { createReadStream, openSync, readSync, closeSync, statSync } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { LabError, messageOf } from '../../contract/error.ts'

/** A file to import. `name` is what messages call it: its own name, or that of the archive entry it was unpacked from. */
export interface DataFile {
  path: string
  name: string
}

export type Packing = 'plain' | 'gzip' | 'zstd' | 'zip' | 'parquet' | 'sqlite'

const chunkBytes = 1 << 18

/** What the first bytes say; file names lie. */
export function packingOf(path: string): Packing {
  const start = firstBytes(path, 16)
  if (start.toString('latin1') === 'SQLite format 3\u0000') return 'sqlite'
  const head = start.subarray(0, 4)
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  if (head.equals(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))) return 'zstd'
  if (head.equals(Buffer.from('PK\u0003\u0004', 'latin1'))) return 'zip'
  if (head.toString('latin1') === 'PAR1') return 'parquet'
  return 'plain'
}

/** Counts the bytes of the file itself that were read, for progress: of a packed file, the packed ones. */
export interface ByteCount {
  bytes: number
}

/**
 * The file's bytes, unpacked, as UTF-8 without a byte order mark; UTF-16 is converted. Bounded memory.
 * Throws file-unreadable, or file-damaged where a packed file is cut or broken.
 */
export async function* readText(file: DataFile, read: ByteCount = { bytes: 0 }): AsyncGenerator<Buffer> {
  let decoder: TextDecoder | null = null
  let first = true
  for await (const chunk of readUnpacked(file, read)) {
    let bytes = chunk
    if (first) {
      first = false
      const encoding = utf16Encoding(bytes)
      if (encoding) decoder = new TextDecoder(encoding)
      else if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3)
    }
    yield decoder ? Buffer.from(decoder.decode(bytes, { stream: true })) : bytes
  }
  if (decoder) yield Buffer.from(decoder.decode())
}

/** The file's bytes, unpacked if it is gzip or zstd. */
export async function* readUnpacked(file: DataFile, read: ByteCount = { bytes: 0 }): AsyncGenerator<Buffer> {
  const packing = packingOf(file.path)
  const source = createReadStream(file.path, { highWaterMark: chunkBytes })
  source.on('data', (chunk) => (read.bytes += chunk.length))
  const unpack =
    packing === 'gzip'
      ? createGunzip({ chunkSize: chunkBytes })
      : packing === 'zstd'
        ? createZstdDecompress({ chunkSize: chunkBytes })
        : null
  const stream = unpack ? pipeline(source, unpack, () => undefined) : source
  try {
    for await (const chunk of stream) yield chunk as Buffer
  } catch (thrown) {
    if (thrown instanceof LabError) throw thrown
    throw new LabError(
      unpack ? 'file-damaged' : 'file-unreadable',
      unpack
        ? `The ${packing} file ${file.name} is damaged or incomplete (${messageOf(thrown)}). Get it again.`
        : `The file ${file.name} cannot be read: ${messageOf(thrown)}.`,
      { cause: thrown, details: { file: file.name } }
    )
  } finally {
    source.destroy()
  }
}

/** The unpacked text's first bytes, as UTF-8. */
export async function headOf(file: DataFile, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of readText(file)) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= bytes) break
  }
  return Buffer.concat(chunks).subarray(0, bytes)
}

/** Throws file-missing unless the path is an ordinary file; returns its size. */
export function fileBytes(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) throw new LabError('file-missing', `There is no file at ${path}.`, { details: { path } })
  if (!stat.isFile()) throw new LabError('file-unreadable', `${path} is not a file.`, { details: { path } })
  return stat.size
}

function firstBytes(path: string, count: number): Buffer {
  fileBytes(path)
  const head = Buffer.alloc(count)
  const file = openSync(path, 'r')
  try {
    return head.subarray(0, readSync(file, head, 0, count, 0))
  } finally {
    closeSync(file)
  }
}

/** By its byte order mark, or by every other byte of the head being zero, as in UTF-16 of western text. */
function utf16Encoding(head: Buffer): 'utf-16le' | 'utf-16be' | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
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
