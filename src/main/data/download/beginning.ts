import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { parquetMetadata } from 'hyparquet'
import type { FetchedPieces } from '../import/data-file.ts'
import { backslash, closeArray, closeObject, comma, openArray, openObject, quote } from '../import/json-bytes.ts'
import type { Wanted } from './fetch-file.ts'
import type { Http } from './http.ts'
import { remoteFile, type RemoteFile } from './remote-file.ts'

/** So much of a file of text is fetched, and so much of what it is packed from is unpacked. */
const fetchedBytes = 1 << 20
const unpackedBytes = 8 << 20
/** A Parquet file's first group of rows may be so large; its description is at the end. */
const largestGroup = 48 << 20
/** What hyparquet asks for to find the description. */
const footerGuess = 512 << 10

/** The beginning of a file as one that can be looked at: what lies at `path` now, and which parts of the whole it has. */
export interface Beginning {
  path: string
  pieces: FetchedPieces | null
}

/**
 * Fetches the beginning of a large file by range: complete lines or records of text, the description and the first rows of Parquet. Null
 * where the server does not give parts of files, or where the beginning says too little.
 */
export async function fetchBeginning(http: Http, wanted: Wanted): Promise<Beginning | null> {
  const remote = remoteFile(http, wanted)
  const path = `${wanted.path}.beginning`
  // Another look at the same file, with other columns: the note is written last.
  const noted = `${path}.json`
  if (existsSync(noted)) return { path, pieces: JSON.parse(readFileSync(noted, 'utf8')) as Beginning['pieces'] }
  const [, kind, packing] = /\.(jsonl|ndjson|json|csv|tsv|parquet)(?:\.(gz|zst|zstd))?$/i.exec(wanted.path) ?? []
  if (kind === undefined) return null
  const made =
    kind.toLowerCase() === 'parquet'
      ? await parquetBeginning(remote)
      : await textBeginning(remote, kind.toLowerCase(), packing?.toLowerCase() ?? '')
  if (made === null) return null
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, made.bytes)
  writeFileSync(noted, JSON.stringify(made.pieces))
  return { path, pieces: made.pieces }
}

interface Made {
  bytes: Buffer
  pieces: FetchedPieces | null
}

async function textBeginning(remote: RemoteFile, kind: string, packing: string): Promise<Made | null> {
  const packed = Buffer.alloc(Math.min(remote.bytes, fetchedBytes))
  if (!(await remote.read(packed, 0))) return null
  const text = packing === '' ? packed : await unpackBeginning(packed, packing)
  // Other encodings than UTF-8 have zeros, or bytes that no cut must part.
  if (text.includes(0)) return null
  const whole = kind === 'json' ? jsonBeginning(text) : linesOf(text, kind === 'csv' || kind === 'tsv')
  return whole && { bytes: whole, pieces: null }
}

/** What the beginning of a packed file unpacks to; that it is cut is no error here. */
async function unpackBeginning(packed: Buffer, packing: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  const unpacker = packing === 'gz' ? createGunzip() : createZstdDecompress()
  try {
    for await (const chunk of Readable.from([packed]).pipe(unpacker) as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      length += chunk.length
      if (length >= unpackedBytes) break
    }
  } catch {
    // It ends in the middle.
  }
  return Buffer.concat(chunks)
}

/** Complete lines; of tables up to a line end outside of quotes, if there is one. */
function linesOf(text: Buffer, quotes: boolean): Buffer | null {
  let end = text.lastIndexOf(0x0a)
  if (quotes) {
    let inside = false
    let last = -1
    for (let at = 0; at <= end; at++)
      if (text[at] === 0x22) inside = !inside
      else if (text[at] === 0x0a && !inside) last = at
    if (last > text.length / 2) end = last
  }
  return end < 0 ? null : text.subarray(0, end + 1)
}

/** A list of records, at the root or in an object at the root, closed after its last complete record. */
function jsonBeginning(text: Buffer): Buffer | null {
  const open: number[] = []
  let inString = false
  let cut = -1
  let closers = ''
  let objectEnd = -1
  for (let at = 0; at < text.length; at++) {
    const byte = text[at]!
    if (byte === closeObject) objectEnd = at
    if (inString) {
      if (byte === backslash) at++
      else if (byte === quote) inString = false
    } else if (byte === quote) inString = true
    else if (byte === openArray || byte === openObject) open.push(byte)
    else if (byte === closeArray || byte === closeObject) open.pop()
    else if (byte === comma && open.length <= 2 && open.at(-1) === openArray && objectEnd > cut) {
      cut = at
      closers = open.length === 1 ? ']' : ']}'
    }
  }
  // Where the last list is not that of the records, it is not known what a cut leaves out.
  return cut < text.length / 2 ? null : Buffer.concat([text.subarray(0, cut), Buffer.from(closers)])
}

async function parquetBeginning(remote: RemoteFile): Promise<Made | null> {
  let footer = Buffer.alloc(Math.min(remote.bytes, footerGuess))
  if (!(await remote.read(footer, remote.bytes - footer.length))) return null
  if (footer.subarray(-4).toString('latin1') !== 'PAR1') return null
  const length = footer.readUInt32LE(footer.length - 8) + 8
  if (length > largestGroup || length > remote.bytes) return null
  if (length > footer.length) {
    footer = Buffer.alloc(length)
    if (!(await remote.read(footer, remote.bytes - length))) return null
  }
  const { row_groups } = parquetMetadata(new Uint8Array(footer).buffer)
  const first = row_groups.findIndex(({ num_rows }) => num_rows > 0n)
  if (first < 0) return null
  const places = row_groups[first]!.columns.flatMap(({ meta_data }) => {
    if (!meta_data) return []
    const start = Number(meta_data.dictionary_page_offset || meta_data.data_page_offset)
    return [{ start, end: start + Number(meta_data.total_compressed_size) }]
  })
  const start = Math.min(...places.map((place) => place.start))
  const group = Math.max(...places.map((place) => place.end)) - start
  if (!(group > 0 && group <= largestGroup && start + group <= remote.bytes)) return null
  const head = Buffer.from('PAR1', 'latin1')
  const rows = Buffer.alloc(group)
  if (!(await remote.read(rows, start))) return null
  const parts = [
    { from: 0, bytes: head },
    { from: start, bytes: rows },
    { from: remote.bytes - footer.length, bytes: footer }
  ]
  let at = 0
  const pieces = parts.map(({ from, bytes }) => {
    const piece = { from, length: bytes.length, at }
    at += bytes.length
    return piece
  })
  return {
    bytes: Buffer.concat(parts.map(({ bytes }) => bytes)),
    pieces: { size: remote.bytes, rows: Number(row_groups[first]!.num_rows), pieces }
  }
}
