import { setImmediate as turn } from 'node:timers/promises'
import { UMAP } from 'umap-js'
import type { DatasetFile } from '../contract/dataset-file.ts'
import type { QuestionOutput } from '../contract/questions.ts'
import { Random } from '../random/random.ts'
import type { ProgressReport } from '../contract/worker-messages.ts'
import { principalPlane } from './principal-plane.ts'
import type { OpenIndex } from './open-index.ts'

export type MapPoint = QuestionOutput<'embedding-map'>['points'][number]

export interface MapOptions {
  dataset: DatasetFile
  index: OpenIndex
  queries: readonly string[]
  /** The queries' vectors, row-major. */
  queryVectors: Float32Array
  /** How many upstream examples are shown. */
  sample: number
  /** A plane of the two directions of largest variance instead. */
  quick?: boolean
  seed: number
  signal?: AbortSignal
  report?: (progress: ProgressReport) => void
  paused?: () => Promise<void>
}

const neighbourCount = 15
const shownCharacters = 200

/**
 * Positions of a sample of the upstream examples, and of the queries, in two dimensions (UMAP, McInnes et al. 2018, arXiv
 * 1802.03426). What is near in the picture is near among the vectors; distances between far groups mean nothing.
 */
export async function embeddingMap(options: MapOptions): Promise<MapPoint[]> {
  const { dataset, index, queries } = options
  const random = new Random(options.seed)
  const ids = sampleOf(dataset.count, options.sample, random.fork('sample'))
  const rows = Uint32Array.from(ids, (id) => id - 1)
  const vectors = concatenate(index.read(rows), options.queryVectors)
  const count = ids.length + queries.length
  options.report?.({ phase: 'finding neighbours', done: 0, total: count, unit: 'points' })
  const positions =
    options.quick === true
      ? principalPlane(vectors, count, index.dimension, random.fork('plane'))
      : await project(vectors, count, random.fork('map'), { ...options, rows })

  const { tasks, groups, taskOf, groupOf } = dataset.labels()
  const examples = ids.map((id, place): MapPoint => {
    const [x, y] = positions[place]!
    const text = dataset.get(id).input.slice(0, shownCharacters)
    return { exampleId: id, query: null, x, y, group: groups[groupOf[id]!]!, task: tasks[taskOf[id]!]!, text }
  })
  const asked = queries.map((text, query): MapPoint => {
    const [x, y] = positions[ids.length + query]!
    return { exampleId: null, query, x, y, group: null, task: null, text: text.slice(0, shownCharacters) }
  })
  return [...examples, ...asked]
}

function sampleOf(count: number, wanted: number, random: Random): number[] {
  const all = Array.from({ length: count }, (_, place) => place + 1)
  return wanted >= count ? all : random.sample(all, wanted).sort((a, b) => a - b)
}

async function project(
  vectors: Float32Array,
  count: number,
  random: Random,
  options: MapOptions & { rows: Uint32Array }
): Promise<(readonly [number, number])[]> {
  const k = Math.min(neighbourCount, count - 1)
  // Too few points for a layout: they are put on a line.
  if (k < 2) return Array.from({ length: count }, (_, place) => [place, 0] as const)
  const { rows, distances } = await neighbours(vectors, count, k, options)
  const umap = new UMAP({ nNeighbors: k, nComponents: 2, minDist: 0.1, random: () => random.uniform() })
  umap.setPrecomputedKNN(rows, distances)
  const { dimension } = options.index
  const lists = Array.from({ length: count }, (_, row) =>
    Array.from(vectors.subarray(row * dimension, (row + 1) * dimension))
  )
  const epochs = umap.initializeFit(lists)
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step()
    options.report?.({ phase: 'drawing the map', done: epoch + 1, total: epochs, unit: 'rounds' })
    options.signal?.throwIfAborted()
    await options.paused?.()
    await turn()
  }
  return umap.getEmbedding().map(([x, y]) => [x ?? 0, y ?? 0] as const)
}

/** The `k` nearest of every point, itself first, as UMAP wants them: index search among the sample, then the few queries. */
async function neighbours(
  vectors: Float32Array,
  count: number,
  k: number,
  options: MapOptions & { rows: Uint32Array }
): Promise<{ rows: number[][]; distances: number[][] }> {
  const { index, rows: sampled } = options
  const { dimension } = index
  const placeOf = new Map(Array.from(sampled, (row, place) => [row, place]))
  const allowed = new Uint8Array(index.count)
  for (const row of sampled) allowed[row] = 1
  const found = await index.search(vectors, k + 1, allowed)
  const result = { rows: [] as number[][], distances: [] as number[][] }
  for (let point = 0; point < count; point++) {
    const near: [number, number][] = []
    for (let i = 0; i < found.counts[point]!; i++) {
      const place = placeOf.get(found.rows[point * found.k + i]!)!
      if (place !== point) near.push([found.distances[point * found.k + i]!, place])
    }
    for (let query = sampled.length; query < count; query++) {
      if (query !== point) near.push([squaredDistance(vectors, point, query, dimension), query])
    }
    near.sort((a, b) => a[0] - b[0] || a[1] - b[1])
    const kept = near.slice(0, k - 1)
    result.rows.push([point, ...kept.map(([, place]) => place)])
    result.distances.push([0, ...kept.map(([distance]) => Math.sqrt(Math.max(0, distance)))])
  }
  return result
}

function squaredDistance(vectors: Float32Array, a: number, b: number, dimension: number): number {
  let sum = 0
  for (let i = 0; i < dimension; i++) {
    const difference = vectors[a * dimension + i]! - vectors[b * dimension + i]!
    sum += difference * difference
  }
  return sum
}

function concatenate(a: Float32Array, b: Float32Array): Float32Array {
  const both = new Float32Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}
