import { createHash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { chunkRange, rowBytes, type Manifest } from './manifest.ts'

export interface IndexCheck {
  /** Chunks whose bytes are not those that were written; all that is missing after the file's end counts. */
  badChunks: number[]
  hnsw: 'sound' | 'damaged' | 'none'
}

/** Compares every byte of an index with the checksums of its manifest. */
export async function verifyIndex(folder: string, manifest: Manifest, signal?: AbortSignal): Promise<IndexCheck> {
  const { vectors, hnsw } = manifest
  const badChunks: number[] = []
  const file = await openIfThere(join(folder, vectors.file))
  const chunks = Math.ceil(vectors.count / vectors.chunkRows)
  try {
    for (let chunk = 0; chunk < chunks; chunk++) {
      signal?.throwIfAborted()
      const { first, end } = chunkRange(chunk, vectors)
      const sum = file && (await checksumOf(file, first * rowBytes(vectors), (end - first) * rowBytes(vectors)))
      if (sum === null || sum !== vectors.checksums[chunk]) badChunks.push(chunk)
    }
  } finally {
    await file?.close()
  }
  return { badChunks, hnsw: hnsw === null ? 'none' : await checkHnsw(folder, hnsw) }
}

/** SHA-256 of a part of a file, null where the file ends before it. */
export async function checksumOf(file: FileHandle, from: number, bytes: number): Promise<string | null> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(Math.min(bytes, 4 << 20))
  for (let at = 0; at < bytes;) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, bytes - at), from + at)
    if (bytesRead === 0) return null
    hash.update(buffer.subarray(0, bytesRead))
    at += bytesRead
  }
  return hash.digest('hex')
}

/** SHA-256 and size of a whole file. */
export async function checksumOfFile(path: string): Promise<{ bytes: number; checksum: string }> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const checksum = await checksumOf(file, 0, size)
    if (checksum === null) throw new Error(`${path} has become shorter while it was read`)
    return { bytes: size, checksum }
  } finally {
    await file.close()
  }
}

async function checkHnsw(folder: string, hnsw: NonNullable<Manifest['hnsw']>): Promise<'sound' | 'damaged'> {
  const file = await openIfThere(join(folder, hnsw.file))
  if (file === null) return 'damaged'
  try {
    const { size } = await file.stat()
    const sound = size === hnsw.bytes && (await checksumOf(file, 0, size)) === hnsw.checksum
    return sound ? 'sound' : 'damaged'
  } finally {
    await file.close()
  }
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
