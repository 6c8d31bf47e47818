import { createReadStream, openSync, readSync, closeSync, statSync } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Encoding } from '../../contract/import.ts'
import { LabError, messageOf } from '../../contract/error.ts'
import { refuseLfsPointer } from '../../files/lfs-pointer.ts'
import { hardlyWestern, tellEncoding, Utf8Converter } from './text-encoding.ts'
import { unpackZstd } from './zstd-frames.ts'

/** A file to import. `name` is what messages call it: its own name, or that of the archive entry it was unpacked from. */
export interface DataFile {
  path: string
  name: string
  /** How its text is encoded, where the user says so; else it is told from the beginning. */
  encoding?: Encoding
  /** What tells task and template where the name does not: `reviews/short` for a file of that configuration. */
  place?: string
  /** Only these parts of a Parquet file are there. */
  pieces?: FetchedPieces
}

/** Parts of a larger file, one behind the other in a file of their own, and how many of its rows are in them. */
export interface FetchedPieces {
  size: number
  rows: number
  pieces: readonly { from: number; length: number; at: number }[]
}

export type Packing = 'plain' | 'gzip' | 'zstd' | 'zip' | 'parquet' | 'sqlite' | 'ole'

const chunkBytes = 1 << 18
/** So much of a file tells its encoding: the first letter beyond ASCII may come late. */
const encodingBytes = 8 << 20

/** What the first bytes say; file names lie. Throws git-lfs-pointer. */
export function packingOf(path: string): Packing {
  refuseLfsPointer(path)
  const start = firstBytes(path, 16)
  if (start.toString('latin1') === 'SQLite format 3\u0000') return 'sqlite'
  const head = start.subarray(0, 4)
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  if (head.equals(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))) return 'zstd'
  if (head.equals(Buffer.from('PK\u0003\u0004', 'latin1'))) return 'zip'
  if (head.toString('latin1') === 'PAR1') return 'parquet'
  if (head.equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))) return 'ole'
  return 'plain'
}

/** Counts the bytes of the file itself that were read, for progress: of a packed file, the packed ones. */
export interface ByteCount {
  bytes: number
  /** Is shown every piece of the text as it is read, unpacked and as UTF-8; of a workbook the sheet as it is in the zip. */
  watch?: (chunk: Buffer) => void
  /** What the file has as records but the reader makes none of: heads and empty rows of sheets. Less than none where it makes several of one. */
  passed?: number
}

/**
 * The file's bytes, unpacked, as UTF-8 without a byte order mark; other encodings are converted. Bounded memory.
 * Throws file-unreadable, or file-damaged where a packed file is cut or broken.
 */
export async function* readText(file: DataFile, read: ByteCount = { bytes: 0 }): AsyncGenerator<Buffer> {
  const converter = new Utf8Converter(await encodingOf(file))
  const watched = (chunk: Buffer): Buffer => {
    read.watch?.(chunk)
    return chunk
  }
  for await (const chunk of readUnpacked(file, read)) yield watched(converter.push(chunk))
  yield watched(converter.end())
}

/** The encoding that was given, or that the file's beginning tells. */
export async function encodingOf(file: DataFile): Promise<Encoding> {
  return file.encoding ?? tellEncoding(await beginning(file))
}

/** Whether the file's letters, were they of western Europe, would stand as they do in no language there. */
export async function lettersOfOthers(file: DataFile): Promise<boolean> {
  return hardlyWestern(await beginning(file))
}

async function beginning(file: DataFile): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of readUnpacked(file)) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= encodingBytes) break
  }
  return Buffer.concat(chunks)
}

/** The file's bytes, unpacked if it is gzip or zstd. */
export async function* readUnpacked(file: DataFile, read: ByteCount = { bytes: 0 }): AsyncGenerator<Buffer> {
  const packing = packingOf(file.path)
  const source = createReadStream(file.path, { highWaterMark: chunkBytes })
  source.on('data', (chunk) => (read.bytes += chunk.length))
  const packed = packing === 'gzip' || packing === 'zstd'
  const stream: AsyncIterable<Buffer> =
    packing === 'gzip'
      ? pipeline(source, createGunzip({ chunkSize: chunkBytes }), () => undefined)
      : packing === 'zstd'
        ? unpackZstd(source, chunkBytes)
        : source
  try {
    for await (const chunk of stream) yield chunk
  } catch (thrown) {
    if (thrown instanceof LabError) throw thrown
    throw new LabError(
      packed ? 'file-damaged' : 'file-unreadable',
      packed
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
