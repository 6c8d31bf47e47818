import { join } from 'node:path'
import { LabError } from '../contract/error.ts'
import { searchText } from '../contract/index-settings.ts'
import { neighbourLibrary, type Answers, type Hnsw, type VectorRows } from '../../../native/index.ts'
import { searchByDot } from './dot-search.ts'
import { enoughRecall, largestEf, settleEf } from './recall.ts'
import { readManifest, type Manifest } from './manifest.ts'
import { verifyIndex } from './verify.ts'

/** Below this share of rows a filter leaves a graph too few ways through it. */
const smallestShare = 0.1
/** More neighbours than this are found faster by looking at every row. */
const largestHnswAnswer = 1000

/** So many queries of a search are looked up exactly as well. */
const mostChecked = 16

export interface OpenIndexOptions {
  threads?: number
  signal?: AbortSignal
  log?: (text: string, level?: 'info' | 'warn') => void
}

/** A finished index, open for searching. */
export class OpenIndex {
  readonly manifest: Manifest
  readonly #vectors: VectorRows
  readonly #hnsw: Hnsw | null
  readonly #threads: number | undefined

  constructor(manifest: Manifest, vectors: VectorRows, hnsw: Hnsw | null, threads?: number) {
    this.manifest = manifest
    this.#vectors = vectors
    this.#hnsw = hnsw
    this.#threads = threads
  }

  get count(): number {
    return this.manifest.vectors.count
  }

