import { statfs } from 'node:fs/promises'
import { basename } from 'node:path'
import type { DatasetFile } from '../contract/dataset-file.ts'
import { LabError } from '../contract/error.ts'
import { chunkRows as usualChunkRows, defaultHnsw, rowsOfHnsw, type HnswSettings } from '../contract/index-settings.ts'
import type { Precision } from '../contract/precision.ts'
import { chooseSearch, hnswFileBytes } from '../costs/index-cost.ts'
import { indexFingerprint, indexFormat } from '../fingerprints/index-fingerprint.ts'
import type { ProgressReport } from '../contract/worker-messages.ts'
import { neighbourLibrary } from '../../../native/index.ts'
import { rowsToEmbed } from './answers.ts'
import { IndexDraft, vectorFileName, type VectorShape } from './draft.ts'
import { embedAll, type Encoder, type EncoderSettings } from './encoder.ts'
import { builderHere, buildHnsw, type BuiltHnsw, type BuiltSettings } from './hnsw.ts'
import { chunkRange, readManifest, rowBytes, rowsIn, type Manifest } from './manifest.ts'
import { estimateRecall } from './recall.ts'
import { verifyIndex } from './verify.ts'

export interface BuildOptions extends EncoderSettings {
  dataset: DatasetFile
  /** Loaded only where something is to be embedded. */
  encoder: () => Promise<Encoder>
  encoderFingerprint: string
  modelId: string
  modelPrecision: Precision
  vectorPrecision: 'fp32' | 'fp16'
  dimension: number
  /** How the encoder's vectors are compared. */
  similarity: 'cosine' | 'dot' | 'distance'
  search: 'auto' | 'exact' | 'hnsw'
  hnsw?: HnswSettings | null
  /** The index's own folder; a resumed build finds there what it left. */
  folder: string
  threads: number
  /** On what its vectors are computed, each once: `machine/computed-on.ts`. */
  madeOn: readonly string[]
  signal?: AbortSignal
  report?: (progress: ProgressReport) => void
  log?: (text: string, level?: 'info' | 'warn') => void
  /** Awaited between batches. */
  paused?: () => Promise<void>
  /** Rows a chunk: what a kill can lose. */
  chunkRows?: number
  /** Embeds the open chunks in some other way, e.g. in several processes; by default here, one after another. */
  embedChunks?: (draft: IndexDraft, open: readonly number[]) => Promise<void>
  /** Puts in what was computed elsewhere; gives the chunks that are open still. */
  takeIn?: (draft: IndexDraft, open: readonly number[]) => Promise<readonly number[]>
}

/**
 * Builds the index of a dataset, or what is missing of it, and returns its manifest. A sound index is left as it is; of a
 * damaged one only the damaged parts are made again.
 * @throws LabError `index-newer`, `index-of-other-data`, `disk-full`, `vector-not-finite`, `dimension-mismatch`
 */
export async function buildIndex(options: BuildOptions): Promise<Manifest> {
  const fingerprint = fingerprintOf(options)
  const finished = await reuse(options, fingerprint)
  if (finished !== null) return finished

  const draft = await IndexDraft.open(options.folder, fingerprint, shapeOf(options))
  try {
    const embedStarted = performance.now()
    const wanted = await openChunks(draft, options)
    const open = (await options.takeIn?.(draft, wanted)) ?? wanted
    const rowsOpen = rowsIn(open, draft.shape)
    if (rowsOpen > 0) {
      await checkDisk(options, rowsOpen)
      await draft.willBeMadeOn(options.madeOn)
      await (options.embedChunks ?? ((made, chunks) => embedHere(made, chunks, options)))(draft, open)
    }
    const checksums = await allChecksums(draft)
    const embedSeconds = (performance.now() - embedStarted) / 1000
    const hnsw = await hnswOf(draft, options)
    const manifest: Manifest = {
      format: indexFormat,
      fingerprint,
      createdAt: new Date().toISOString(),
      dataset: { contentHash: options.dataset.contentHash },
      encoder: {
        modelId: options.modelId,
        fingerprint: options.encoderFingerprint,
        representation: options.representation,
        prefix: options.prefix,
        maxTokens: options.maxTokens,
        over: options.over ?? 'input',
        precision: options.modelPrecision
      },
      vectors: {
        file: vectorFileName(options.vectorPrecision),
        ...draft.shape,
        normalized: options.similarity === 'cosine',
        similarity: options.similarity === 'dot' ? 'dot' : 'distance',
        checksums,
        madeOn: [...draft.madeOn]
      },
      hnsw: hnsw?.entry ?? null,
      recall: hnsw?.recall ?? 1,
      seconds: { embed: embedSeconds, hnsw: hnsw?.seconds ?? 0 }
    }
    await draft.finish(manifest)
    return manifest
  } catch (error) {
    await draft.close()
    throw error
  }
}

