import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { HnswSettings } from '../contract/index-settings.ts'
import type { ProgressReport } from '../contract/worker-messages.ts'
import { neighbourLibrary, type NeighbourGraph, type VectorRows } from '../../../native/index.ts'
import { replaceFile, writeWhole } from '../files/durable.ts'
import type { Manifest } from './manifest.ts'
import { checksumOfFile } from './verify.ts'

export interface BuiltGraph {
  graph: NeighbourGraph
  entry: NonNullable<Manifest['graph']>
  seconds: number
}

interface GraphOptions {
  folder: string
  vectors: VectorRows
  settings: HnswSettings
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
  bytes: z.int(),
  checksum: z.string()
})
type GraphRecord = z.infer<typeof recordSchema>

const graphFileName = 'graph.hnsw'
const recordName = 'graph.json.part'
const seed = 100

/** Builds the graph of a vector file as graph.hnsw, or goes on with what an earlier process saved there. */
export async function buildGraph(options: GraphOptions): Promise<BuiltGraph> {
  const { folder, vectors, settings, threads } = options
  const started = performance.now()
  const { graph, complete } = await begin(options)
  let lastSave = performance.now()
  let step = 256
  while (graph.size < vectors.rows) {
    await options.paused?.()
    options.signal?.throwIfAborted()
    const stepStarted = performance.now()
    await graph.add(vectors, Math.min(step, vectors.rows - graph.size), threads)
    // Steps of about a second: often enough for progress and pause, seldom enough to cost nothing.
    const seconds = (performance.now() - stepStarted) / 1000
    step = Math.max(64, Math.min(65_536, Math.round(step * Math.min(2, 1 / Math.max(seconds, 0.05)))))
    options.report?.({ phase: 'building the graph', done: graph.size, total: vectors.rows, unit: 'rows' })
    if (performance.now() - lastSave > (options.saveEvery ?? 120) * 1000 && graph.size < vectors.rows) {
      await save(graph, folder, settings)
      lastSave = performance.now()
    }
  }
  const { bytes, checksum } = complete ?? (await save(graph, folder, settings))
  return {
    graph,
    entry: {
      file: graphFileName,
      bytes,
      checksum,
      m: settings.m,
      efConstruction: settings.efConstruction,
      ef: settings.ef,
      efAsked: settings.ef,
      builder: neighbourLibrary().name === 'native' ? 'addon' : 'hnswlib-node'
    },
    seconds: (performance.now() - started) / 1000
  }
}

/** The graph that an earlier process saved, if it is sound and of these settings. */
async function begin(options: GraphOptions): Promise<{ graph: NeighbourGraph; complete: GraphRecord | null }> {
  const { folder, vectors, settings } = options
  const { m, efConstruction } = settings
  const library = neighbourLibrary()
  const path = join(folder, graphFileName)
  const record = await readRecord(folder)
  const fits = record?.m === m && record.efConstruction === efConstruction && record.rows <= vectors.rows
  if (fits && (await checksumOfFile(path).catch(() => null))?.checksum === record.checksum) {
    options.log?.(`Going on with the graph at row ${record.rows} of ${vectors.rows}.`)
    if (record.rows === vectors.rows)
      return { graph: await library.openGraph(path, vectors.dimension), complete: record }
    return { graph: await library.resumeGraph(path, vectors.dimension, vectors.rows, seed), complete: null }
  }
  return {
    graph: await library.createGraph(vectors.dimension, vectors.rows, { m, efConstruction, seed }),
    complete: null
  }
}

async function save(graph: NeighbourGraph, folder: string, { m, efConstruction }: HnswSettings): Promise<GraphRecord> {
  const path = join(folder, graphFileName)
  await replaceFile(path, (beside) => graph.save(beside))
  const record = { rows: graph.size, m, efConstruction, ...(await checksumOfFile(path)) }
  await recordGraph(folder, record)
  return record
}

/** Says which graph lies in a draft's folder. */
export async function recordGraph(folder: string, record: GraphRecord): Promise<void> {
  await writeWhole(join(folder, recordName), JSON.stringify(record))
}

async function readRecord(folder: string): Promise<GraphRecord | null> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(join(folder, recordName), 'utf8')))
  } catch {
    // None, or cut off: the graph is built from the start.
    return null
  }
}
