import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { HnswBuilder, HnswSettings } from '../contract/index-settings.ts'
import type { ProgressReport } from '../contract/worker-messages.ts'
import { neighbourLibrary, type Hnsw, type HnswRows, type VectorRows } from '../../../native/index.ts'
import { replaceFile, writeWhole } from '../files/durable.ts'
import type { Manifest } from './manifest.ts'
import { checksumOfFile } from './verify.ts'

export interface BuiltHnsw {
  hnsw: Hnsw
  entry: NonNullable<Manifest['hnsw']>
  seconds: number
}

/** A graph's settings once it is settled how it keeps its rows. */
export type BuiltSettings = HnswSettings & { rows: HnswRows }

interface HnswOptions {
  folder: string
  vectors: VectorRows
  settings: BuiltSettings
  threads: number
  signal?: AbortSignal
  report?: (progress: ProgressReport) => void
  log?: (text: string, level?: 'info' | 'warn') => void
  paused?: () => Promise<void>
  /** Seconds of work after which what there is is saved, so that a kill does not cost all. */
  saveEvery?: number
}

/** What is known of a graph in a draft's folder; it may hold a part of the rows. */
const recordSchema = z.object({
  rows: z.int(),
  m: z.int(),
  efConstruction: z.int(),
  hnswRows: z.enum(['fp32', 'int8']).default('fp32'),
  bytes: z.int(),
  checksum: z.string()
})
type HnswRecord = z.infer<typeof recordSchema>

const hnswFileName = 'graph.hnsw'
const recordName = 'graph.json.part'
const seed = 100

/** Builds the graph of a vector file as graph.hnsw, or goes on with what an earlier process saved there. */
export async function buildHnsw(options: HnswOptions): Promise<BuiltHnsw> {
  const { folder, vectors, settings, threads } = options
  const started = performance.now()
  const { hnsw, complete } = await begin(options)
  let lastSave = performance.now()
  let step = 256
  while (hnsw.size < vectors.rows) {
    await options.paused?.()
    options.signal?.throwIfAborted()
    const stepStarted = performance.now()
    await hnsw.add(vectors, Math.min(step, vectors.rows - hnsw.size), threads)
    // Steps of about a second: often enough for progress and pause, seldom enough to cost nothing.
    const seconds = (performance.now() - stepStarted) / 1000
    step = Math.max(64, Math.min(65_536, Math.round(step * Math.min(2, 1 / Math.max(seconds, 0.05)))))
    options.report?.({ phase: 'building the graph', done: hnsw.size, total: vectors.rows, unit: 'rows' })
    if (performance.now() - lastSave > (options.saveEvery ?? 120) * 1000 && hnsw.size < vectors.rows) {
      await save(hnsw, folder, settings)
      lastSave = performance.now()
    }
  }
  const { bytes, checksum } = complete ?? (await save(hnsw, folder, settings))
  return {
    hnsw,
    entry: {
      file: hnswFileName,
      bytes,
      checksum,
      m: settings.m,
      efConstruction: settings.efConstruction,
      ef: settings.ef,
      efAsked: settings.ef,
      builder: builderHere(),
      rows: settings.rows
    },
    seconds: (performance.now() - started) / 1000
  }
}

/** Who builds graphs here. */
export function builderHere(): HnswBuilder {
  return neighbourLibrary().name === 'native' ? 'addon' : 'hnswlib-node'
}

/** The graph that an earlier process saved, if it is sound and of these settings. */
async function begin(options: HnswOptions): Promise<{ hnsw: Hnsw; complete: HnswRecord | null }> {
  const { folder, vectors, settings } = options
  const { m, efConstruction, rows } = settings
  const library = neighbourLibrary()
  const path = join(folder, hnswFileName)
  const record = await readRecord(folder)
  const same = record?.m === m && record.efConstruction === efConstruction && record.hnswRows === rows
  const fits = same && record.rows <= vectors.rows
  if (fits && (await checksumOfFile(path).catch(() => null))?.checksum === record.checksum) {
    options.log?.(`Going on with the graph at row ${record.rows} of ${vectors.rows}.`)
    if (record.rows === vectors.rows)
      return { hnsw: await library.openHnsw(path, vectors.dimension, rows), complete: record }
    return { hnsw: await library.resumeHnsw(path, vectors.dimension, vectors.rows, { seed, rows }), complete: null }
  }
  return {
    hnsw: await library.createHnsw(vectors.dimension, vectors.rows, { m, efConstruction, seed, rows }),
    complete: null
  }
}

async function save(hnsw: Hnsw, folder: string, { m, efConstruction, rows }: BuiltSettings): Promise<HnswRecord> {
  const path = join(folder, hnswFileName)
  await replaceFile(path, (beside) => hnsw.save(beside))
  const record = { rows: hnsw.size, m, efConstruction, hnswRows: rows, ...(await checksumOfFile(path)) }
  await recordHnsw(folder, record)
  return record
}

/** Says which graph lies in a draft's folder. */
export async function recordHnsw(folder: string, record: HnswRecord): Promise<void> {
  await writeWhole(join(folder, recordName), JSON.stringify(record))
}

async function readRecord(folder: string): Promise<HnswRecord | null> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(join(folder, recordName), 'utf8')))
  } catch {
    // None, or cut off: the graph is built from the start.
    return null
  }
}