/** Embeds chunks one after another and writes each as it is finished. */
export async function embedHere(
  draft: IndexDraft,
  chunks: readonly number[],
  options: Pick<BuildOptions, 'dataset' | 'encoder' | 'over' | 'signal' | 'report' | 'paused'>,
  writer = 0
): Promise<void> {
  const encoder = await options.encoder()
  if (encoder.dimension !== draft.shape.dimension) {
    throw new LabError(
      'dimension-mismatch',
      `The encoder makes vectors of ${encoder.dimension} numbers, the index in ${draft.folder} has ${draft.shape.dimension}.`
    )
  }
  const total = draft.shape.count
  let done = total - rowsIn(chunks, draft.shape)
  const pausing: Encoder = {
    ...encoder,
    async *embed(texts, signal, as, answers) {
      for await (const batch of encoder.embed(texts, signal, as, answers)) {
        yield batch
        done += batch.indices.length
        options.report?.({ phase: 'embedding', done, total, unit: 'examples' })
        await options.paused?.()
      }
    }
  }
  options.report?.({ phase: 'embedding', done, total, unit: 'examples' })
  for (const chunk of chunks) {
    options.signal?.throwIfAborted()
    const { texts, answers } = rowsToEmbed(options.dataset, chunkRange(chunk, draft.shape), options.over ?? 'input')
    await draft.write(chunk, await embedAll(pausing, texts, options.signal, { answers }), writer)
  }
}

export function fingerprintOf(options: BuildOptions): string {
  return indexFingerprint({
    datasetHash: options.dataset.contentHash,
    encoderFingerprint: options.encoderFingerprint,
    representation: options.representation,
    prefix: options.prefix,
    maxTokens: options.maxTokens,
    over: options.over,
    vectorPrecision: options.vectorPrecision,
    modelPrecision: options.modelPrecision
  })
}

/** The index that is there already, if it is sound and searched as wanted; a damaged one is made a draft of what is sound. */
async function reuse(options: BuildOptions, fingerprint: string): Promise<Manifest | null> {
  const { folder } = options
  const manifest = await readManifest(folder).catch((error: unknown) => {
    if (error instanceof LabError && error.code === 'index-damaged') {
      options.log?.(`${error.message} It is built anew.`, 'warn')
      return null
    }
    throw error
  })
  if (manifest === null) return null
  if (manifest.fingerprint !== fingerprint) {
    throw new LabError(
      'index-of-other-data',
      `The folder ${folder} holds another index (${manifest.fingerprint}, not ${fingerprint}). Choose another folder.`,
      { details: { folder, found: manifest.fingerprint, expected: fingerprint } }
    )
  }
  const check = await verifyIndex(folder, manifest, options.signal)
  const settings = searchOf(options)
  const hnswFits =
    settings === null
      ? check.hnsw !== 'damaged'
      : check.hnsw === 'sound' &&
        manifest.hnsw !== null &&
        manifest.hnsw.m === settings.m &&
        manifest.hnsw.efConstruction === settings.efConstruction &&
        manifest.hnsw.rows === settings.rows
  if (check.badChunks.length === 0 && hnswFits) {
    options.log?.(`The index ${fingerprint} is there and sound; nothing is built.`)
    return manifest
  }
  const { vectors } = manifest
  if (check.badChunks.length > 0) {
    options.log?.(
      `${check.badChunks.length} of ${vectors.checksums.length} chunks of the index ${basename(folder)} are damaged; only these are embedded again.`,
      'warn'
    )
  }
  if (check.hnsw === 'damaged') options.log?.('The graph is damaged; it is built again from the vectors.', 'warn')
  await IndexDraft.reopen(folder, manifest, check)
  return null
}