  /** How it is searched here, as fingerprints name it: a graph that is damaged or cannot be opened here is none. */
  get searchedBy(): string {
    return searchText(this.#hnsw === null ? null : this.manifest.hnsw)
  }

  get dimension(): number {
    return this.manifest.vectors.dimension
  }

  /** How a search for `k` neighbours among `allowed` rows is done. */
  method(k: number, allowed: Uint8Array | null = null): 'exact' | 'hnsw' {
    if (this.#hnsw === null || this.#byDot || k > largestHnswAnswer) return 'exact'
    return allowed !== null && countOnes(allowed) < smallestShare * this.count ? 'exact' : 'hnsw'
  }

  /** The `k` nearest rows of each query; `queries` is row-major. Row r belongs to example r + 1. `tell` hears how they were found. */
  async search(
    queries: Float32Array,
    k: number,
    allowed: Uint8Array | null = null,
    tell: (how: string) => void = () => undefined
  ): Promise<Answers> {
    if (queries.length % this.dimension !== 0) {
      throw new LabError(
        'dimension-mismatch',
        `The queries have ${queries.length} numbers, which are no whole vectors of the index's ${this.dimension}.`
      )
    }
    if (this.#byDot) {
      tell('exactly')
      return searchByDot(this.#vectors, queries, k, allowed)
    }
    const options = {
      ...(this.#threads === undefined ? {} : { threads: this.#threads }),
      ...(allowed === null ? {} : { allowed })
    }
    if (this.#hnsw !== null && this.method(k, allowed) === 'hnsw') {
      const ef = await this.#settle(this.#hnsw, queries, k, allowed)
      const found =
        ef === 'exact' ? null : await this.#hnsw.search(queries, k, ef, { ...options, vectors: this.#vectors })
      const wanted = Math.min(k, allowed === null ? this.count : countOnes(allowed))
      if (found?.counts.every((count) => count >= wanted)) {
        tell(`through the graph (ef ${ef})`)
        return found
      }
      tell(
        found === null
          ? `exactly: even ef ${largestEf} finds less than ${100 * enoughRecall} % of the nearest of these queries in the graph`
          : 'exactly: the graph found too few rows'
      )
    } else tell('exactly')
    return this.#vectors.search(queries, k, options)
  }

  /**
   * How far the graph must look for these queries at this depth: some of them are searched exactly as well, since a graph that
   * knows its own rows well may miss much of what is near to texts of another task. Exact where no way of looking is enough.
   * The same queries always settle alike.
   */
  async #settle(hnsw: Hnsw, queries: Float32Array, k: number, allowed: Uint8Array | null): Promise<number | 'exact'> {
    const least = Math.max(this.manifest.hnsw?.ef ?? 0, Math.ceil(k * 1.2))
    const count = queries.length / this.dimension
    // One text that somebody tries out: looking at every row would take longer than the answer is worth.
    if (count < 2) return least
    const every = Math.ceil(count / mostChecked)
    const checked = new Float32Array(Math.ceil(count / every) * this.dimension)
    for (let query = 0, to = 0; query < count; query += every, to += this.dimension)
      checked.set(queries.subarray(query * this.dimension, (query + 1) * this.dimension), to)
    const { recall, ef } = await settleEf(
      { vectors: this.#vectors, hnsw, threads: this.#threads, allowed },
      checked,
      k,
      least
    )
    return recall >= enoughRecall ? ef : 'exact'
  }

  /** The vectors of these rows, row-major. */
  read(rows: Uint32Array): Float32Array {
    return this.#vectors.read(rows)
  }

  /** How near these rows are to each query, as `scoreOf` says it of what a search finds; row-major by query. */
  scores(queries: Float32Array, rows: Uint32Array): Float64Array {
    const { dimension } = this
    const vectors = this.#vectors.read(rows)
    return Float64Array.from({ length: (queries.length / dimension) * rows.length }, (_, at) => {
      const query = Math.floor(at / rows.length) * dimension
      const row = (at % rows.length) * dimension
      let sum = 0
      if (this.#byDot) {
        for (let place = 0; place < dimension; place++) sum -= queries[query + place]! * vectors[row + place]!
      } else {
        for (let place = 0; place < dimension; place++) sum += (queries[query + place]! - vectors[row + place]!) ** 2
      }
      return this.scoreOf(sum)
    })
  }

  /** Larger is nearer: the cosine where rows have length 1, the dot product, or the squared distance with a minus. */
  scoreOf(distance: number): number {
    return this.manifest.vectors.normalized ? 1 - distance / 2 : -distance
  }

  get #byDot(): boolean {
    return this.manifest.vectors.similarity === 'dot'
  }

  close(): void {
    this.#hnsw?.close()
    this.#vectors.close()
  }
}

/**
 * Opens an index after comparing every byte with its checksums. With a damaged graph, search is exact.
 * @throws LabError `index-missing`, `index-newer`, `index-damaged`
 */
export async function openIndex(folder: string, options: OpenIndexOptions = {}): Promise<OpenIndex> {
  const manifest = await readManifest(folder)
  if (manifest === null) {
    throw new LabError('index-missing', `There is no finished index in ${folder}. Build the index first.`, {
      details: { folder }
    })
  }
  const { badChunks, hnsw: state } = await verifyIndex(folder, manifest, options.signal)
  const { vectors } = manifest
  if (badChunks.length > 0) {
    throw new LabError(
      'index-damaged',
      `In the index ${folder}, ${badChunks.length} of ${vectors.checksums.length} chunks of ${vectors.file} are not as they were ` +
        `written (${rangesOf(badChunks)}). Build the index again: only these are made anew.`,
      { details: { folder, part: vectors.file, chunks: badChunks.slice(0, 1000) } }
    )
  }
  const library = neighbourLibrary()
  const rows = library.openVectors(join(folder, vectors.file), vectors.count, vectors.dimension, vectors.precision)
  let hnsw: Hnsw | null = null
  if (state === 'damaged') {
    options.log?.(
      `The graph of the index ${folder} is damaged; search is exact until the index is built again.`,
      'warn'
    )
  } else if (manifest.hnsw !== null && library.hnswRows.includes(manifest.hnsw.rows)) {
    hnsw = await library.openHnsw(join(folder, manifest.hnsw.file), vectors.dimension, manifest.hnsw.rows)
  }
  return new OpenIndex(manifest, rows, hnsw, options.threads)
}

function countOnes(bytes: Uint8Array): number {
  let count = 0
  for (const byte of bytes) if (byte !== 0) count++
  return count
}

/** 0–3, 7, 9 */
function rangesOf(numbers: readonly number[]): string {
  const ranges: string[] = []
  for (let i = 0; i < numbers.length && ranges.length < 10;) {
    let end = i
    while (numbers[end + 1] === numbers[end]! + 1) end++
    ranges.push(end === i ? `${numbers[i]}` : `${numbers[i]}–${numbers[end]}`)
    i = end + 1
  }
  return ranges.join(', ')
}
