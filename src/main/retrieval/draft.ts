/// <reference lib="es2025.float16" />
import { createHash } from 'node:crypto'
import { mkdir, open, readdir, readFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { LabError } from '../contract/error.ts'
import { removeInside } from '../files/remove.ts'
import { asDiskError } from '../files/disk-error.ts'
import { appendDurably, moveIntoPlace, writeWhole } from '../files/durable.ts'
import { recordHnsw } from './hnsw.ts'
import { chunkRange, manifestName, rowBytes, type Manifest } from './manifest.ts'
import { checksumOf, type IndexCheck } from './verify.ts'
import { jsonOrNull } from '../files/json-or-null.ts'

export type VectorShape = Pick<Manifest['vectors'], 'count' | 'dimension' | 'precision' | 'chunkRows'>

const draftSchema = z.object({
  fingerprint: z.string(),
  count: z.int(),
  dimension: z.int(),
  precision: z.enum(['fp32', 'fp16']),
  chunkRows: z.int(),
  /** On what the chunks so far were computed; left out where that was not yet written down. */
  madeOn: z.array(z.string()).optional()
})
/** Stands for chunks of which nobody has written down on what they were computed. */
export const unknownMaker = 'unknown'

const doneSchema = z.object({ chunk: z.int(), sha256: z.string() })

const draftName = 'building.json'

/**
 * An index in the making: a vector file of full length into which chunks are written in place, and one journal a writer that
 * names the chunks on disk. Several processes may write different chunks at the same time. A kill loses the chunk at hand.
 */
export class IndexDraft {
  readonly folder: string
  readonly shape: VectorShape
  readonly fingerprint: string
  #madeOn: readonly string[]
  readonly #file: FileHandle

  private constructor(
    { folder, fingerprint, file }: { folder: string; fingerprint: string; file: FileHandle },
    shape: VectorShape,
    madeOn: readonly string[]
  ) {
    this.folder = folder
    this.fingerprint = fingerprint
    this.shape = shape
    this.#madeOn = madeOn
    this.#file = file
  }

  /** Goes on with what is in the folder if it is the same index, and starts afresh otherwise. */
  static async open(folder: string, fingerprint: string, wanted: VectorShape): Promise<IndexDraft> {
    await mkdir(folder, { recursive: true })
    await takeBack(folder)
    const kept = await readDraft(folder)
    const same =
      kept?.fingerprint === fingerprint &&
      kept.count === wanted.count &&
      kept.dimension === wanted.dimension &&
      kept.precision === wanted.precision
    // The size of chunks may have changed since; those on disk have theirs.
    const shape = same ? { ...wanted, chunkRows: kept.chunkRows } : wanted
    if (!same) {
      await clear(folder)
      await writeDraft(folder, { fingerprint, ...shape, madeOn: [] })
    }
    return IndexDraft.join(folder, fingerprint, shape)
  }

  /** Opens a draft that another process has set up. */
  static async join(folder: string, fingerprint: string, shape?: VectorShape): Promise<IndexDraft> {
    const kept = await readDraft(folder)
    const known = shape ?? kept
    if (known === null) throw new Error(`there is no index in the making in ${folder}`)
    const file = await open(partPath(folder), 'a').then(async (created) => {
      await created.close()
      return open(partPath(folder), 'r+')
    })
    const bytes = known.count * rowBytes(known)
    if ((await file.stat()).size !== bytes) await file.truncate(bytes)
    return new IndexDraft({ folder, fingerprint, file }, known, kept?.madeOn ?? [unknownMaker])
  }

  get chunks(): number {
    return Math.ceil(this.shape.count / this.shape.chunkRows)
  }

  get vectorPath(): string {
    return partPath(this.folder)
  }

  /** On what its chunks were and will be computed, each once. */
  get madeOn(): readonly string[] {
    return this.#madeOn
  }

  /** Says, before chunks are written, on what they are computed. */
  async willBeMadeOn(makers: readonly string[]): Promise<void> {
    const all = [...new Set([...this.#madeOn, ...makers])].sort()
    if (all.length === this.#madeOn.length) return
    const { count, dimension, precision, chunkRows } = this.shape
    const { fingerprint } = this
    await writeDraft(this.folder, { fingerprint, count, dimension, precision, chunkRows, madeOn: all })
    this.#madeOn = all
  }

  /** Chunks on disk with their checksums, as the journals say. */
  async done(): Promise<Map<number, string>> {
    const done = new Map<number, string>()
    for (const name of (await readdir(this.folder)).filter(isJournal)) {
      for (const line of (await readFile(join(this.folder, name), 'utf8')).split('\n')) {
        // The last line may have been cut off by a kill: it then stands for nothing.
        const entry = doneSchema.safeParse(jsonOrNull(line))
        if (entry.success && entry.data.chunk < this.chunks) done.set(entry.data.chunk, entry.data.sha256)
      }
    }
    return done
  }

  /** Writes the rows of a chunk and then, once they are on disk, its line in the journal of this writer. */
  async write(chunk: number, rows: Float32Array, writer: number): Promise<void> {
    await this.writeBytes(chunk, rowsAsBytes(rows, this.shape), writer)
  }

  /** The same for rows that are as they go to disk already. */
  async writeBytes(chunk: number, bytes: Uint8Array, writer: number): Promise<void> {
    const { first } = chunkRange(chunk, this.shape)
    const line = JSON.stringify({ chunk, sha256: createHash('sha256').update(bytes).digest('hex') })
    try {
      await this.#file.write(bytes, 0, bytes.length, first * rowBytes(this.shape))
      await this.#file.datasync()
      // A new line first: the line before may have been cut off.
      await appendDurably(join(this.folder, `done-${writer}.jsonl`), `\n${line}`)
    } catch (error) {
      throw asDiskError(error, this.vectorPath, this.#bytesToCome(chunk))
    }
  }

  /** At most what is still to be written: chunks come in order, but for repairs. */
  #bytesToCome(chunk: number): number {
    return (this.shape.count - chunkRange(chunk, this.shape).first) * rowBytes(this.shape)
  }

  /** Checks that a chunk's bytes are what its journal line says. */
  async holds(chunk: number, sha256: string): Promise<boolean> {
    const { first, end } = chunkRange(chunk, this.shape)
    return (await checksumOf(this.#file, first * rowBytes(this.shape), (end - first) * rowBytes(this.shape))) === sha256
  }

  /** Makes the draft an index: vectors get their name, then the manifest, then the journals go. */
  async finish(manifest: Manifest): Promise<void> {
    await this.#file.sync()
    await this.#file.close()
    await moveIntoPlace(this.vectorPath, join(this.folder, manifest.vectors.file))
    await writeWhole(join(this.folder, manifestName), JSON.stringify(manifest, null, 2))
    await clear(this.folder)
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  /** Makes a damaged index a draft again, in which only the damaged parts are open. */
  static async reopen(folder: string, manifest: Manifest, check: IndexCheck): Promise<void> {
    const { vectors } = manifest
    const bad = new Set(check.badChunks)
    const lines = vectors.checksums.flatMap((sha256, chunk) =>
      bad.has(chunk) ? [] : [JSON.stringify({ chunk, sha256 })]
    )
    const { count, dimension, precision, chunkRows } = vectors
    // Where nothing is kept nobody's numbers are.
    const madeOn = lines.length === 0 ? [] : vectors.madeOn.length === 0 ? [unknownMaker] : vectors.madeOn
    const draft = { fingerprint: manifest.fingerprint, count, dimension, precision, chunkRows, madeOn }
    // Left-over journals could call a damaged chunk done.
    await clear(folder)
    await writeWhole(join(folder, 'done-0.jsonl'), lines.join('\n'))
    await writeDraft(folder, draft)
    if (manifest.hnsw !== null && check.hnsw === 'sound')
      await recordHnsw(folder, { ...manifest.hnsw, rows: count, hnswRows: manifest.hnsw.rows })
    // From here on the folder is a draft.
    await removeInside(folder, join(folder, manifestName))
    await takeBack(folder)
  }
}

/** The name of the finished vector file. */
export function vectorFileName(precision: 'fp32' | 'fp16'): string {
  return precision === 'fp16' ? 'vectors.f16' : 'vectors.f32'
}

/** Vectors that have their final name already, in a folder without a manifest, are a draft's: a kill came in between. */
async function takeBack(folder: string): Promise<void> {
  const names = await readdir(folder)
  if (names.includes(manifestName) || names.includes('vectors.part')) return
  const finished = names.find((name) => name === vectorFileName('fp32') || name === vectorFileName('fp16'))
  if (finished === undefined) return
  await moveIntoPlace(join(folder, finished), partPath(folder))
}

/** Removes what belongs to a draft. */
async function clear(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name === draftName || isJournal(name) || name.endsWith('.part')) await removeInside(folder, join(folder, name))
  }
}

function partPath(folder: string): string {
  return join(folder, 'vectors.part')
}

function isJournal(name: string): boolean {
  return /^done-\d+\.jsonl$/.test(name)
}

async function writeDraft(folder: string, draft: z.infer<typeof draftSchema>): Promise<void> {
  await writeWhole(join(folder, draftName), JSON.stringify(draft, null, 2))
}

async function readDraft(folder: string): Promise<z.infer<typeof draftSchema> | null> {
  try {
    const draft = draftSchema.safeParse(jsonOrNull(await readFile(join(folder, draftName), 'utf8')))
    return draft.success ? draft.data : null
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** The rows as they go to disk. Infinite or absent numbers would poison every search, so they are refused here. */
export function rowsAsBytes(rows: Float32Array, shape: VectorShape): Uint8Array {
  const stored = shape.precision === 'fp16' ? Float16Array.from(rows) : rows
  const wrong = stored.findIndex((number) => !Number.isFinite(number))
  if (wrong >= 0) {
    const half = shape.precision === 'fp16' && Number.isFinite(rows[wrong])
    throw new LabError(
      'vector-not-finite',
      half
        ? `The encoder gave ${rows[wrong]}, which does not fit into 16 bits (largest 65504). Build the index with 32-bit vectors.`
        : `The encoder gave ${rows[wrong]} instead of a number. The model is damaged, or its provider computes wrongly: try the CPU.`,
      { details: { row: Math.floor(wrong / shape.dimension) } }
    )
  }
  return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength)
}
