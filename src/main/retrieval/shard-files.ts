import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { removeInside } from '../files/remove.ts'
import { writeWhole } from '../files/durable.ts'
import { rowsAsBytes, unknownMaker, type IndexDraft, type VectorShape } from './draft.ts'
import { sharesName } from '../contract/index-settings.ts'
import { chunkRange, rowBytes } from './manifest.ts'

const makersName = 'made-on.json'

/** Chunks of an index as files of their own, each written whole: they travel between machines one by one. */
export class ShardFiles {
  readonly folder: string
  readonly shape: VectorShape

  constructor(folder: string, shape: VectorShape) {
    this.folder = folder
    this.shape = shape
  }

  /** Says, before chunks are written, on what they are computed. */
  async willBeMadeOn(makers: readonly string[]): Promise<void> {
    await writeWhole(join(this.folder, makersName), JSON.stringify(makers))
  }

  async madeOn(): Promise<readonly string[]> {
    try {
      return z
        .array(z.string())
        .min(1)
        .parse(JSON.parse(await readFile(join(this.folder, makersName), 'utf8')))
    } catch {
      return [unknownMaker]
    }
  }

  async has(chunk: number): Promise<boolean> {
    const size = await stat(this.#path(chunk)).then(
      (found) => found.size,
      () => -1
    )
    return size === this.#bytes(chunk)
  }

  /** Gives the checksum of what is written. */
  async write(chunk: number, rows: Float32Array): Promise<string> {
    const bytes = rowsAsBytes(rows, this.shape)
    await writeWhole(this.#path(chunk), bytes)
    return createHash('sha256').update(bytes).digest('hex')
  }

  read(chunk: number): Promise<Buffer> {
    return readFile(this.#path(chunk))
  }

  #bytes(chunk: number): number {
    const { first, end } = chunkRange(chunk, this.shape)
    return (end - first) * rowBytes(this.shape)
  }

  /** Named by its rows: chunks of another size are others. */
  #path(chunk: number): string {
    const { first, end } = chunkRange(chunk, this.shape)
    return join(this.folder, `rows-${first}-${end}.${this.shape.precision === 'fp16' ? 'f16' : 'f32'}`)
  }
}

/** Writes into a draft what shares of it have left beside it, of the chunks that are open; gives those that are open still. */
export async function takeShards(draft: IndexDraft, open: readonly number[]): Promise<number[]> {
  const shards = (await names(join(draft.folder, sharesName))).map(
    (name) => new ShardFiles(join(draft.folder, sharesName, name), draft.shape)
  )
  const left: number[] = []
  for (const chunk of open) {
    const found = await firstWith(shards, chunk)
    if (found === undefined) {
      left.push(chunk)
      continue
    }
    await draft.willBeMadeOn(await found.madeOn())
    await draft.writeBytes(chunk, await found.read(chunk), 0)
  }
  return left
}

/** The index is whole: what shares have left is in it. */
export async function removeShards(index: string): Promise<void> {
  await removeInside(index, join(index, sharesName))
}

async function firstWith(shards: readonly ShardFiles[], chunk: number): Promise<ShardFiles | undefined> {
  for (const shard of shards) if (await shard.has(chunk)) return shard
  return undefined
}

async function names(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch {
    return []
  }
}