/** Chunks still to be embedded. Those of an earlier process count only if their bytes are what they were. */
async function openChunks(draft: IndexDraft, options: BuildOptions): Promise<number[]> {
  const done = await draft.done()
  const open: number[] = []
  for (let chunk = 0; chunk < draft.chunks; chunk++) {
    const sum = done.get(chunk)
    if (sum === undefined || !(await draft.holds(chunk, sum))) open.push(chunk)
  }
  if (open.length < draft.chunks) {
    options.log?.(
      `${draft.chunks - open.length} of ${draft.chunks} chunks were finished before; going on with the others.`
    )
  }
  return open
}

async function allChecksums(draft: IndexDraft): Promise<string[]> {
  const done = await draft.done()
  return Array.from({ length: draft.chunks }, (_, chunk) => {
    const sum = done.get(chunk)
    if (sum === undefined) throw new Error(`chunk ${chunk} was not embedded by any process`)
    return sum
  })
}

async function hnswOf(draft: IndexDraft, options: BuildOptions): Promise<(BuiltHnsw & { recall: number }) | null> {
  const settings = searchOf(options)
  const { count, dimension } = draft.shape
  if (settings === null) {
    options.log?.(
      `Exact search: ${count} rows of ${dimension} numbers are looked through in a moment, and nothing is missed.`
    )
    return null
  }
  const library = neighbourLibrary()
  if (library.hnswRows.length === 0) {
    options.log?.(`No graph is built, search stays exact: ${library.description}.`, 'warn')
    return null
  }
  if (settings.rows === 'int8')
    options.log?.('The graph keeps its rows in 8 bits; what it finds is ranked by the vectors themselves.')
  const vectors = library.openVectors(draft.vectorPath, count, dimension, draft.shape.precision)
  try {
    const built = await buildHnsw({ ...options, vectors, settings })
    options.report?.({ phase: 'measuring recall', done: 0, total: 1, unit: 'samples' })
    const measured = await estimateRecall({ vectors, hnsw: built.hnsw, threads: options.threads }, settings.ef, {
      normalized: options.similarity === 'cosine'
    })
    built.hnsw.close()
    options.log?.(
      `Graph search finds ${(measured.recall * 100).toFixed(1)} % of the true nearest of texts that are not in it (ef ${measured.ef}, ${measured.sample} samples).`
    )
    return { ...built, entry: { ...built.entry, ef: measured.ef }, recall: measured.recall }
  } finally {
    vectors.close()
  }
}

/** The graph's settings, or null for exact search. */
function searchOf(options: BuildOptions): BuiltSettings | null {
  if (options.similarity === 'dot') return null
  const search = options.search === 'auto' ? chooseSearch(options.dataset.count, options.dimension) : options.search
  if (search === 'exact' || options.dataset.count === 0) return null
  const settings = options.hnsw ?? defaultHnsw
  return { ...settings, rows: rowsOfHnsw(settings, options.dataset.count, options.dimension, builderHere()) }
}

/** What the vector file of an index will be. */
export function shapeOf(options: BuildOptions): VectorShape {
  return {
    count: options.dataset.count,
    dimension: options.dimension,
    precision: options.vectorPrecision,
    chunkRows: options.chunkRows ?? usualChunkRows
  }
}

async function checkDisk(options: BuildOptions, rowsOpen: number): Promise<void> {
  const shape = shapeOf(options)
  const settings = searchOf(options)
  const hnswBytes = settings === null ? 0 : hnswFileBytes(shape.count, shape.dimension, settings)
  const needed = rowsOpen * rowBytes(shape) + hnswBytes
  const { bavail, bsize } = await statfs(options.folder)
  if (bavail * bsize < needed) {
    throw new LabError(
      'disk-full',
      `The index needs ${megabytes(needed)} MB in ${options.folder}, but only ${megabytes(bavail * bsize)} MB are free. Make room and start again.`,
      { details: { needed, free: bavail * bsize } }
    )
  }
}

function megabytes(bytes: number): string {
  return Math.ceil(bytes / 1e6).toLocaleString('en')
}
